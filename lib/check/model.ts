/**
 * What a template leaves open: an import, a parameter without a default, what another stack has. It is never a finding. The
 * same in each file of the package, of which what reads templates is one of its own.
 */
export const open: unique symbol = Symbol.for('lambda-batch-handler:open');

/** A value, or that it is not known. */
export type Open<T> = T | typeof open;

/** A value where it is known; undefined where it is not. */
export function known<T>(value: Open<T>): T | undefined {
  return value === open ? undefined : value;
}

/** Something that a template describes, or that is deployed. */
export interface Resource {
  /** The logical id in its template, or the name of what is deployed. */
  readonly id: string;
  /** What tells it from all others, also where its template is nested several times. Default: its file and id. */
  readonly key?: string | undefined;
  /** The template that describes it, as a path that can be opened; undefined for what is deployed. */
  readonly file: string | undefined;
  /** The line of the template, from 1; undefined for what is deployed, and where a template says nothing of lines. */
  readonly line: number | undefined;
  /** Rules that its `Metadata: { lambda-batch-handler: { ignore: [id] } }` turns off. */
  readonly ignored: readonly string[];
  /** Its path of constructs, where AWS CDK has made the template. */
  readonly path?: string | undefined;
}

/** What tells a resource from all others that were read. */
export const keyOf = ({ key, file, id }: Pick<Resource, 'key' | 'file' | 'id'>): string => key ?? `${file}#${id}`;

/** A queue, with SQS's defaults where nothing is said. Times are in seconds. */
export interface Queue extends Resource {
  readonly isFifo: Open<boolean>;
  readonly visibilityTimeout: Open<number>;
  readonly retention: Open<number>;
  /** Undefined where there is no redrive policy. */
  readonly redrive: Open<Redrive | undefined>;
  /** Whether something that was read sends here what has failed: a queue, a mapping, a function. */
  readonly isDeadLetterQueue: boolean;
}

export interface Redrive {
  readonly maxReceiveCount: Open<number>;
  /** Undefined where the dead-letter queue is not among what was read. */
  readonly deadLetterQueue: Queue | undefined;
}

/** A Kinesis stream, or the table of a DynamoDB stream. */
export interface Stream extends Resource {
  /** In seconds. */
  readonly retention: Open<number>;
}

/** A statement of a policy that allows something. */
export interface Grant {
  /** As they stand there, wildcards included. */
  readonly actions: readonly string[];
}

export interface LambdaFunction extends Resource {
  /** In seconds; 3 where nothing is said. */
  readonly timeout: Open<number>;
  /** Undefined where none is reserved. */
  readonly reservedConcurrency: Open<number | undefined>;
  /** Whether it has a dead-letter queue of its own, which is for asynchronous invocations only. */
  readonly hasDeadLetterQueue: Open<boolean>;
  /** What its role allows; open where a policy of it is not known. */
  readonly grants: Open<readonly Grant[]>;
  readonly code: Code;
}

/** What is known of the code of a function. */
export interface Code {
  /** The text of `Handler`, such as `index.handler`. */
  readonly handler: Open<string>;
  /** The text of `Runtime`, such as `nodejs22.x`; undefined for an image. */
  readonly runtime: Open<string | undefined>;
  /** Where the deployed files are on this machine: a folder, or the code itself where it stands in the template. */
  readonly place: CodePlace | undefined;
  /** The variables of the environment whose values are known. */
  readonly environment: Readonly<Record<string, string>>;
  /** The names of those whose values are not known, such as `!Ref Table`: a handler that needs one loads with a placeholder. */
  readonly unknownVariables?: readonly string[] | undefined;
  /** Whether it has layers, from which its handler may come. Default: false. */
  readonly hasLayers?: Open<boolean> | undefined;
}

export type CodePlace =
  | {
      readonly kind: 'folder';
      readonly path: string;
      /** Whether it is what is deployed (CDK's assets, `.aws-sam/build`), rather than sources that a build turns into it. */
      readonly isBuilt: boolean;
      /** Whether other functions have the same folder: then a word in it says nothing of one of them. */
      readonly isShared: boolean;
    }
  | { readonly kind: 'inline'; readonly text: string };

/** As ARNs name their services. */
export const mappingKinds = ['sqs', 'kinesis', 'dynamodb', 'kafka'] as const;

/** The kinds of sources whose mappings are checked. */
export type MappingKind = (typeof mappingKinds)[number];

