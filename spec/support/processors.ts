import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

import {
  type BaseRecord,
  type BasePartialProcessor,
  type BatchProcessingOptions,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  type FailureResponse,
  type PartialItemFailureResponse,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  type SuccessResponse,
} from '../../lib';
import { nameOf } from './events';

export type AnyRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;
export type Tuple = SuccessResponse | FailureResponse;

/** A record handler, for both APIs, that fails the named records and gives `<name> done` for the others. */
export const failing =
  (...names: string[]) =>
  (record: AnyRecord): string => {
    const name = nameOf(record);
    if (names.includes(name)) throw new Error(`${name} failed`);
    return `${name} done`;
  };

/** A record handler that notes the names it was called with before `handle` has them. */
export function noting<T>(handle: (record: AnyRecord) => T): { ran: string[]; handler: (record: AnyRecord) => T } {
  const ran: string[] = [];
  const handler = (record: AnyRecord): T => {
    ran.push(nameOf(record));
    return handle(record);
  };
  return { ran, handler };
}

type HookName =
  'prepare' | 'clean' | 'successHandler' | 'failureHandler' | 'processRecord' | 'processRecordSync' | 'process';

/** Replaces hooks by functions that return whatever users make theirs return, with or without the types' consent. */
export function hooked<P extends BasePartialProcessor>(
  processor: P,
  hooks: { [H in HookName]?: (this: P, ...args: never[]) => unknown },
): P {
  return Object.assign(processor, hooks);
}

/** Both APIs in one shape, so that what holds for both is said once. */
export interface Api {
  readonly title: string;
  readonly isAsync: boolean;
  readonly standard: () => BatchProcessor | BatchProcessorSync;
  readonly fifo: () => SqsFifoPartialProcessor | SqsFifoPartialProcessorAsync;
  readonly of: (type: keyof typeof EventType) => BatchProcessor | BatchProcessorSync;
  readonly process: (processor: BasePartialProcessor) => Promise<Tuple[]>;
  readonly respond: (
    event: { Records: BaseRecord[] },
    handler: CallableFunction,
    processor: BasePartialProcessor,
    options?: BatchProcessingOptions,
  ) => Promise<PartialItemFailureResponse>;
}

export const apis: readonly Api[] = [
  {
    title: 'the async API',
    isAsync: true,
    standard: () => new BatchProcessor(EventType.SQS),
    fifo: () => new SqsFifoPartialProcessorAsync(),
    of: (type) => new BatchProcessor(type),
    process: (processor) => processor.process(),
    respond: processPartialResponse,
  },
  {
    title: 'the sync API',
    isAsync: false,
    standard: () => new BatchProcessorSync(EventType.SQS),
    fifo: () => new SqsFifoPartialProcessor(),
    of: (type) => new BatchProcessorSync(type),
    process: async (processor) => processor.processSync(),
    respond: async (...args) => processPartialResponseSync(...args),
  },
];

/** The promises that were rejected, and not handled, while `act` ran and settled. */
export async function unhandledRejections(act: () => unknown): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const note = (reason: unknown): void => void reasons.push(reason);
  process.on('unhandledRejection', note);
  try {
    await act();
    // Node tells of them after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  return reasons;
}

/** The statuses of tuples, and the names of their records, as in `['success a', 'fail b']`. */
export const statusesOf = (tuples: readonly Tuple[]): string[] =>
  tuples.map(([status, , record]) => `${status} ${nameOf(record)}`);

export const namesOf = (records: readonly BaseRecord[]): string[] =>
  records.map((record) => nameOf(record as AnyRecord));
