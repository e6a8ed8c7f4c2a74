import { standardBatch } from '../contestants/batches';
import * as decorator from '../contestants/decorator';
import { timed } from '../question';

export const deadline = timed({
  title: 'Cost a record of stopBeforeTimeout, where the timeout is far: side by side, 1% failing',
  unit: 'ns a record',
  against: ['decorator'],
  at: [100, 1_000, 10_000],
  batchOf: standardBatch,
  contestants: { decorator: decorator.parallel, 'with stopBeforeTimeout': decorator.withDeadline },
});
