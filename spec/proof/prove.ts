import { AssertionError } from 'node:assert';

import fc from 'fast-check';

import { NonRetryableError, StopBatchError } from '../../lib';
import { type Played, play } from './play';
import { broken } from './promises';
import { scenarios } from './scenario';

/** What has been played so far. */
export class Tally {
  batches = 0;
  runs = 0;
  deadLettered = 0;
  /** The kinds of scenarios, faults and ends that came up. */
  readonly seen = new Set<string>();
  readonly #started = performance.now();

  add({ scenario, simulation, world }: Played): void {
    const { source, api, order, bisect, nonRetryable, recordTimeout, stopBeforeTimeout, behaviours } = scenario;
    this.batches += simulation.invocations.length;
    this.runs += world.runs.length;
    this.deadLettered += simulation.deadLettered.length;
    this.seen.add(`${source}, ${order}, ${scenario.chunk === undefined ? api : 'chunks'}`);
    for (const { fault, error } of simulation.invocations) {
      if (fault !== undefined) this.seen.add(fault);
      if (error !== undefined) this.seen.add(error.message.replace(/\d.*/, '').trim());
    }
    if (bisect && simulation.timeline.some(({ what }) => what === 'split')) this.seen.add('split');
    const hasLateEffect = world.runs.some(
      ({ succeededAt, invocation }) => succeededAt > simulation.invocations[invocation]!.endedAt,
    );
    if (hasLateEffect) this.seen.add('late effect');
    for (const { record, thrown, returned, delivered } of world.runs) {
      if (thrown instanceof StopBatchError) this.seen.add(`stopped, ${api}`);
      if (returned) this.seen.add(`returned, ${api}`);
      const limit = recordTimeout ? 'recordTimeout' : stopBeforeTimeout ? 'stopBeforeTimeout' : 'the timeout';
      if (behaviours[record]!.pauseMs === Infinity) this.seen.add(`hung until ${limit}`);
      if (delivered > 0) this.seen.add('delivered elsewhere');
      else if (nonRetryable && thrown instanceof NonRetryableError) this.seen.add('delivery that failed');
    }
  }

  get summary(): string {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const { batches, runs, deadLettered } = this;
    return `${batches} simulated batches, ${runs} runs of a method, ${deadLettered} dead letters, in ${seconds} s`;
  }
}

/**
 * Plays scenarios, and adds them to the tally.
 *
 * @throws Error with the smallest scenario found that breaks a promise, and the seed that leads to it
 */
export async function prove(seed: number, tally: Tally): Promise<void> {
  const keepsItsPromises = fc.asyncProperty(scenarios, async (scenario) => {
    const played = await play(scenario);
    tally.add(played);
    const violations = broken(played);
    if (Object.keys(violations).length > 0) throw new AssertionError({ message: JSON.stringify(violations, null, 2) });
  });
  await fc.assert(keepsItsPromises, { seed, numRuns: 100 });
}
