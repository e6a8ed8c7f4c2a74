import type { Context } from 'aws-lambda';

import { NonRetryableError } from '../../lib';
import { ChunkError } from '../../lib/chunk';
import { kafka, type KafkaEvent } from '../../lib/kafka';
import { type AnyEvent, entryFor } from './entries';
import type { MakeEntry } from './play';
import type { PromiseName } from './promises';
import type { Scenario } from './scenario';
import { type AnyRecord, identifierIn, indexOf, type World } from './world';

/** An entry with a mistake that was made before by others, and the promises that it breaks. */
export interface BrokenAnswerer {
  readonly title: string;
  readonly sources: readonly Scenario['source'][];
  readonly breaks: readonly PromiseName[];
  readonly makeEntry: MakeEntry;
}

const answer = (identifiers: readonly string[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

const recordsIn = (event: AnyEvent | KafkaEvent): readonly AnyRecord[] =>
  'records' in event ? kafka.records(event) : event.Records;

/** Runs a method for each record in turn, whatever fails; `report` tells what is answered. */
const oneByOne =
  (report: (records: readonly AnyRecord[], failed: readonly number[]) => readonly string[]): MakeEntry =>
  (_, world) =>
  async (event, context) => {
    const records = recordsIn(event);
    const failed: number[] = [];
    for (const [index, record] of records.entries()) {
      try {
        await world.method(record, context);
      } catch {
        failed.push(index);
      }
    }
    return answer(report(records, failed));
  };

/** The same, with identifiers that were read before the method could overwrite them. */
const careful =
  (report: (identifiers: readonly string[], failed: readonly number[]) => readonly string[]): MakeEntry =>
  (scenario, world) =>
  (event, context) => {
    const identifiers = recordsIn(event).map(identifierIn);
    return oneByOne((_, failed) => report(identifiers, failed))(scenario, world)(event, context);
  };

export const brokenAnswerers: readonly BrokenAnswerer[] = [
  {
    title: 'forgets one identifier',
    sources: ['SQS'],
    breaks: ['nothing is lost', 'nothing is invented'],
    makeEntry: (scenario, world) => {
      const entry = entryFor(scenario, world);
      return async (event, context) => {
        const { batchItemFailures } = (await entry(event, context)) as ReturnType<typeof answer>;
        return { batchItemFailures: batchItemFailures.slice(1) };
      };
    },
  },
  {
    title: 'reads identifiers after the method has overwritten them',
    sources: ['SQS'],
    breaks: ['what succeeded does not come again'],
    makeEntry: oneByOne((records, failed) => failed.map((index) => identifierIn(records[index]!))),
  },
  {
    title: 'goes on after a failure of a FIFO queue',
    sources: ['SQS FIFO'],
    breaks: ['order is kept'],
    makeEntry: careful((identifiers, [first = Infinity]) => identifiers.slice(first)),
  },
  {
    title: 'names records of Kafka by a text',
    sources: ['Kafka'],
    breaks: ['what succeeded does not come again'],
    makeEntry: careful((identifiers, failed) => failed.map((index) => identifiers[index]!)),
  },
  {
    title: 'lets records of a partition overtake one that failed',
    sources: ['Kafka'],
    breaks: ['order is kept'],
    makeEntry: (scenario, world) => entryFor({ ...scenario, order: 'none' }, world),
  },
  {
    title: 'forgets all failures of a chunk but the first',
    sources: ['SQS', 'Kafka'],
    breaks: ['nothing is lost', 'nothing is invented'],
    makeEntry: (scenario, world) => {
      const forgetful = async (records: readonly AnyRecord[], context: Context): Promise<void> => {
        await world.chunkMethod(records, context).catch((error: unknown) => {
          throw new ChunkError(new Map([...(error as ChunkError).failures].slice(0, 1)));
        });
      };
      const chunk = { size: 6, distinct: false };
      const other = Object.create(world, { chunkMethod: { value: forgetful } }) as World;
      return entryFor({ ...scenario, api: 'decorator', order: 'none', chunk }, other);
    },
  },
  {
    title: 'takes sequence numbers for numbers',
    sources: ['KinesisDataStreams', 'DynamoDBStreams'],
    breaks: ['the checkpoint stays behind failures', 'nothing is invented'],
    makeEntry: careful((identifiers, failed) =>
      failed
        .map((index) => identifiers[index]!)
        .sort((one, other) => Number(other) - Number(one))
        .slice(-1),
    ),
  },
  {
    title: 'returns the whole batch where one record failed',
    sources: ['SQS'],
    breaks: ['what succeeded does not come again'],
    makeEntry: careful((identifiers, failed) => (failed.length > 0 ? identifiers : [])),
  },
  {
    title: 'takes whatever is returned for success',
    sources: ['SQS'],
    breaks: ['nothing is lost', 'nothing is invented'],
    makeEntry: (scenario, world) => {
      const ignored = (record: AnyRecord, context: Context): unknown => {
        const value = world.method(record, context);
        return value instanceof Promise ? value.then(() => undefined) : undefined;
      };
      return entryFor(scenario, Object.create(world, { method: { value: ignored } }) as World);
    },
  },
  {
    title: 'lets the event loop run empty where a record hangs',
    sources: ['SQS'],
    breaks: ['nothing is lost', 'nothing is invented'],
    makeEntry: (scenario, world) => async (event, context) => {
      const hangs = event.Records.some((record) => scenario.behaviours[indexOf(record)]!.pauseMs === Infinity);
      return hangs ? new Promise(() => undefined) : entryFor(scenario, world)(event, context);
    },
  },
  {
    title: 'goes on behind what stops the batch',
    sources: ['SQS'],
    breaks: ['a stopped batch starts nothing'],
    makeEntry: careful((identifiers, failed) => failed.map((index) => identifiers[index]!)),
  },
  {
    title: 'counts on a delivery elsewhere that it does not wait for',
    sources: ['SQS'],
    breaks: ['nothing is lost', 'nothing is invented'],
    makeEntry: (_, world) => async (event, context) => {
      const identifiers = event.Records.map(identifierIn);
      const failed: string[] = [];
      for (const [index, record] of event.Records.entries()) {
        try {
          await world.method(record, context);
        } catch (error) {
          if (error instanceof NonRetryableError) world.deliverTo(record, error).catch(() => undefined);
          else failed.push(identifiers[index]!);
        }
      }
      return answer(failed);
    },
  },
  {
    title: 'delivers elsewhere twice to be sure',
    sources: ['SQS'],
    breaks: ['only what failed for good is delivered, and once'],
    makeEntry: (scenario, world) => {
      const { deliverTo } = world;
      const twice = Object.create(world, {
        method: { value: world.method },
        deliverTo: {
          value: async (record: AnyRecord, error: Error) => {
            await deliverTo(record, error);
            await deliverTo(record, error);
          },
        },
      }) as World;
      return entryFor(scenario, twice);
    },
  },
];
