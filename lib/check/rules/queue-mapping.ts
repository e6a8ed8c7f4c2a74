import { keyOf, open, type LambdaFunction, type Mapping, type Rule } from '../model';
import { error, warning } from './breach';
import { given, limitOf } from './given';
import { lambdaApi, lambdaGuide } from './pages';
import { redrivePolicy, seconds } from './words';

export const fifoWindow: Rule = {
  id: 'fifo-window',
  source: `${lambdaGuide}/services-sqs-parameters.html`,
  check: ({ queue, window }) =>
    given([queue?.isFifo, window], (isFifo, waits) => {
      if (!isFifo || waits === 0) return undefined;
      return error(
        `A FIFO queue has no batching window: Lambda refuses the mapping with ${seconds(waits)}`,
        'MaximumBatchingWindowInSeconds: 0',
      );
    }),
};

export const batchTooLarge: Rule = {
  id: 'batch-too-large',
  source: `${lambdaApi}/API_CreateEventSourceMapping.html`,
  check({ kind, queue, batchSize, window }) {
    if (kind !== 'sqs' || batchSize === open || batchSize <= 10) return undefined;
    if (queue?.isFifo === true) {
      return error(
        `A batch of a FIFO queue has at most 10 messages: Lambda refuses the mapping with ${batchSize}`,
        'BatchSize: 10',
      );
    }
    if (window === open || window >= 1) return undefined;
    return error(
      `A batch of more than 10 messages needs a batching window: Lambda refuses the mapping with ${batchSize}`,
      'MaximumBatchingWindowInSeconds: 1',
    );
  },
};

export const competingMappings: Rule = {
  id: 'competing-mappings',
  source: `${lambdaGuide}/invocation-eventfiltering.html`,
  check(mapping, { mappings }) {
    if (mapping.kind !== 'sqs' || mapping.isEnabled !== true) return undefined;
    const sharing = mappings.filter((other) => other.isEnabled === true && keyOf(mapping) !== keyOf(other));
    const fix = 'a queue for each function, all of them behind one SNS topic or one EventBridge rule';
    if (sharing.length > 0 && [mapping, ...sharing].some(filters)) {
      return error(
        'Another mapping reads the same queue, and a filter deletes what it leaves out:' +
          ' what is meant for the other mapping is lost',
        fix,
      );
    }
    if (!sharing.some((other) => isOfAnotherFunction(mapping.function, other.function))) return undefined;
    return warning('Another mapping reads the same queue: each message goes to one of their functions only', fix);
  },
};

function filters({ filters: count }: Mapping): boolean {
  return typeof count === 'number' && count > 0;
}

/** Two that are not among what was read may be one and the same, whose messages then all get there. */
function isOfAnotherFunction(one: LambdaFunction | undefined, other: LambdaFunction | undefined): boolean {
  if (one === undefined || other === undefined) return one !== other;
  return keyOf(one) !== keyOf(other);
}

export const concurrencyAboveReserved: Rule = {
  id: 'concurrency-above-reserved',
  source: `${lambdaGuide}/services-sqs-scaling.html`,
  check: ({ queue, function: fn, maximumConcurrency }) =>
    // Without a redrive policy a throttle uses up nothing.
    given([queue?.redrive, fn, fn?.reservedConcurrency, limitOf(maximumConcurrency)], (_, of, reserved, limit) => {
      if (reserved >= (limit === Infinity ? 5 : limit)) return undefined;
      const [calls, needed] = limit === Infinity ? ['at least 5', 5] : [`up to ${limit}`, limit];
      const isMappings = limit < Infinity && reserved >= 2; // Lambda takes no lower limit.
      return warning(
        `Lambda calls the function ${calls} times at once, and its reserved concurrency is ${reserved}:` +
          ' messages of throttled calls use up a receive without having been handled',
        isMappings ? `ScalingConfig: { MaximumConcurrency: ${reserved} }` : `ReservedConcurrentExecutions: ${needed}`,
        isMappings ? undefined : of,
      );
    }),
};

export const sqsIgnoresStreamSetting: Rule = {
  id: 'sqs-ignores-stream-setting',
  source: `${lambdaGuide}/services-sqs-parameters.html`,
  check(mapping) {
    const settings = mapping.kind === 'sqs' ? streamSettingsOf(mapping) : [];
    if (settings.length === 0) return undefined;
    return warning(
      `A queue has no ${settings.join(', ')}: what happens to messages that fail is up to its RedrivePolicy alone`,
      `${redrivePolicy} on the queue`,
    );
  },
};

/** What a mapping says that changes something, and that only streams have. */
function streamSettingsOf(mapping: Mapping): string[] {
  const { onFailure, bisects, parallelizationFactor: factor, tumblingWindow } = mapping;
  const isSet: readonly (readonly [name: string, isSet: boolean | undefined])[] = [
    ['MaximumRetryAttempts', isLimited(mapping.maximumRetryAttempts)],
    ['MaximumRecordAgeInSeconds', isLimited(mapping.maximumRecordAge)],
    ['DestinationConfig', given([onFailure], () => true)],
    ['BisectBatchOnFunctionError', given([bisects], (is) => is)],
    ['ParallelizationFactor', given([factor], (count) => count > 1)],
    ['TumblingWindowInSeconds', given([tumblingWindow], (length) => length > 0)],
  ];
  return isSet.filter(([, is]) => is).map(([name]) => name);
}

function isLimited(limit: Mapping['maximumRetryAttempts']): boolean | undefined {
  return given([limitOf(limit)], (most) => most < Infinity);
}
