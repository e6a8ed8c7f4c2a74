import { AssertionError, deepStrictEqual } from 'node:assert';

import { getBatchHandlerOptions } from '../../lib';
import { lambdaContext } from '../../lib/testing';
import type { Sample } from './load';
import { type Happened, recordsOf, reportedBy, type SampleRecord, sourceOf } from './sources';

/** What came of a sample. */
export interface SampleResult {
  readonly sample: Sample;
  /** What the handler answered; undefined where it threw. */
  readonly answer: unknown;
  /** What happened to each record, in record order. */
  readonly happened: readonly Happened[];
  /** How the answer differs from the expected one; undefined where it does not. */
  readonly difference: string | undefined;
}

/** Runs a sample on its event. */
export async function runSample(sample: Sample): Promise<SampleResult> {
  const event = structuredClone(sample.event);
  const records = recordsOf(event);
  const read = new Set<SampleRecord>();
  for (const record of records) watchPayload(record, () => read.add(record));
  // Ten seconds by a clock that moves with the work, three seconds a record, so that every run is the same.
  const getRemainingTimeInMillis = (): number => 10_000 - 3_000 * read.size;
  const context = lambdaContext({ functionName: sample.name, getRemainingTimeInMillis });

  try {
    const answer: unknown = await sample.handler(event, context);
    const reported = reportedBy(answer);
    const happened = records.map((record): Happened => {
      const identifier = sourceOf(record).identifier(record);
      if (!reported.includes(identifier)) return 'succeeded';
      if (!read.has(record)) return 'not run';
      return hasChunksInOrder(sample) && identifier !== reported[0] ? 'behind a failure' : 'failed';
    });
    return { sample, answer, happened, difference: difference(answer, sample.expected) };
  } catch (error) {
    return { sample, answer: undefined, happened: [], difference: `The handler threw ${String(error)}` };
  }
}

/** All of a chunk is read before it is known which is the first to fail: those behind it may have been done. */
function hasChunksInOrder({ handler }: Sample): boolean {
  const { chunk, order } = getBatchHandlerOptions(handler) ?? {};
  return chunk !== undefined && order === 'shard';
}

/** How an answer differs from the expected one; undefined where it does not. */
export function difference(answer: unknown, expected: unknown): string | undefined {
  try {
    deepStrictEqual(answer, expected);
    return undefined;
  } catch (error) {
    return (error as AssertionError).message;
  }
}

/** Has a record tell when its payload is read: one that is reported but was never read has not run. */
function watchPayload(record: SampleRecord, onRead: () => void): void {
  const [holder, ...names] = sourceOf(record).payload(record);
  for (const name of names) {
    const value: unknown = Reflect.get(holder, name);
    const get = (): unknown => {
      onRead();
      return value;
    };
    Object.defineProperty(holder, name, { get, enumerable: true, configurable: true });
  }
}
