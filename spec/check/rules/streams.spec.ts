import { open } from '../../../lib/check/model';
import { describeRule } from '../support/describe-rule';
import { dynamodb, kafka, kinesis, silent, sqs, toQueue, unknown } from '../support/model';

// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
const destination = 'DestinationConfig: { OnFailure: { Destination: <ARN of a standard queue> } }';
const unlimited = { maximumRetryAttempts: undefined, maximumRecordAge: undefined };
const limits = 'MaximumRetryAttempts: 2, MaximumRecordAgeInSeconds: 3600';
const holdsUp = (lane: string) => `Nothing limits retries: a record that always fails holds up its ${lane}`;

describeRule('stream-retries-unbounded', {
  finds: {
    'a stream of Kinesis without limits, whoever the handler is': {
      mapping: kinesis({ ...unlimited, stream: { retention: 604_800 } }),
      handler: silent,
      is: 'warning',
      says: holdsUp('shard until it expires after 604800 seconds'),
      fix: limits,
      needs: ['maximumRetryAttempts', 'maximumRecordAge'],
    },
    'a stream of elsewhere': {
      mapping: kinesis({ ...unlimited, stream: undefined }),
      is: 'warning',
      says: holdsUp('shard until it expires'),
      fix: limits,
      needs: ['maximumRetryAttempts', 'maximumRecordAge'],
    },
    'the stream of a table, which keeps its records for a day': {
      mapping: dynamodb({ ...unlimited, stream: undefined }),
      is: 'warning',
      says: holdsUp('shard until it expires after 86400 seconds'),
      fix: limits,
      needs: ['maximumRetryAttempts', 'maximumRecordAge'],
    },
    'limits of -1, which are none': {
      mapping: kinesis({ maximumRetryAttempts: -1, maximumRecordAge: -1 }),
      is: 'warning',
      says: holdsUp('shard until it expires after 86400 seconds'),
      fix: limits,
      needs: ['maximumRetryAttempts', 'maximumRecordAge'],
    },
    'no destination either, without which limits would discard': {
      mapping: kinesis({ ...unlimited, onFailure: undefined }),
      is: 'warning',
      says: holdsUp('shard until it expires after 86400 seconds'),
      fix: `${limits}, ${destination}`,
      needs: ['maximumRetryAttempts', 'maximumRecordAge'],
    },
    'a topic without limits and without a destination': {
      mapping: kafka({ ...unlimited, onFailure: undefined }),
      is: 'warning',
      says: holdsUp('partition until it expires'),
      fix: `${limits}, ${destination}`,
      needs: ['maximumRetryAttempts', 'maximumRecordAge', 'onFailure'],
    },
  },
  passes: {
    'a limit of retries': { mapping: kinesis({ ...unlimited, maximumRetryAttempts: 0 }) },
    'a limit of age': { mapping: kinesis({ ...unlimited, maximumRecordAge: 60 }) },
    // https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html: then Lambda stops after ten retries.
    'a topic with a destination': { mapping: kafka(unlimited) },
    'a topic that is not in provisioned mode, which kafka-not-provisioned finds': {
      mapping: kafka({ ...unlimited, onFailure: undefined, isProvisioned: false }),
    },
    'a queue': { mapping: sqs() },
  },
});

const discards = (when: string) =>
  `A record that fails is discarded ${when}, and without a destination nobody is told which`;

describeRule('stream-discards', {
  finds: {
    'limits without a destination, whoever the handler is': {
      mapping: kinesis({ onFailure: undefined }),
      handler: unknown,
      is: 'error',
      says: discards('after 2 retries or once it is older than 3600 seconds'),
      fix: destination,
      needs: ['onFailure'],
    },
    'a single retry': {
      mapping: dynamodb({ ...unlimited, maximumRetryAttempts: 1, onFailure: undefined }),
      is: 'error',
      says: discards('after 1 retry'),
      fix: destination,
      needs: ['onFailure', 'maximumRetryAttempts'],
    },
    'no retry at all': {
      mapping: dynamodb({ maximumRetryAttempts: 0, maximumRecordAge: -1, onFailure: undefined }),
      is: 'error',
      says: discards('after 0 retries'),
      fix: destination,
      needs: ['onFailure', 'maximumRetryAttempts'],
    },
    'an age where nobody knows how many retries there are': {
      mapping: kafka({ maximumRetryAttempts: open, maximumRecordAge: 60, onFailure: undefined }),
      is: 'error',
      says: discards('once it is older than 60 seconds'),
      fix: destination,
      needs: ['onFailure', 'maximumRecordAge'],
    },
  },
  passes: {
    'a destination': { mapping: kinesis() },
    'a destination that nobody knows': { mapping: kinesis({ onFailure: open }) },
    'no limits, which stream-retries-unbounded finds': { mapping: kinesis({ ...unlimited, onFailure: undefined }) },
    'limits that nobody knows': {
      mapping: kinesis({ maximumRetryAttempts: open, maximumRecordAge: open, onFailure: undefined }),
    },
    'a topic that is not in provisioned mode, which kafka-not-provisioned finds': {
      mapping: kafka({ onFailure: undefined, isProvisioned: false }),
    },
    'a queue': { mapping: sqs({ maximumRetryAttempts: 2 }) },
  },
});

