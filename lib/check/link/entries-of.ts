import { type OrderingOptions, planFor } from '../../batch/plan';
import type { Entry } from '../model';

// The library that a handler has with it may be another copy and version: all that is read of it is under these names.
const OPTIONS = Symbol.for('lambda-batch-handler:options');
const HOME = Symbol.for('lambda-batch-handler:home');
const CHUNKS = Symbol.for('lambda-batch-handler:chunks');
const QUEUE_URL = Symbol.for('lambda-batch-handler:queue-url');

/** What was announced while a module was loaded: an entry with its options, or a processor. */
export interface Announced {
  readonly made: object;
  readonly options: (() => unknown) | undefined;
}

type Options = OrderingOptions & {
  readonly source: string | { readonly name: string };
  readonly stopBeforeTimeout?: number;
  readonly processor?: { readonly '~isSync'?: unknown };
  readonly chunk?: { readonly [CHUNKS]: { readonly size?: number } };
  readonly retryDelay?: unknown;
  readonly nonRetryable?: { readonly [QUEUE_URL]?: unknown };
};

interface Processor {
  readonly '~source'?: { readonly name: string };
  readonly '~isFifo'?: unknown;
  readonly '~isSync'?: unknown;
}

/**
 * The entries of a function: the one that is exported; where what is exported is not ours, as behind middy, all that were
 * announced, since which of them it calls nobody knows.
 */
export function entriesOf(exported: object, announced: readonly Announced[]): Entry[] {
  const own = optionsOf(exported, announced);
  if (own !== undefined) return [entryOf(own)];
  const given = announced.flatMap(({ options }) => (options === undefined ? [] : [options() as Options]));
  const used = given.map(({ processor }): unknown => processor);
  const processors = announced.filter(({ made, options }) => options === undefined && !used.includes(made));
  return [...given.map(entryOf), ...processors.flatMap(({ made }) => entriesOfProcessor(made))];
}

/** The options of what is exported, if it is ours: those that its entry finds, or else those that are kept on it. */
function optionsOf(exported: object, announced: readonly Announced[]): Options | undefined {
  const home = kept(HOME, exported);
  const entry = home === undefined ? undefined : announced.find(({ made }) => kept(HOME, made) === home);
  return (entry?.options?.() ?? kept(OPTIONS, exported)) as Options | undefined;
}

/** Metadata, where something that was loaded has brought reflect-metadata, whose copies share what is kept. */
function kept(key: symbol, target: object): unknown {
  return (Reflect as Partial<typeof Reflect>).getOwnMetadata?.(key, target);
}

function entryOf(options: Options): Entry {
  const { source, fifo, order, stopBeforeTimeout, processor, chunk, retryDelay, nonRetryable } = options;
  const queueUrl = nonRetryable?.[QUEUE_URL];
  return {
    source: typeof source === 'string' ? source : source.name,
    fifo: fifo === true,
    order,
    stopBeforeTimeout,
    concurrency: limit(processor?.['~isSync'] === true ? 1 : planFor(options).ordering.concurrency),
    chunkSize: chunk === undefined ? 1 : (chunk[CHUNKS].size ?? Number.MAX_SAFE_INTEGER), // not known is none too small
    delaysRetries: retryDelay !== undefined,
    deadLetterQueues: typeof queueUrl === 'string' ? [queueUrl] : [],
  };
}

const limit = (concurrency: number): number | undefined => (concurrency === Infinity ? undefined : concurrency);

/** Where the records tell their source, they may be of any that has a name. */
const named = [{ name: 'SQS' }, { name: 'KinesisDataStreams' }, { name: 'DynamoDBStreams' }];

function entriesOfProcessor(processor: Processor): Entry[] {
  const source = processor['~source'];
  return (source === undefined ? named : [source]).map(({ name }) => ({
    source: name,
    fifo: processor['~isFifo'] === true,
    order: undefined,
    stopBeforeTimeout: undefined,
    concurrency: processor['~isSync'] === true ? 1 : undefined,
    chunkSize: 1,
    delaysRetries: false,
    deadLetterQueues: [],
    isPerCall: true,
  }));
}
