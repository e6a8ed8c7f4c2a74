import { standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as classApi from '../contestants/class-api';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const sync = timed({
  title: 'Cost a record, sync: no-op handler, 1% failing',
  unit: 'ns a record',
  against: ['by hand', 'Powertools'],
  at: [10, 100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: {
    'by hand': byHand.sync,
    'class API': classApi.sync,
    Powertools: powertools.sync,
  },
});
