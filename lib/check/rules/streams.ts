import type { Mapping, Rule } from '../model';
import { error, hint, warning } from './breach';
import { given, limitOf, or } from './given';
import { lambdaGuide } from './pages';
import { destination, laneOf, seconds } from './words';

const onFailurePage = `${lambdaGuide}/kinesis-on-failure-destination.html`;
const parametersPage = `${lambdaGuide}/services-kinesis-parameters.html`;

const dayInSeconds = 86_400;

/** Whether records are in order, and one that fails holds up those behind it, with limits that the mapping sets. */
function isLimitable({ kind, isProvisioned }: Mapping): boolean {
  // Outside of provisioned mode Kafka has none of these settings, and kafka-not-provisioned says so.
  return kind !== 'sqs' && (kind !== 'kafka' || isProvisioned !== false);
}

export const streamRetriesUnbounded: Rule = {
  id: 'stream-retries-unbounded',
  source: `${lambdaGuide}/services-dynamodb-errors.html`,
  check(mapping) {
    const { kind, maximumRetryAttempts, maximumRecordAge, onFailure } = mapping;
    if (!isLimitable(mapping)) return undefined;
    return given([limitOf(maximumRetryAttempts), limitOf(maximumRecordAge)], (retries, age) => {
      if (retries < Infinity || age < Infinity) return undefined;
      // With a destination Lambda stops after ten retries.
      if (kind === 'kafka' && onFailure !== undefined) return undefined;
      return warning(
        'Nothing limits retries: a record that always fails holds up its' +
          ` ${laneOf[kind]} until it expires${expiryOf(mapping)}`,
        `MaximumRetryAttempts: 2, MaximumRecordAgeInSeconds: 3600${onFailure === undefined ? `, ${destination}` : ''}`,
      );
    });
  },
};

function expiryOf(mapping: Mapping): string {
  const retention = retentionOf(mapping);
  return typeof retention === 'number' ? ` after ${seconds(retention)}` : '';
}

/** How long a stream keeps its records; undefined where it is not among what was read. */
function retentionOf({ kind, stream }: Mapping): Mapping['maximumRecordAge'] {
  return kind === 'dynamodb' ? dayInSeconds : stream?.retention;
}

export const streamDiscards: Rule = {
  id: 'stream-discards',
  source: onFailurePage,
  check(mapping) {
    const { maximumRetryAttempts, maximumRecordAge, onFailure } = mapping;
    if (!isLimitable(mapping) || onFailure !== undefined) return undefined;
    const limits = [
      given([limitOf(maximumRetryAttempts)], (most) => most < Infinity && `after ${retries(most)}`),
      given([limitOf(maximumRecordAge)], (most) => most < Infinity && `once it is older than ${seconds(most)}`),
    ].filter((limit) => typeof limit === 'string');
    if (limits.length === 0) return undefined;
    return error(
      `A record that fails is discarded ${limits.join(' or ')}, and without a destination nobody is told which`,
      destination,
    );
  },
};

const retries = (count: number): string => (count === 1 ? '1 retry' : `${count} retries`);

export const streamDestinationFifo: Rule = {
  id: 'stream-destination-fifo',
  source: onFailurePage,
  check({ kind, onFailure }) {
    if (kind !== 'kinesis' && kind !== 'dynamodb') return undefined;
    return given([onFailure], ({ isFifo }) => {
      if (isFifo !== true) return undefined;
      return error(
        'The destination is FIFO, which Lambda does not support: nobody is told of the records that are discarded',
        destination,
      );
    });
  },
};

export const recordAgeAboveRetention: Rule = {
  id: 'record-age-above-retention',
  source: onFailurePage,
  check: (mapping) =>
    given(
      [limitOf(mapping.maximumRecordAge), retentionOf(mapping), mapping.onFailure],
      (age, retention, { kind: goesTo }) => {
        // A bucket is sent the records themselves, and only positions go anywhere else.
        if (age === Infinity || age < retention || (goesTo !== 'sqs' && goesTo !== 'sns')) return undefined;
        return hint(
          `The destination is told where records were that are ${seconds(age)} old,` +
            ` and the stream keeps them for ${seconds(retention)}: they are gone by then`,
          'MaximumRecordAgeInSeconds: 3600',
        );
      },
    ),
};

export const streamNoBisect: Rule = {
  id: 'stream-no-bisect',
  source: parametersPage,
  check(mapping) {
    if (!isLimitable(mapping) || or(mapping.bisects, false) !== false) return undefined;
    return hint(
      'A batch in which the function crashes or times out is not bisected: one record uses up the retries of all',
      'BisectBatchOnFunctionError: true',
    );
  },
};

export const streamStartsAtLatest: Rule = {
  id: 'stream-starts-at-latest',
  source: parametersPage,
  check({ kind, startingPosition }) {
    if (kind === 'sqs' || startingPosition !== 'LATEST') return undefined;
    return hint('Records that come while the mapping is made or changed are missed', 'StartingPosition: TRIM_HORIZON');
  },
};
