import { standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as decorator from '../contestants/decorator';
import * as middy from '../contestants/middy';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const parallel = timed({
  title: 'Cost a record, side by side: async no-op handler, 1% failing',
  unit: 'ns a record',
  against: ['by hand', 'Powertools'],
  at: [10, 100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: {
    'by hand': byHand.parallel,
    decorator: decorator.parallel,
    Powertools: powertools.parallel,
    middy: middy.parallel,
  },
});
