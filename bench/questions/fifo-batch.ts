import { fifoBatch as batchOf } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as decorator from '../contestants/decorator';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const fifoBatch = timed({
  title: 'Cost a record, FIFO, 10 groups: the message in the middle fails and stops the rest of the batch',
  unit: 'ns a record',
  against: ['by hand', 'Powertools'],
  at: [10, 1_000],
  batchOf,
  contestants: {
    'by hand': byHand.failureStopsBatch,
    decorator: decorator.failureStopsBatch,
    Powertools: powertools.failureStopsBatch,
  },
});
