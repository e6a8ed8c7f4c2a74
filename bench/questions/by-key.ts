import type { KinesisStreamRecord } from 'aws-lambda';

import { keyedBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as decorator from '../contestants/decorator';
import { handleData } from '../contestants/handlers';
import { timed } from '../question';

const handle = async (record: KinesisStreamRecord): Promise<void> => handleData(record.kinesis.data);

/** By hand there is no order: that is what order may cost. */
export const unordered = byHand.parallelOf(handle, byHand.sequenceNumber);

export const byKey = timed({
  title: 'Cost a record, Kinesis in key order, 500 keys: async no-op handler, 1% failing',
  unit: 'ns a record',
  against: ['by hand, no order'],
  at: [10_000],
  batchOf: keyedBatch,
  contestants: {
    'by hand, no order': unordered,
    'decorator, no limit': decorator.byKey,
    'decorator, concurrency 100': decorator.byKeyWithLimit,
  },
});
