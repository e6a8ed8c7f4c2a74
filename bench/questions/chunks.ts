import * as chunks from '../contestants/chunks';
import { timed } from '../question';

export const inChunks = timed({
  title: 'A batch of 1,000 records in chunks of 25: a call of 5 ms each, ten at once',
  unit: 'ms',
  against: ['by hand, a loop over slices', 'decorator, one record a call'],
  at: [1_000],
  batchOf: chunks.messages,
  contestants: {
    'by hand, a loop over slices': chunks.slices,
    'decorator, chunks': chunks.chunks,
    'decorator, one record a call': chunks.singles,
  },
});