describeRule('stream-destination-fifo', {
  finds: {
    'a FIFO queue': {
      mapping: kinesis({ onFailure: toQueue({ isFifo: true }) }),
      handler: silent,
      is: 'error',
      says: 'The destination is FIFO, which Lambda does not support: nobody is told of the records that are discarded',
      fix: destination,
      needs: ['onFailure', 'onFailure.isFifo'],
    },
    'a FIFO topic': {
      mapping: dynamodb({ onFailure: { kind: 'sns', queue: undefined, isFifo: true } }),
      is: 'error',
      says: 'The destination is FIFO, which Lambda does not support: nobody is told of the records that are discarded',
      fix: destination,
      needs: ['onFailure', 'onFailure.isFifo'],
    },
  },
  passes: {
    'a standard queue': { mapping: kinesis() },
    'no destination': { mapping: kinesis({ onFailure: undefined }) },
    'a topic of Kafka, for which AWS does not say so': { mapping: kafka({ onFailure: toQueue({ isFifo: true }) }) },
    'a queue, which has no destination': { mapping: sqs({ onFailure: toQueue({ isFifo: true }) }) },
  },
});

const goneBy = (age: number, retention: number) =>
  `The destination is told where records were that are ${age} seconds old, and the stream keeps them for ${retention} seconds: they are gone by then`;

describeRule('record-age-above-retention', {
  finds: {
    'as much as a stream of Kinesis keeps': {
      mapping: kinesis({ maximumRecordAge: 86_400 }),
      handler: silent,
      is: 'hint',
      says: goneBy(86_400, 86_400),
      fix: 'MaximumRecordAgeInSeconds: 3600',
      needs: ['maximumRecordAge', 'stream', 'stream.retention', 'onFailure', 'onFailure.kind'],
    },
    'more than the stream of a table keeps, which is a day': {
      mapping: dynamodb({ maximumRecordAge: 604_800, onFailure: toQueue({ kind: 'sns', queue: undefined }) }),
      is: 'hint',
      says: goneBy(604_800, 86_400),
      fix: 'MaximumRecordAgeInSeconds: 3600',
      needs: ['maximumRecordAge', 'onFailure', 'onFailure.kind'],
    },
  },
  passes: {
    'a second less': { mapping: kinesis({ maximumRecordAge: 86_399 }) },
    'a stream that keeps its records longer': {
      mapping: kinesis({ maximumRecordAge: 86_400, stream: { retention: 604_800 } }),
    },
    'no limit': { mapping: kinesis({ maximumRecordAge: -1 }) },
    'a bucket, which is sent the records themselves': {
      mapping: kinesis({ maximumRecordAge: 604_800, onFailure: toQueue({ kind: 's3', queue: undefined }) }),
    },
    'no destination': { mapping: kinesis({ maximumRecordAge: 604_800, onFailure: undefined }) },
    'a topic, whose retention is not known': { mapping: kafka({ maximumRecordAge: 604_800 }) },
  },
});

describeRule('stream-no-bisect', {
  finds: {
    'a mapping that says nothing of it': {
      mapping: kinesis({ bisects: undefined }),
      handler: silent,
      is: 'hint',
      says: 'A batch in which the function crashes or times out is not bisected: one record uses up the retries of all',
      fix: 'BisectBatchOnFunctionError: true',
      needs: ['bisects'],
    },
    'a mapping that says no, of a topic too': {
      mapping: kafka({ bisects: false }),
      is: 'hint',
      says: 'A batch in which the function crashes or times out is not bisected: one record uses up the retries of all',
      fix: 'BisectBatchOnFunctionError: true',
      needs: ['bisects'],
    },
  },
  passes: {
    'one that does': { mapping: dynamodb() },
    'a topic that is not in provisioned mode, and cannot': {
      mapping: kafka({ bisects: undefined, isProvisioned: false }),
    },
    'a queue': { mapping: sqs() },
  },
});

describeRule('stream-starts-at-latest', {
  finds: {
    LATEST: {
      mapping: dynamodb({ startingPosition: 'LATEST' }),
      handler: silent,
      is: 'hint',
      says: 'Records that come while the mapping is made or changed are missed',
      fix: 'StartingPosition: TRIM_HORIZON',
      needs: ['startingPosition'],
    },
  },
  passes: {
    'the oldest record': { mapping: kinesis() },
    'a time': { mapping: kafka({ startingPosition: 'AT_TIMESTAMP' }) },
    'a queue, which has no position': { mapping: sqs({ startingPosition: 'LATEST' }) },
  },
});
