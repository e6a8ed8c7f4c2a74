import { checkFunction, checkInteger, checkOneOf } from './check';

/** Options of the simulations of streams and of Kafka that say which batches there are, and when they are given up on. */
export interface RetryRules {
  /** How many records an invocation gets at the most: an integer from 1 to 10,000. Default: 100. */
  readonly batchSize?: number;
  /** How often a batch is retried: an integer from 0 to 10,000, or -1 for no limit. Default: -1. */
  readonly maximumRetryAttempts?: number;
  /** When a record is given up on: an integer of milliseconds from 60,000 to 604,800,000, or -1 for no limit. Default: -1. */
  readonly maximumRecordAgeMs?: number;
  /** When the stream drops a record: an integer of milliseconds, at most a year. Default: 86,400,000, which is a day. */
  readonly retentionMs?: number;
  /** Whether a failed batch is split in two before it is retried. Default: false. */
  readonly bisectBatchOnFunctionError?: boolean;
  /**
   * How many milliseconds to wait before a retry, from 1 on for the first of a batch: an integer of at least 1. AWS does
   * not say; of a batch that always failed, eight invocations were seen within a minute. Default: 250, doubled with each,
   * up to a minute.
   */
  readonly retryDelayMs?: (retry: number) => number;
}

export const retryRuleNames: readonly (keyof RetryRules)[] = [
  'batchSize',
  'maximumRetryAttempts',
  'maximumRecordAgeMs',
  'retentionMs',
  'bisectBatchOnFunctionError',
  'retryDelayMs',
];

/**
 * These rules, with their defaults.
 *
 * @throws TypeError, RangeError where one of them is not what it should be
 */
export function retryRulesOf(options: RetryRules, defaultRetentionMs: number): Required<RetryRules> {
  const { batchSize = 100, maximumRetryAttempts = -1, maximumRecordAgeMs = -1 } = options;
  const { retentionMs = defaultRetentionMs, bisectBatchOnFunctionError = false } = options;
  const { retryDelayMs = (retry) => Math.min(250 * 2 ** (retry - 1), 60_000) } = options;
  checkInteger('batchSize', batchSize, { min: 1, max: 10_000 });
  checkInteger('maximumRetryAttempts', maximumRetryAttempts, { min: -1, max: 10_000 });
  if (maximumRecordAgeMs !== -1) {
    checkInteger('maximumRecordAgeMs', maximumRecordAgeMs, { min: 60_000, max: 604_800_000 });
  }
  checkInteger('retentionMs', retentionMs, { min: 1, max: 31_536_000_000 });
  checkOneOf('bisectBatchOnFunctionError', bisectBatchOnFunctionError, [true, false]);
  checkFunction('retryDelayMs', retryDelayMs);
  return {
    batchSize,
    maximumRetryAttempts,
    maximumRecordAgeMs,
    retentionMs,
    bisectBatchOnFunctionError,
    retryDelayMs,
  };
}
