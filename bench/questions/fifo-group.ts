import { groupedBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as decorator from '../contestants/decorator';
import * as powertools from '../contestants/powertools';
import { timed } from '../question';

export const fifoGroup = timed({
  title: 'Cost a record, FIFO, 10 groups: the message in the middle fails and stops its group',
  unit: 'ns a record',
  against: ['by hand', 'Powertools'],
  at: [10, 1_000],
  batchOf: groupedBatch,
  contestants: {
    'by hand': byHand.failureStopsGroup,
    decorator: decorator.failureStopsGroup,
    Powertools: powertools.failureStopsGroup,
  },
});
