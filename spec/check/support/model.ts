import type {
  Destination,
  Entry,
  Grant,
  Handler,
  LambdaFunction,
  Mapping,
  Queue,
  Redrive,
  Resource,
  Stream,
} from '../../../lib/check/model';

/** What a spec says of a mapping: the rest is as it should be. Undefined is what was not among what was read. */
export interface Said extends Partial<Omit<Mapping, 'function' | 'queue' | 'stream' | 'onFailure'>> {
  readonly function?: Partial<LambdaFunction> | undefined;
  readonly queue?: Partial<Queue> | undefined;
  readonly stream?: Partial<Stream> | undefined;
  readonly onFailure?: Mapping['onFailure'];
}

const resource = (id: string): Resource => ({ id, file: 'template.yaml', line: 1, ignored: [] });

export function queue(said: Partial<Queue> = {}): Queue {
  return {
    ...resource('Orders'),
    isFifo: false,
    visibilityTimeout: 180,
    retention: 345_600,
    redrive: 'redrive' in said ? said.redrive : redrive(),
    isDeadLetterQueue: false,
    ...said,
  };
}

export function redrive(said: Partial<Redrive> = {}): Redrive {
  return { maxReceiveCount: 5, deadLetterQueue: deadLetters(), ...said };
}

export function deadLetters(said: Partial<Queue> = {}): Queue {
  return queue({
    ...resource('DeadLetters'),
    visibilityTimeout: 30,
    retention: 1_209_600,
    redrive: undefined,
    isDeadLetterQueue: true,
    ...said,
  });
}

export function lambdaFunction(said: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    ...resource('OrderHandler'),
    timeout: 30,
    reservedConcurrency: undefined,
    hasDeadLetterQueue: false,
    grants: [allowing('sqs:ReceiveMessage', 'sqs:DeleteMessage')],
    code: { handler: 'index.handler', runtime: 'nodejs22.x', place: undefined, environment: {} },
    ...said,
  };
}

export function allowing(...actions: string[]): Grant {
  return { actions };
}

export function toQueue(said: Partial<Destination> = {}): Destination {
  return { kind: 'sqs', queue: deadLetters(), isFifo: false, ...said };
}

/** What a mapping has where nothing is said of it. */
export const unsaid = {
  isEnabled: true,
  filters: undefined,
  maximumConcurrency: undefined,
  maximumRetryAttempts: undefined,
  maximumRecordAge: undefined,
  bisects: undefined,
  parallelizationFactor: undefined,
  tumblingWindow: undefined,
  startingPosition: undefined,
  isProvisioned: false,
  onFailure: undefined,
} as const;

/** A mapping of a queue to which no rule has anything to say. */
export function sqs(said: Said = {}): Mapping {
  return {
    ...resource('OrdersMapping'),
    kind: 'sqs',
    sourceKey: 'template.yaml#Orders',
    responseTypes: ['ReportBatchItemFailures'],
    canReport: true,
    batchSize: 10,
    window: 0,
    ...unsaid,
    ...said,
    function: 'function' in said && said.function === undefined ? undefined : lambdaFunction(said.function),
    queue: 'queue' in said && said.queue === undefined ? undefined : queue(said.queue),
    stream: undefined,
  };
}

/** A mapping of a stream of Kinesis to which no rule has anything to say. */
export function kinesis(said: Said = {}): Mapping {
  const stream: Stream = { ...resource('Readings'), retention: 86_400, ...said.stream };
  return {
    ...sqs({ queue: undefined }),
    kind: 'kinesis',
    sourceKey: 'template.yaml#Readings',
    batchSize: 100,
    maximumRetryAttempts: 2,
    maximumRecordAge: 3_600,
    onFailure: toQueue(),
    bisects: true,
    startingPosition: 'TRIM_HORIZON',
    ...said,
    function: 'function' in said && said.function === undefined ? undefined : lambdaFunction(said.function),
    queue: undefined,
    stream: 'stream' in said && said.stream === undefined ? undefined : stream,
  };
}

/** A mapping of the stream of a table to which no rule has anything to say. */
export function dynamodb(said: Said = {}): Mapping {
  return kinesis({ kind: 'dynamodb', ...said });
}

/** A mapping of a topic to which no rule has anything to say. */
export function kafka(said: Said = {}): Mapping {
  return kinesis({ kind: 'kafka', isProvisioned: true, stream: undefined, ...said });
}

export function entry(said: Partial<Entry> = {}): Entry {
  return {
    source: 'SQS',
    fifo: false,
    order: undefined,
    stopBeforeTimeout: 1_000,
    concurrency: undefined,
    chunkSize: 1,
    delaysRetries: false,
    deadLetterQueues: [],
    ...said,
  };
}

/** A handler of this library with these entries. */
export function ours(...entries: Partial<Entry>[]): Handler {
  return { kind: 'ours', entries: entries.map(entry) };
}

const sourceOf = { sqs: 'SQS', kinesis: 'KinesisDataStreams', dynamodb: 'DynamoDBStreams', kafka: 'Kafka' } as const;

/** A handler of this library for a mapping, to which no rule has anything to say but what is said. */
export function oursFor({ kind }: Mapping, said: Partial<Entry> = {}): Handler {
  return ours({ source: sourceOf[kind], order: kind === 'sqs' ? undefined : 'key', ...said });
}

export const unknown: Handler = { kind: 'unknown' };
export const silent: Handler = { kind: 'foreign', reports: false };
export const reporting: Handler = { kind: 'foreign', reports: true };
export const missing: Handler = { kind: 'missing', why: 'index.js has no export handler' };
