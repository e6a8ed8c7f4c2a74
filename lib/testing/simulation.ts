import type { ResponseInterpretation } from './interpretation';
import type { OnFailureMessage } from './on-failure';
import type { VirtualTime } from './virtual-time';

/** A record of a simulation; `P` is what was given for it: a body, a payload, a change. */
export interface SimulatedRecord<P> {
  /** Its position in what was given, from 0. */
  readonly index: number;
  /** What was given for it. */
  readonly payload: P;
  /** The message id or sequence number, or topic, partition and offset, such as `orders-0@11`. */
  readonly identifier: string;
  /** How often it has been received so far. */
  readonly receiveCount: number;
  /** When, in virtual milliseconds since the start. */
  readonly at: number;
}

/** What a source does with a record that is done. */
export type DoneAs = 'deleted' | 'checkpointed' | 'committed';

/** A record handed to the function. */
export interface SimulatedDelivery<P> extends SimulatedRecord<P> {
  /** The invocation, as a position in `invocations`. */
  readonly invocation: number;
  /**
   * What came of it: deleted from the queue, passed by the checkpoint of the stream, committed in Kafka, one of these after
   * the function had delivered it elsewhere, or returned to be delivered again.
   */
  readonly outcome: DoneAs | 'delivered elsewhere' | 'returned';
}

/** A record that failed for good, and is consumed: `nonRetryable` had it delivered elsewhere, or discarded. */
export interface DeliveredRecord<P> extends SimulatedRecord<P> {
  /** What it failed with. */
  readonly error: Error;
}

/** A record that was given up on. */
export interface DeadLetter<P> extends SimulatedRecord<P> {
  /**
   * - `MaxReceiveCountExceeded`: the redrive policy of the queue moved it.
   * - `RetryAttemptsExhausted`, `RecordAgeExceeded`: an on-failure destination is told, if the mapping has one.
   * - `RetentionExceeded`: the stream or topic dropped it, and no destination is told.
   */
  readonly reason: 'MaxReceiveCountExceeded' | 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'RetentionExceeded';
  /** Streams and Kafka: how often the batch that it was given up with had been invoked: `approximateInvokeCount`. */
  readonly invokeCount?: number;
  /**
   * Streams and Kafka: what an on-failure destination is sent, if the mapping has one. It is the same for all records of a
   * batch. None where the stream dropped them.
   */
  readonly onFailure?: OnFailureMessage;
}

/**
 * What may go wrong with an invocation:
 * - `crash`: the function runs, whatever it does happens, and its answer never arrives;
 * - `timeout`: the same, known only when the timeout of the function has passed;
 * - `throttle`: the function does not run, and the same batch is tried again later;
 * - `duplicate`: the answer arrives, but what it says is done is delivered again: all services deliver at least once;
 * - `coldStart`: nothing goes wrong, but it runs in a new execution environment.
 */
export type FaultName = (typeof faultNames)[number];

export const faultNames = ['crash', 'timeout', 'throttle', 'duplicate', 'coldStart'] as const;

/** A call of the function, or, where it was throttled, the attempt of one. */
export interface SimulatedInvocation<E = unknown> {
  /** When it began, in virtual milliseconds since the start. */
  readonly at: number;
  /** When it was over: answered, failed, or out of time. */
  readonly endedAt: number;
  /** The event as it was sent, whatever the function did to it. */
  readonly event: E;
  /** What the function answered in time. */
  readonly answer: unknown;
  /** Why it failed: what the function threw, a timeout, or a crash. */
  readonly error: Error | undefined;
  /** The fault that befell it, of those that the option `faults` asked for. */
  readonly fault: FaultName | undefined;
  /** Whether it was the first of its execution environment. */
  readonly cold: boolean;
  /** Whether nothing was left to wait for before it had answered: then `runtime` decides what it comes to. */
  readonly hung: boolean;
  /** What the service makes of it; none where the function was throttled and did not run. */
  readonly interpretation: ResponseInterpretation | undefined;
}

/** What became of a call: the record of it, and its position in `invocations`. */
export interface Invoked<E> extends SimulatedInvocation<E> {
  readonly index: number;
  /** None where the function was throttled. */
  readonly requestId: string | undefined;
  /** Which records it delivered elsewhere, by identifier, and because of which errors. */
  readonly deliveredElsewhere: ReadonlyMap<string, Error>;
}

/** What happened, in order; one entry for all records that it happened to. */
export interface TimelineEntry {
  /** Virtual milliseconds since the start. */
  readonly at: number;
  /** `chunk`: a method that handles chunks (the option `chunk`) was called with these records; one entry a call. */
  readonly what:
    | 'invoked'
    | 'throttled'
    | 'chunk'
    | 'delayed'
    | DoneAs
    | 'delivered elsewhere'
    | 'returned'
    | 'split'
    | 'dead-lettered';
  /** Positions of the records in what was given. */
  readonly records: readonly number[];
  /** The invocation that it is about, as a position in `invocations`. */
  readonly invocation?: number;
  /** Why, where there is something to be said: an error, a fault, a rule of the queue or stream. */
  readonly reason?: string;
}

