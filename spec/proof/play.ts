import { type FaultName, type Simulation, simulateKafka, simulateQueue, simulateStream } from '../../lib/testing';
import { type Entry, entryFor } from './entries';
import { partitionOf, type Scenario } from './scenario';
import { World } from './world';

/** A scenario that has been played, and all that is to be seen of it. */
export interface Played {
  readonly scenario: Scenario;
  readonly simulation: Simulation<unknown>;
  readonly world: World;
}

/** Makes the entry of a scenario. */
export type MakeEntry = (scenario: Scenario, world: World) => Entry;

/** Plays a scenario to its end. */
export async function play(scenario: Scenario, makeEntry: MakeEntry = entryFor): Promise<Played> {
  const world = new World(scenario);
  let invocation = -1;
  const watched = (entry: Entry): Entry => {
    return (event, context) => {
      world.invoked(invocation, context); // the one that faults were asked for just before
      return entry(event, context);
    };
  };
  const handler = watched(makeEntry(scenario, world)) as never;
  const coldStart = scenario.sharedEntry ? undefined : () => watched(makeEntry(scenario, world)) as never;
  const faults = ({ index }: { index: number }): FaultName | undefined => {
    invocation = index;
    return scenario.faults[index];
  };
  const common: Common = { handler, coldStart, faults, ioWaitMs: 0, batchSize: scenario.batchSize };
  const simulation = await simulate(scenario, common);
  return { scenario, simulation, world };
}

interface Common {
  readonly handler: never;
  readonly coldStart: (() => never) | undefined;
  readonly faults: (invocation: { index: number }) => FaultName | undefined;
  readonly ioWaitMs: number;
  readonly batchSize: number;
}

function simulate(scenario: Scenario, common: Common): Promise<Simulation<unknown>> {
  const { source, keys, attempts, overlapping, bisect } = scenario;
  const payloads = keys.map((_, index) => String(index));
  const keyOf = (_: unknown, index: number): string => keys[index]!;
  if (source === 'SQS' || source === 'SQS FIFO') {
    return simulateQueue({
      ...common,
      messages: payloads,
      fifo: source === 'SQS FIFO',
      messageGroupId: keyOf,
      maxReceiveCount: attempts,
      maximumConcurrency: overlapping,
    });
  }
  const rules = {
    ...common,
    maximumRetryAttempts: attempts - 1,
    parallelizationFactor: overlapping,
    bisectBatchOnFunctionError: bisect,
  };
  if (source === 'Kafka') {
    const { parallelizationFactor: pollers, ...shared } = rules;
    const { undocumented } = scenario;
    const partition = (_: unknown, index: number): number => partitionOf(keys[index]!);
    return simulateKafka({ ...shared, undocumented, pollers, records: payloads, partitions: 2, partition, key: keyOf });
  }
  if (source === 'KinesisDataStreams') return simulateStream({ ...rules, records: payloads, partitionKey: keyOf });
  return simulateStream({
    ...rules,
    source,
    records: keys.map((id, position) => ({ eventName: 'INSERT' as const, keys: { id }, newImage: { position } })),
  });
}
