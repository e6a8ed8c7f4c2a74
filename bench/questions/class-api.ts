import { standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as classApi from '../contestants/class-api';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const classApiParallel = timed({
  title: 'Cost a record of the class API, side by side, plain and with processRecord overridden: 1% failing',
  unit: 'ns a record',
  against: ['by hand', 'Powertools', 'Powertools, overridden'],
  at: [10, 100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: {
    'by hand': byHand.parallel,
    'class API': classApi.parallel,
    'class API, overridden': classApi.overridden,
    Powertools: powertools.parallel,
    'Powertools, overridden': powertools.overridden,
  },
});
