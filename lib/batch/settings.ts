import type { AnyExtension } from './extension';
import type { BatchLogger } from './log';
import type { Plan } from './plan';

/** What is the same for every batch of a handler. */
export interface Settings {
  readonly plan: Plan;
  readonly logger: BatchLogger;
  readonly throwOnFullBatchFailure: boolean;
  /** Those before surround those behind. */
  readonly extensions: readonly AnyExtension[];
  /** Who is warned only once of what is wrong with the settings. */
  readonly owner: object;
}

/** The options that both fronts take. */
interface CommonOptions {
  readonly throwOnFullBatchFailure?: boolean;
  readonly nonRetryable?: unknown;
  readonly observers?: readonly unknown[];
  readonly retryDelay?: unknown;
  readonly guard?: unknown;
}

/** Checked options into settings. The order of extensions is fixed here: dead letters around observers around the method. */
export function settingsFor(options: CommonOptions, plan: Plan, logger: BatchLogger, owner: object): Settings {
  const { throwOnFullBatchFailure = true, nonRetryable, observers = [], retryDelay, guard } = options;
  const given = [nonRetryable, ...observers, retryDelay, guard];
  const extensions = given.filter(Boolean) as AnyExtension[];
  return { plan, logger, throwOnFullBatchFailure, extensions, owner };
}