/** An event source mapping, with Lambda's defaults where nothing is said. Times are in seconds. */
export interface Mapping extends Resource {
  readonly kind: MappingKind;
  /** Whether nothing tells if it is Kinesis or DynamoDB Streams: `kind` is Kinesis then. Default: false. */
  readonly isKindOpen?: boolean | undefined;
  /** Undefined where the function is not among what was read. */
  readonly function: LambdaFunction | undefined;
  /** Undefined where the queue is not among what was read, and for any other kind. */
  readonly queue: Queue | undefined;
  /** Undefined where it is not among what was read, and for any other kind than Kinesis and DynamoDB. */
  readonly stream: Stream | undefined;
  /** What tells one source from another, also where it is not among what was read; undefined where nothing does. */
  readonly sourceKey: string | undefined;
  /** Whether Lambda reads the source. */
  readonly isEnabled: Open<boolean>;
  readonly responseTypes: Open<readonly string[]>;
  /** Whether the template can say `FunctionResponseTypes` at all: SAM's `SqsSubscription` cannot. */
  readonly canReport: boolean;
  readonly batchSize: Open<number>;
  readonly window: Open<number>;
  /** Undefined where nothing is filtered. */
  readonly filters: Open<number | undefined>;
  /** `ScalingConfig.MaximumConcurrency`; undefined where there is no limit. */
  readonly maximumConcurrency: Open<number | undefined>;
  /** Undefined where nothing is said, which is -1: without a limit. */
  readonly maximumRetryAttempts: Open<number | undefined>;
  /** Undefined where nothing is said, which is -1: without a limit. */
  readonly maximumRecordAge: Open<number | undefined>;
  readonly onFailure: Open<Destination | undefined>;
  readonly bisects: Open<boolean | undefined>;
  readonly parallelizationFactor: Open<number | undefined>;
  readonly tumblingWindow: Open<number | undefined>;
  readonly startingPosition: Open<string | undefined>;
  /** Whether a Kafka mapping is in provisioned mode. */
  readonly isProvisioned: Open<boolean>;
}

/** Where what was discarded goes: its kind by the ARN or the resource, and the queue where it is among what was read. */
export interface Destination {
  readonly kind: Open<'sqs' | 'sns' | 's3' | 'kafka'>;
  readonly queue: Queue | undefined;
  /** Whether it is a FIFO queue or topic. */
  readonly isFifo: Open<boolean>;
}

/** All that was read, as it is under one choice of the conditions of its templates. */
export interface Infrastructure {
  readonly mappings: readonly Mapping[];
  /** Mappings of other functions that read the same queues: rules know of them, and none is asked about them. */
  readonly others?: readonly Mapping[];
  /** What could not be looked at, and is open for that reason, a sentence without a period each. */
  readonly notes?: readonly string[];
}

/** What is known of the handler of a function. */
export type Handler =
  /** It was loaded, and these are its entries: one, unless it dispatches to several. */
  | { readonly kind: 'ours'; readonly entries: readonly Entry[] }
  /** It was not loaded, or is not ours: whether the word `batchItemFailures` is in the code that is deployed. */
  | { readonly kind: 'foreign'; readonly reports: boolean; readonly note?: string | undefined }
  /** Its file, or its export, is not in the code that is deployed. */
  | { readonly kind: 'missing'; readonly why: string }
  /** Nothing is known. `note` is why, where it is worth telling. */
  | { readonly kind: 'unknown'; readonly note?: string | undefined };

/** The options of one entry, as far as they matter for what stands around it. */
export interface Entry {
  /** The name of its source, such as `SQS`, or that of its row, such as `Kafka`. */
  readonly source: string;
  readonly fifo: boolean;
  /** The value of `order`, for streams. */
  readonly order: string | undefined;
  /** In milliseconds; undefined where it is off. */
  readonly stopBeforeTimeout: number | undefined;
  /** How many records run at once; undefined for no limit. */
  readonly concurrency: number | undefined;
  /** How many records one call of its method handles: 1 unless it handles chunks. */
  readonly chunkSize: number;
  readonly delaysRetries: boolean;
  /** The URLs of the queues that `sqsQueue` delivers to. */
  readonly deadLetterQueues: readonly string[];
  /**
   * Whether its options are given with each call of `processPartialResponse`: then they are not known, and no more is said
   * here than its class does. Default: false.
   */
  readonly isPerCall?: boolean | undefined;
}

/** How bad it is: `error` where records are lost or refused, `warning` where they are under load, `hint` where it could be better. */
export type Severity = 'error' | 'warning' | 'hint';

/** What a rule has found wrong with a mapping. */
export interface Breach {
  readonly severity: Severity;
  /** What happens to records, in one sentence without a period at its end. */
  readonly message: string;
  /** What to write instead, such as `FunctionResponseTypes: [ReportBatchItemFailures]`. */
  readonly fix: string;
  /** Where it is to be mended, if not at the mapping. */
  readonly at?: Resource | undefined;
}

/** What a rule looks at beside its mapping. */
export interface Around {
  /** All mappings of the same source, with the mapping itself; none where nothing tells its source from others. */
  readonly mappings: readonly Mapping[];
  readonly handler: Handler;
}

/** Something that can be wrong around a handler. */
export interface Rule {
  readonly id: string;
  /** The page of AWS, or of this library, that says so. */
  readonly source: string;
  check(mapping: Mapping, around: Around): Breach | undefined;
}
