import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

import { ChunkError } from '../../lib/chunk';
import { kafka, type KafkaRecord } from '../../lib/kafka';
import { startTime } from '../../lib/testing/start-time';
import { returnables, type Scenario, throwables } from './scenario';

export type AnyRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord | KafkaRecord;

/** One run of the method for one record. */
export interface Run {
  /** The position of the record in what was sent. */
  readonly record: number;
  /** The invocation, as a position in those of the simulation. */
  readonly invocation: number;
  /** When it began, in virtual milliseconds since the start, as in the simulation. */
  readonly at: number;
  /** Counts beginnings and ends, so that those of the same millisecond can be told apart. */
  readonly began: number;
  /** Undefined where it failed, or never ended. What was delivered elsewhere has succeeded when that was done. */
  succeeded: number | undefined;
  succeededAt: number;
  /** What it threw. */
  thrown: unknown;
  /** When it threw, as `began` and as `at`; undefined where it did not. */
  threw: { readonly tick: number; readonly at: number } | undefined;
  /** Whether it returned what is no success. */
  returned: boolean;
  /** How often it was delivered elsewhere. */
  delivered: number;
  /** The chunk in which it ran; -1 where it ran by itself. */
  readonly chunk: number;
  /** How long it took, or would have taken. */
  readonly pausedMs: number;
}

/** The world outside of the function, where its effects are to be seen: what the method did, in order. */
export class World {
  readonly runs: Run[] = [];
  readonly #scenario: Scenario;
  readonly #invocations = new Map<string, number>();
  readonly #attempts = new Map<number, number>();
  readonly #deliveries = new Map<number, number>();
  #ticks = 0;
  #chunk = -1;
  #chunks = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Notes which invocation a context belongs to. */
  invoked(invocation: number, { awsRequestId }: Context): void {
    this.#invocations.set(awsRequestId, invocation);
  }

  /** What the user's method does; it returns a promise only where it pauses. */
  readonly method = (record: AnyRecord, context: Context): unknown => {
    const index = indexOf(record);
    const { fails, thrown, returned, pauseMs, mutates } = this.#scenario.behaviours[index]!;
    const attempt = this.#attempts.get(index) ?? 0;
    this.#attempts.set(index, attempt + 1);
    const run: Run = {
      record: index,
      invocation: this.#invocations.get(context.awsRequestId)!,
      at: now(),
      began: this.#ticks++,
      succeeded: undefined,
      succeededAt: NaN,
      thrown: undefined,
      threw: undefined,
      returned: false,
      delivered: 0,
      chunk: this.#chunk,
      pausedMs: pauseMs,
    };
    this.runs.push(run);
    if (mutates) overwriteIdentifier(record);
    const end = () => {
      if (!fails[Math.min(attempt, fails.length - 1)]) {
        this.#succeed(run);
        return undefined;
      }
      if (returned !== undefined && (this.#scenario.api === 'decorator' || returned === 'a generator')) {
        run.returned = true;
        return returnables[returned]!();
      }
      run.threw = { tick: this.#ticks++, at: now() };
      throw (run.thrown = throwables[thrown]!());
    };
    if (pauseMs === 0) return end();
    if (pauseMs === Infinity) return new Promise(() => undefined);
    return new Promise((resolve) => setTimeout(resolve, pauseMs)).then(end);
  };

  /** What the user's method does that handles several records: each by itself, and what failed is named. */
  readonly chunkMethod = async (records: readonly AnyRecord[], context: Context): Promise<void> => {
    this.#chunk = this.#chunks++;
    const running = records.map(async (record) => {
      const value: unknown = this.method(record, context);
      const result: unknown = value instanceof Promise ? await value : value;
      if (result !== undefined) throw new Error('It returned what is no success.');
    });
    this.#chunk = -1;
    const failures = new Map<number, unknown>();
    for (const [index, ended] of (await Promise.allSettled(running)).entries()) {
      if (ended.status === 'rejected') failures.set(index, ended.reason);
    }
    if (failures.size > 0) throw new ChunkError(failures);
  };

  /** Where records go that cannot succeed: each error is that of one run. */
  readonly deliverTo = async (_record: AnyRecord, error: Error): Promise<void> => {
    const run = this.runs.find(({ thrown }) => thrown === error)!;
    const { fails, pauseMs } = this.#scenario.behaviours[run.record]!.delivery;
    const attempt = this.#deliveries.get(run.record) ?? 0;
    this.#deliveries.set(run.record, attempt + 1);
    if (pauseMs === Infinity) await new Promise(() => undefined);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (fails[Math.min(attempt, fails.length - 1)]) throw new Error('The other place did not take the record.');
    run.delivered++;
    this.#succeed(run);
  };

  #succeed(run: Run): void {
    run.succeeded = this.#ticks++;
    run.succeededAt = now();
  }
}

const now = (): number => Date.now() - startTime.getTime();

/** The position of a record, which is its payload. */
export function indexOf(record: AnyRecord): number {
  if ('body' in record) return Number(record.body);
  if ('topic' in record) return Number(Buffer.from(record.value!, 'base64').toString());
  if ('kinesis' in record) return Number(Buffer.from(record.kinesis.data, 'base64').toString());
  return Number(record.dynamodb!.NewImage!.position!.N);
}

export function identifierIn(record: AnyRecord): string {
  if ('topic' in record) return kafka.textOf!(kafka.itemIdentifier(record)!);
  if ('body' in record) return record.messageId;
  return 'kinesis' in record ? record.kinesis.sequenceNumber : record.dynamodb!.SequenceNumber!;
}

function overwriteIdentifier(record: AnyRecord): void {
  if ('body' in record) record.messageId = 'overwritten';
  else if ('topic' in record) Object.assign(record, { topic: 'overwritten', offset: -1 });
  else if ('kinesis' in record) record.kinesis.sequenceNumber = 'overwritten';
  else record.dynamodb!.SequenceNumber = 'overwritten';
}
