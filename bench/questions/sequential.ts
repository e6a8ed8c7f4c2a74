import { standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as classApi from '../contestants/class-api';
import * as decorator from '../contestants/decorator';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const sequential = timed({
  title: 'Cost a record, one after another: async no-op handler, 1% failing',
  unit: 'ns a record',
  against: ['by hand', 'Powertools'],
  at: [10, 100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: {
    'by hand': byHand.sequential,
    decorator: decorator.sequential,
    'class API': classApi.sequential,
    Powertools: powertools.sequential,
  },
});
