import { fifoBatch, groupedBatch, keyedBatch, standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as classApi from '../contestants/class-api';
import * as decorator from '../contestants/decorator';
import { type Batch, type Contestants, type Question, timeBatch } from '../question';
import { type Measurement, ratios, type Samples, spreadOf } from '../statistics';
import { unordered } from './by-key';

type Mode = (count: number) => Promise<Samples>;

const mode =
  <E>(batchOf: (count: number) => Batch<E>, contestants: Contestants<E>): Mode =>
  (count) =>
    timeBatch(batchOf(count), contestants);

/** Each of our modes, and what it is to grow no faster than. */
const modes: Readonly<Record<string, Mode>> = {
  parallel: mode(standardBatch, { ours: decorator.parallel, 'by hand': byHand.parallel }),
  sequential: mode(standardBatch, { ours: decorator.sequential, 'by hand': byHand.sequential }),
  sync: mode(standardBatch, { ours: classApi.sync, 'by hand': byHand.sync }),
  'FIFO, stops the batch': mode(fifoBatch, { ours: decorator.failureStopsBatch, 'by hand': byHand.failureStopsBatch }),
  'FIFO, stops the group': mode(groupedBatch, {
    ours: decorator.failureStopsGroup,
    'by hand': byHand.failureStopsGroup,
  }),
  'by key': mode(keyedBatch, { ours: decorator.byKey, 'by hand': unordered }),
  'by key, concurrency 100': mode(keyedBatch, { ours: decorator.byKeyWithLimit, 'by hand': unordered }),
};

const BASE = 1_000;
const LARGER = [10_000, 100_000] as const;
const caseOf = (name: string, count: number): string => `${name}: ${count}`;

/** One figure a process, because those of different processes cannot be compared round by round. */
export const growth: Question = {
  title: 'Growth: cost a record over that in a batch of 1,000',
  unit: 'x',
  against: [],
  at: Object.keys(modes).flatMap((name) => [BASE, ...LARGER].map((count) => caseOf(name, count))),
  processes: 3,
  work: async (at) => {
    const [name, count] = at.split(': ') as [string, string];
    const samples = await modes[name]!(Number(count));
    return Object.fromEntries(Object.entries(samples).map(([who, ns]) => [who, [spreadOf(ns).median / Number(count)]]));
  },
  conclude: (measurements) => LARGER.map((count) => ({ at: String(count), samples: grown(measurements, count) })),
};

function grown(measurements: readonly Measurement[], count: number): Samples {
  const samplesAt = (at: string) => measurements.find((measurement) => measurement.at === at)!.samples;
  const growths = Object.keys(modes).flatMap((name) =>
    ['ours', 'by hand'].map((who) => {
      const both = { small: samplesAt(caseOf(name, BASE))[who]!, large: samplesAt(caseOf(name, count))[who]! };
      return [who === 'ours' ? name : `${name}, by hand`, ratios(both, 'large', 'small')] as const;
    }),
  );
  return Object.fromEntries(growths);
}
