import { keepAlive, letGo } from '../../lib/batch/keep-alive';
import { standardBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import type { Entry } from '../contestants/entry';
import { timed } from '../question';

const plain = byHand.parallel;

const keptAlive: Entry<Parameters<typeof plain>[0]> = async (event, context) => {
  const hold = keepAlive(context);
  try {
    return await plain(event, context);
  } finally {
    letGo(hold);
  }
};

const wrapped: Entry<Parameters<typeof plain>[0]> = async (event, context) => {
  try {
    return await plain(event, context);
  } finally {
    nothing();
  }
};

const nothing = (): void => undefined;

export const keptAliveBatch = timed({
  title: 'Cost a record of what keeps the process alive: by hand, 1% failing',
  unit: 'ns a record',
  against: ['by hand'],
  at: [10],
  batchOf: standardBatch,
  contestants: { 'by hand': wrapped, 'kept alive': keptAlive },
});