/** What came of a simulation. */
export interface Simulation<P, E = unknown> {
  /** Every record handed to the function, each time. */
  readonly deliveries: readonly SimulatedDelivery<P>[];
  /** What is done: deleted from the queue, passed by the checkpoint of its stream, or committed in Kafka. In that order. */
  readonly deleted: readonly SimulatedRecord<P>[];
  /** What left the queue, stream or topic in the same way, but had not succeeded; nothing is in both lists. */
  readonly deliveredElsewhere: readonly DeliveredRecord<P>[];
  /** What was given up on, in that order. */
  readonly deadLettered: readonly DeadLetter<P>[];
  /** What was none of these when the bound was reached; empty where none was given. */
  readonly remaining: readonly SimulatedRecord<P>[];
  /** Every call of the function, throttled ones included. */
  readonly invocations: readonly SimulatedInvocation<E>[];
  /** What happened, in that order; `formatTimeline` shows it. */
  readonly timeline: readonly TimelineEntry[];
}

/** A record on its way. */
export interface Tracked<P> {
  readonly index: number;
  readonly payload: P;
  readonly identifier: string;
  receiveCount: number;
}

/** Writes down what happens. */
export class Recording<P> {
  readonly deliveries: SimulatedDelivery<P>[] = [];
  readonly deleted: SimulatedRecord<P>[] = [];
  readonly deliveredElsewhere: DeliveredRecord<P>[] = [];
  readonly deadLettered: DeadLetter<P>[] = [];
  readonly timeline: TimelineEntry[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** The record as it is now. */
  snapshot({ index, payload, identifier, receiveCount }: Tracked<P>): SimulatedRecord<P> {
    return { index, payload, identifier, receiveCount, at: this.#time.now };
  }

  happened(
    what: TimelineEntry['what'],
    records: readonly Tracked<P>[],
    about: Pick<TimelineEntry, 'invocation' | 'reason'> = {},
  ): void {
    if (records.length === 0) return;
    this.timeline.push({ at: this.#time.now, what, records: records.map(({ index }) => index), ...about });
  }

  /** What an invocation came to: some of its records are done, and the others come back; `otherReason` where the answer gives none. */
  delivered(
    { index: invocation, at, interpretation, hung, fault, deliveredElsewhere }: Invoked<unknown>,
    batch: readonly Tracked<P>[],
    isDone: (record: Tracked<P>) => boolean,
    doneAs: DoneAs,
    otherReason?: string,
  ): void {
    const outcomeOf = (record: Tracked<P>): SimulatedDelivery<P>['outcome'] => {
      if (!isDone(record)) return 'returned';
      return deliveredElsewhere.has(record.identifier) ? 'delivered elsewhere' : doneAs;
    };
    for (const record of batch) {
      const outcome = outcomeOf(record);
      this.deliveries.push({ ...this.snapshot(record), at, invocation, outcome });
      if (outcome === doneAs) this.deleted.push(this.snapshot(record));
      if (outcome === 'delivered elsewhere') {
        this.deliveredElsewhere.push({
          ...this.snapshot(record),
          error: deliveredElsewhere.get(record.identifier)!,
        });
      }
    }
    const reason =
      fault === 'duplicate' ? 'delivered again, whatever the answer' : (interpretation?.reason ?? otherReason);
    const doneReason = hung ? interpretation?.warnings[0] : undefined;
    for (const outcome of [doneAs, 'delivered elsewhere', 'returned'] as const) {
      const records = batch.filter((record) => outcomeOf(record) === outcome);
      const because = outcome === 'returned' ? reason : doneReason;
      this.happened(outcome, records, { invocation, ...(because !== undefined && { reason: because }) });
    }
  }

  /** Gives up on records. */
  gaveUp(
    records: readonly Tracked<P>[],
    reason: DeadLetter<P>['reason'],
    about: Pick<DeadLetter<P>, 'invokeCount' | 'onFailure'> = {},
  ): void {
    for (const record of records) this.deadLettered.push({ ...this.snapshot(record), reason, ...about });
    this.happened('dead-lettered', records, { reason });
  }

  /** All of it, when nothing happens any more. */
  result<E>(invocations: readonly SimulatedInvocation<E>[], remaining: readonly Tracked<P>[]): Simulation<P, E> {
    const { deleted, deliveredElsewhere, deadLettered, timeline } = this;
    return {
      deliveries: this.deliveries.sort((one, other) => one.invocation - other.invocation), // they end in any order
      deleted,
      deliveredElsewhere,
      deadLettered,
      remaining: remaining.map((record) => this.snapshot(record)),
      invocations,
      timeline,
    };
  }
}
