import { known, type LambdaFunction, type Mapping, open, type Open, type Queue } from '../check/model';
import { type FunctionOptions, runtimes } from './lambda-function';
import { settingsFor, type SettingsFor } from './settings-kind';
import type { QueueSimulationOptions } from './simulate-queue';
import type { StreamRules } from './stream-options';

/** What a template says of the options of a simulation. Of its source, there are only those that it takes. */
export interface SimulationSettings
  extends
    Pick<FunctionOptions<never>, 'functionTimeoutMs' | 'runtime' | 'reportBatchItemFailures'>,
    Pick<QueueSimulationOptions<never>, 'fifo' | 'visibilityTimeoutMs' | 'maxReceiveCount' | 'maximumConcurrency'>,
    Omit<StreamRules, 'retryDelayMs' | 'shards'> {
  /** @internal */
  readonly [settingsFor]?: SettingsFor;
}

/** Their names. */
export const settingNames: readonly (keyof SimulationSettings & string)[] = [
  'functionTimeoutMs',
  'runtime',
  'batchSize',
  'reportBatchItemFailures',
  'fifo',
  'visibilityTimeoutMs',
  'maxReceiveCount',
  'maximumConcurrency',
  'maximumRetryAttempts',
  'maximumRecordAgeMs',
  'bisectBatchOnFunctionError',
  'parallelizationFactor',
  'retentionMs',
];

/** SQS's default, and the longest that a message can be invisible. */
const [VISIBILITY_MS, LONGEST_VISIBILITY_MS] = [30_000, 43_200_000];

/** How often Lambda tries a batch of Kafka again at the most, where the mapping has a destination and no limit. */
const KAFKA_RETRIES = 10;

/** The settings of one mapping, with nothing of what is not known. */
export function settingsOfMapping(mapping: Mapping): SimulationSettings {
  const { id, kind, isKindOpen = false } = mapping;
  const settings: SimulationSettings = {
    ...functionSettings(mapping.function),
    batchSize: known(mapping.batchSize),
    reportBatchItemFailures: reports(mapping),
    ...(kind === 'sqs' ? queueSettings(mapping) : retrySettings(mapping)),
  };
  const entries = Object.entries(settings).filter(([, value]: [string, unknown]) => value !== undefined);
  return { ...Object.fromEntries(entries), [settingsFor]: { mapping: id, kind: isKindOpen ? undefined : kind } };
}

function functionSettings(fn: LambdaFunction | undefined): SimulationSettings {
  const runtime = known(fn?.code.runtime);
  return {
    functionTimeoutMs: milliseconds(fn?.timeout),
    runtime: runtimes.find((each) => each === runtime),
  };
}

/** Where that is not known it is taken for off, because then a test notices. */
function reports({ kind, canReport, responseTypes, isProvisioned }: Mapping): boolean {
  // Kafka has reports of failures in provisioned mode only.
  if (!canReport || responseTypes === open || (kind === 'kafka' && isProvisioned !== true)) return false;
  return responseTypes.includes('ReportBatchItemFailures');
}

function queueSettings({ queue, function: fn, maximumConcurrency }: Mapping): SimulationSettings {
  return {
    fifo: known(queue?.isFifo),
    visibilityTimeoutMs: milliseconds(queue?.visibilityTimeout) ?? adviceFor(milliseconds(fn?.timeout)),
    maxReceiveCount: receivesOf(queue),
    maximumConcurrency: known(maximumConcurrency),
  };
}

/** Where the default would be too short for the function, which Lambda refuses: what AWS advises. */
function adviceFor(timeoutMs = 0): number | undefined {
  return timeoutMs <= VISIBILITY_MS ? undefined : Math.min(6 * timeoutMs, LONGEST_VISIBILITY_MS);
}

function receivesOf(queue: Queue | undefined): number | undefined {
  if (queue === undefined || queue.redrive === open) return undefined;
  return queue.redrive === undefined ? Infinity : known(queue.redrive.maxReceiveCount);
}

function retrySettings(mapping: Mapping): SimulationSettings {
  const { kind, maximumRetryAttempts, maximumRecordAge, onFailure, stream } = mapping;
  const retries = known(maximumRetryAttempts) ?? -1;
  const endsOfItself = kind === 'kafka' && retries === -1 && onFailure !== open && onFailure !== undefined;
  const age = known(maximumRecordAge);
  return {
    maximumRetryAttempts: endsOfItself ? KAFKA_RETRIES : known(maximumRetryAttempts),
    maximumRecordAgeMs: age === -1 ? age : milliseconds(age),
    bisectBatchOnFunctionError: known(mapping.bisects),
    parallelizationFactor: kind === 'kafka' ? undefined : known(mapping.parallelizationFactor),
    retentionMs: milliseconds(stream?.retention),
  };
}

function milliseconds(seconds: Open<number> | undefined): number | undefined {
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
