import fc from 'fast-check';

import { NonRetryableError, StopBatchError } from '../../lib';
import { revokedProxy } from '../support/engine';
import type { FaultName } from '../../lib/testing';

/** What becomes of a record, each time its method runs. */
export interface Behaviour {
  /** Whether it fails, attempt by attempt; the last one goes for all that follow. */
  readonly fails: readonly boolean[];
  /** The name of what it throws. */
  readonly thrown: string;
  /** The name of what it returns instead of throwing; undefined where it throws. */
  readonly returned: string | undefined;
  /** Virtual milliseconds before it ends; Infinity for one that never does. */
  readonly pauseMs: number;
  /** Whether it overwrites the identifier in the record first. */
  readonly mutates: boolean;
  /** How it goes, attempt by attempt, to deliver it elsewhere where it cannot succeed; as `fails` and `pauseMs`. */
  readonly delivery: { readonly fails: readonly boolean[]; readonly pauseMs: number };
}

/** A batch's way through Lambda: all that may differ from one to the other. */
export interface Scenario {
  readonly source: 'SQS' | 'SQS FIFO' | 'KinesisDataStreams' | 'DynamoDBStreams' | 'Kafka';
  readonly api: 'decorator' | 'async classes' | 'sync classes';
  /** Which order the entry keeps; `key` is the message group of a FIFO queue, `partition` that of a Kafka topic. */
  readonly order: 'none' | 'sequential' | 'batch' | 'partition' | 'key';
  readonly concurrency: number;
  /** The message group, partition key or item key of each record. */
  readonly keys: readonly string[];
  /** Index-aligned with the keys. */
  readonly behaviours: readonly Behaviour[];
  readonly batchSize: number;
  readonly stopBeforeTimeout: boolean;
  /** Whether a record may run for a second only. */
  readonly recordTimeout: boolean;
  readonly throwOnFullBatchFailure: boolean;
  /** Whether records that cannot succeed are delivered elsewhere. */
  readonly nonRetryable: boolean;
  /** maxReceiveCount, or one more than maximumRetryAttempts. */
  readonly attempts: number;
  /** What goes wrong with the first invocations. */
  readonly faults: readonly (FaultName | undefined)[];
  /** How many invocations of a queue run at once, or parts a stream is read in. */
  readonly overlapping: number;
  /** Whether all execution environments share one entry, as overlapping invocations on Managed Instances do. */
  readonly sharedEntry: boolean;
  readonly bisect: boolean;
  /** How many records are handled at once, and whether no two of a lane; undefined for one after the other. */
  readonly chunk: { readonly size: number; readonly distinct: boolean } | undefined;
  /** Kafka: which of the two readings of a partial answer Lambda goes by. */
  readonly undocumented: 'items' | 'resume';
}

/** The partition of a record of Kafka: keys share the two that there are. */
export const partitionOf = (key: string): number => (key === 'b' ? 1 : 0);

export const throwables: Readonly<Record<string, () => unknown>> = {
  'an error': () => new Error('failed'),
  'a revoked proxy': revokedProxy,
  'a frozen error': () => Object.freeze(new Error('frozen')),
  'a string': () => 'failed',
  'what cannot succeed': () => new NonRetryableError('poison'),
  'what stops the batch': () => new StopBatchError('away'),
  undefined: () => undefined,
  null: () => null,
  'an answer': () => ({ batchItemFailures: [] }),
  'what cannot be shown': () => ({
    toString: () => {
      throw new Error('no');
    },
  }),
};

/** What a method can return that is no success: in the class API, where it is a result, only what has run nothing. */
export const returnables: Readonly<Record<string, () => unknown>> = {
  'a generator': function* () {
    yield 'never run';
  },
  'an error': () => new Error('failed'),
  'a function': () => () => 'never run',
  'an answer': () => ({ batchItemFailures: [] }),
  'promises, of which nobody awaits one': () => [Promise.reject(new Error('failed'))],
  'an async iterable': () => ({ [Symbol.asyncIterator]: () => undefined }),
};

const pattern = fc.oneof(
  { weight: 6, arbitrary: fc.constant([false]) }, // succeeds
  { weight: 2, arbitrary: fc.constant([true]) }, // permanent
  { weight: 2, arbitrary: fc.constantFrom([true, false], [true, true, false]) }, // transient
  { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 2, maxLength: 4 }) },
);

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  fails: pattern,
  thrown: fc.oneof(fc.constantFrom(...Object.keys(throwables)), fc.constant('what cannot succeed')),
  returned: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(returnables)) },
  ),
  // Beyond the timeout of 3,000, and beyond the visibility timeout of 30,000 when some come together; odd, so that they
  // end at no deadline.
  pauseMs: fc.oneof(
    { weight: 16, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.constantFrom(7, 131) },
    { weight: 1, arbitrary: fc.constantFrom(4_003, 9_001, Infinity) },
  ),
  mutates: fc.boolean(),
  delivery: fc.record({ fails: pattern, pauseMs: fc.constantFrom(0, 0, 7, 4_003, Infinity) }),
});

const faults: fc.Arbitrary<readonly (FaultName | undefined)[]> = fc.oneof(
  fc.constant([]),
  fc.array(fc.constantFrom(undefined, 'crash', 'timeout', 'throttle', 'duplicate', 'coldStart'), { maxLength: 5 }),
);

const ordersOf = {
  SQS: ['none', 'sequential'],
  'SQS FIFO': ['batch', 'key'],
  KinesisDataStreams: ['none', 'sequential', 'batch', 'key'],
  DynamoDBStreams: ['none', 'sequential', 'batch', 'key'],
  Kafka: ['none', 'sequential', 'partition', 'key'],
} as const satisfies Record<Scenario['source'], readonly Scenario['order'][]>;

const kinds = Object.entries(ordersOf).flatMap(([source, orders]) =>
  orders.map((order) => ({ source: source as Scenario['source'], order })),
);

const records = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), behaviour), { minLength: 1, maxLength: 14 })
  .map((list) => ({ keys: list.map(([key]) => key), behaviours: list.map(([, how]) => how) }));

/** Any scenario. A sync method can neither pause nor be stopped, reads no more than one lane, and delivers nothing. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    api: fc.constantFrom('decorator', 'decorator', 'async classes', 'sync classes'),
    concurrency: fc.constantFrom(2, 3, Infinity),
    records,
    batchSize: fc.integer({ min: 1, max: 10 }),
    stopBeforeTimeout: fc.boolean(),
    recordTimeout: fc.boolean(),
    throwOnFullBatchFailure: fc.boolean(),
    nonRetryable: fc.boolean(),
    attempts: fc.integer({ min: 1, max: 4 }),
    faults,
    overlapping: fc.integer({ min: 1, max: 3 }),
    sharedEntry: fc.boolean(),
    bisect: fc.boolean(),
    undocumented: fc.constantFrom('items', 'resume'),
    chunk: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ size: fc.integer({ min: 1, max: 6 }), distinct: fc.boolean() }) },
    ),
  })
  .map(({ kind, records: { keys, behaviours }, ...rest }): Scenario => {
    const isSync = rest.api === 'sync classes';
    return {
      ...rest,
      ...kind,
      nonRetryable: rest.nonRetryable && !isSync,
      recordTimeout: rest.recordTimeout && !isSync,
      chunk: rest.api === 'decorator' ? rest.chunk : undefined,
      keys,
      behaviours: isSync ? behaviours.map((how) => ({ ...how, pauseMs: 0 })) : behaviours,
    };
  });
