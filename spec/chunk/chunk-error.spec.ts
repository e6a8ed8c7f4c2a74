import { inspect } from 'node:util';

import { expect } from 'chai';

import { BatchProcessingError } from '../../lib';
import { ChunkError } from '../../lib/chunk';
import { anotherCopyOf } from '../support/another-copy';

describe('ChunkError', () => {
  const secret = new Map([[1, new Error('SECRET-4711')]]);

  it('tells which records failed, and holds their errors where no log shows them', () => {
    const cause = new Error('cause');
    const error = new ChunkError(secret, { cause });
    expect(error).to.be.an.instanceOf(BatchProcessingError).and.an.instanceOf(Error);
    expect(error).to.include({ name: 'ChunkError', message: 'Records of the chunk failed, by their index: 1.', cause });
    expect(error.failures).to.equal(secret);
    expect(inspect(new ChunkError(secret))).not.to.include('SECRET');
    expect(JSON.stringify(new ChunkError(secret))).not.to.include('SECRET');
  });

  it('tells of what does not fit, so that its index can be found, and of nothing that could be a payload', () => {
    const twelve = new Map(Array.from({ length: 12 }, (_, index) => [index, 'no'] as const));
    for (const [failures, told] of [
      [new Map(), 'none'],
      [
        new Map<unknown, unknown>([
          [9, 'no'],
          ['SECRET', 'no'],
        ]),
        '9, a value of type string',
      ],
      [twelve, '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more'],
      [undefined, 'none, since it was given no Map'],
      [null, 'none, since it was given no Map'],
      [{ 1: 'SECRET' }, 'none, since it was given no Map'],
      [[1], 'none, since it was given no Map'],
    ] as const) {
      expect(new ChunkError(failures as never).message).to.equal(
        `Records of the chunk failed, by their index: ${told}.`,
      );
    }
  });

  it('is one also where it comes from another copy of the package', () => {
    const { ChunkError: Other } = anotherCopyOf('chunk') as { ChunkError: typeof ChunkError };
    expect(Other).not.to.equal(ChunkError);
    expect(new Other(secret)).to.be.an.instanceOf(ChunkError);
    expect(new BatchProcessingError('other')).not.to.be.an.instanceOf(ChunkError);
  });
});
