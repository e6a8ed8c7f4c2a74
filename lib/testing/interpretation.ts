import type { EventBatch } from './event-batch';

/** What Lambda, or a pipe, does with the answer to a batch. */
export interface ResponseInterpretation {
  /**
   * - `success`: the whole batch is done.
   * - `partial`: the answer lists failures, and Lambda goes by the list; also where it lists every record.
   * - `failure`: the whole batch comes back.
   */
  readonly outcome: 'success' | 'partial' | 'failure';
  /** The identifiers of the records that come back, in record order, each once; those of Kafka such as `orders-0@11`. */
  readonly returned: readonly string[];
  /**
   * Kinesis and DynamoDB: the sequence number, or event id in a pipe, at which the checkpoint is set. After a success, that
   * of the last record: reading goes on behind it. After a partial answer, the lowest reported one: everything from it is
   * delivered again. None after a failure: the checkpoint stays where it was. Kafka has none here, since each of its
   * partitions has its own: `returned` tells.
   */
  readonly checkpoint?: string;
  /** Why it is a failure, or why a partial answer makes no progress. */
  readonly reason?: string;
  /** What is dangerous about the answer, although Lambda accepts it without a word. */
  readonly warnings: readonly string[];
}

/** Options of `interpretResponse`, and of the simulations, which interpret with them. */
export interface InterpretOptions {
  /**
   * Whether `FunctionResponseTypes` of the event source mapping has ReportBatchItemFailures. Without it Lambda ignores
   * what a function answers, and takes it for a success. A pipe has no such switch, so false is refused there. Default: true.
   */
  readonly reportBatchItemFailures?: boolean;
  /**
   * What to make of answers of which AWS does not say how Lambda takes them: a string, a number, a boolean or a filled
   * array instead of an object; a `batchItemFailures` that is no array; an identifier listed twice; a valid one beside an
   * invalid one. With `lenient`, the first two are a success, and of the others the valid identifiers count once.
   * Default: `failure`, the one that a test notices.
   */
  readonly undocumented?: 'failure' | 'lenient';
}

/** The same for Kafka, of which it is something else that AWS does not say. */
export interface KafkaInterpretOptions extends Omit<InterpretOptions, 'undocumented'> {
  /**
   * What comes back after an answer that lists failures: with `items` exactly these records; with `resume` everything in
   * the topic and partition of each, from its lowest listed offset on, also what succeeded. AWS says neither, so a handler
   * has to do with both. Answers of odd forms are a failure either way. Default: `resume`.
   */
  readonly undocumented?: 'items' | 'resume';
}

export const interpretOptionNames: readonly (keyof InterpretOptions)[] = ['reportBatchItemFailures', 'undocumented'];

/** The options for whatever source. */
export interface AnyInterpretOptions extends Omit<InterpretOptions, 'undocumented'> {
  readonly undocumented?: Undocumented;
}

type Undocumented = InterpretOptions['undocumented'] | KafkaInterpretOptions['undocumented'];

/** What the option `undocumented` can be, its default first. */
export const undocumentedForms: readonly Undocumented[] = ['failure', 'lenient'];
export const undocumentedReturns: readonly Undocumented[] = ['resume', 'items'];

/** All of the batch is done. */
export function done(batch: EventBatch, warnings: readonly string[]): ResponseInterpretation {
  const last =
    batch.returns === 'checkpoint' ? batch.identifiers.findLast((identifier) => identifier !== undefined) : undefined;
  return { outcome: 'success', returned: [], ...(last !== undefined && { checkpoint: last }), warnings };
}

/** None of the batch is done. */
export function comesBack(batch: EventBatch, reason: string): ResponseInterpretation {
  return { outcome: 'failure', returned: returnedOf(batch, () => true), reason, warnings: [] };
}

/** The identifiers of the records that pass a test. */
export function returnedOf(
  { identifiers }: EventBatch,
  test: (identifier: string, index: number) => boolean,
): string[] {
  const kept = identifiers.filter((identifier, index) => identifier !== undefined && test(identifier, index));
  return [...new Set(kept as string[])];
}
