import { standardBatch } from '../contestants/batches';
import * as decorator from '../contestants/decorator';
import { timed } from '../question';

export const observers = timed({
  title: 'Cost a record of observers: side by side, 1% failing',
  unit: 'ns a record',
  against: ['decorator'],
  at: [100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: {
    decorator: decorator.parallel,
    'with no observers': decorator.withoutObservers,
    'with one that does nothing': decorator.withObserver,
  },
});
