import { NonRetryableError, StopBatchError } from '../../lib';
import type { Played } from './play';
import { partitionOf } from './scenario';
import type { Run } from './world';

/** Names each record for which a promise was broken, and says how. */
type Check = (played: Played) => string[];

/** What this library promises of every batch. */
export const promises = {
  /** Every record succeeds, or is delivered elsewhere, at least once; or it is dead-lettered after exactly its allowed receives. */
  'nothing is lost': ({ scenario, simulation, world }) => {
    const succeeded = new Set(successes(world.runs).map(({ record }) => record));
    const letters = new Map(simulation.deadLettered.map((letter) => [letter.index, letter]));
    return scenario.keys.flatMap((_, record) => {
      const letter = letters.get(record);
      if (letter === undefined) return succeeded.has(record) ? [] : [`#${record} did not succeed, and is gone`];
      const received = letter.invokeCount ?? letter.receiveCount;
      return received === scenario.attempts ? [] : [`#${record} was dead-lettered after ${received} receives`];
    });
  },

  /** What an invocation had deleted, or passed by the checkpoint, had succeeded, or was delivered elsewhere, in it. */
  'nothing is invented': ({ simulation, world }) => {
    const succeeded = new Set(successes(world.runs).map(pairOf));
    return simulation.deliveries
      .filter(({ outcome, index, invocation }) => outcome !== 'returned' && !succeeded.has(`${index}/${invocation}`))
      .map(({ index, invocation }) => `#${index} counts as done, but had not succeeded in invocation ${invocation}`);
  },

  /** What cannot succeed is delivered elsewhere once for each time that its method said so, and nothing else is. */
  'only what failed for good is delivered, and once': ({ world }) =>
    world.runs
      .filter(({ delivered, thrown }) => delivered > (thrown instanceof NonRetryableError ? 1 : 0))
      .map(({ record, delivered, invocation }) => `#${record} was delivered ${delivered} times in ${invocation}`),

  /** Nothing runs before all that is earlier in its group or key has succeeded, or been dead-lettered. */
  'order is kept': ({ scenario, simulation, world }) => {
    if (scenario.order === 'none' || scenario.order === 'sequential') return [];
    const succeeded = new Map<number, number>();
    for (const run of successes(world.runs)) {
      succeeded.set(run.record, Math.min(run.succeeded, succeeded.get(run.record) ?? Infinity));
    }
    const deadLettered = new Map(simulation.deadLettered.map(({ index, at }) => [index, at]));
    const isSettled = (record: number, run: Run): boolean =>
      (succeeded.get(record) ?? Infinity) < run.began || (deadLettered.get(record) ?? Infinity) <= run.at;
    // Records of a group may be handled at once: one that fails takes those behind it along.
    const isTogether = (record: number, { chunk, invocation }: Run): boolean =>
      chunk >= 0 &&
      world.runs.some((other) => other.record === record && other.chunk === chunk && other.invocation === invocation);
    const groups = scenario.keys.map((key) => (scenario.order === 'partition' ? partitionOf(key) : key));
    return world.runs.flatMap((run) =>
      groups
        .map((_, record) => record)
        .filter((record) => record < run.record && groups[record] === groups[run.record])
        .filter((record) => !isSettled(record, run) && !isTogether(record, run))
        .map((record) => `#${run.record} ran while #${record}, before it in its group, was neither done nor given up`),
    );
  },

  /** The checkpoint passes no record that failed; with retries bounded everything comes to an end, in order. */
  'the checkpoint stays behind failures': ({ scenario, simulation, world }) => {
    if (scenario.source === 'SQS' || scenario.source === 'SQS FIFO') return [];
    const failed = new Set(world.runs.filter(({ succeeded }) => succeeded === undefined).map(pairOf));
    const passed = simulation.deliveries
      .filter(({ outcome, index, invocation }) => outcome === 'checkpointed' && failed.has(`${index}/${invocation}`))
      .map(({ index, invocation }) => `#${index} failed in invocation ${invocation}, and the checkpoint passed it`);
    const left = simulation.remaining.map(({ index }) => `#${index} is still in the stream`);
    return [...passed, ...left];
  },

  /** Behind a record that stops its batch no other starts, and it is delivered elsewhere as little as they are. */
  'a stopped batch starts nothing': ({ scenario, world }) => {
    const isOneLane = scenario.order === 'sequential' || scenario.order === 'batch';
    // Where several run at once, those that start in the same turn cannot know.
    const isLater = (run: Run, { threw }: Run): boolean => run.began > threw!.tick && (isOneLane || run.at > threw!.at);
    return world.runs
      .filter(({ thrown }) => thrown instanceof StopBatchError)
      .flatMap((stop) => [
        ...world.runs
          .filter((run) => run.invocation === stop.invocation && isLater(run, stop))
          .filter((run) => run.chunk < 0 || run.chunk !== stop.chunk)
          .map((run) => `#${run.record} ran in invocation ${stop.invocation}, which #${stop.record} had stopped`),
        ...(stop.delivered > 0 ? [`#${stop.record} stopped its batch, and was delivered`] : []),
      ]);
  },

  /**
   * In a standard queue, and in Kafka where records are retried one by one, what has succeeded in time is not delivered
   * again, unless a fault made the answer worthless.
   */
  'what succeeded does not come again': ({ scenario: { source, order, undocumented }, simulation, world }) => {
    const inOrder = order !== 'none' && order !== 'sequential';
    if (source !== 'SQS' && (source !== 'Kafka' || undocumented === 'resume')) return [];
    return successes(world.runs)
      .filter((run) => wasInTime(run, simulation.invocations[run.invocation]!) && isWhole(run, world.runs, inOrder))
      .filter(({ record, invocation }) =>
        simulation.deliveries.some((later) => later.index === record && later.invocation > invocation),
      )
      .map(({ record, invocation }) => `#${record} succeeded in invocation ${invocation}, and came again`);
  },
} satisfies Record<string, Check>;

export type PromiseName = keyof typeof promises;

/** The promises that were broken, and how. */
export function broken(played: Played): Partial<Record<PromiseName, string[]>> {
  const found = Object.entries(promises).map(([name, check]) => [name, check(played)] as const);
  return Object.fromEntries(found.filter(([, violations]) => violations.length > 0));
}

/** Whether a success was there when the function answered, and its answer arrived. */
function wasInTime(
  { succeededAt }: Run,
  { at, endedAt, fault, error }: Played['simulation']['invocations'][number],
): boolean {
  if (fault !== undefined && fault !== 'coldStart') return false;
  if (error?.message.startsWith('The function timed out')) return false;
  // What ends in the millisecond in which the answer goes out may be in it or not.
  return succeededAt < endedAt || endedAt === at;
}

/**
 * Whether all of its chunk had ended: one that hangs, or takes too long, has all of them fail. In order, none of it may have
 * failed either, since what stands behind a failure waits for its delivery elsewhere, or comes again.
 */
function isWhole({ chunk }: Run, runs: readonly Run[], inOrder: boolean): boolean {
  const together = chunk < 0 ? [] : runs.filter((run) => run.chunk === chunk);
  return together.every(
    ({ pausedMs, threw, returned }) => pausedMs === 0 && !(inOrder && (returned || threw !== undefined)),
  );
}

const successes = (runs: readonly Run[]) =>
  runs.filter((run): run is Run & { succeeded: number } => run.succeeded !== undefined);

const pairOf = ({ record, invocation }: Run): string => `${record}/${invocation}`;
