import { inspect } from 'node:util';

import { expect } from 'chai';

import { BatchProcessingError } from '../../lib';
import { ChunkError } from '../../lib/chunk';
import { anotherCopyOf } from '../support/another-copy';

describe('ChunkError', () => {
  const secret = new Map([[1, new Error('SECRET-4711')]]);

  it('tells how many records failed, and holds them where no log shows them', () => {
    const cause = new Error('cause');
    const error = new ChunkError(secret, { cause });
    expect(error).to.be.an.instanceOf(BatchProcessingError).and.an.instanceOf(Error);
    expect(error).to.include({ name: 'ChunkError', message: 'Some records of the chunk failed: 1.', cause });
    expect(error.failures).to.equal(secret);
    expect(inspect(new ChunkError(secret))).not.to.include('SECRET');
    expect(JSON.stringify(new ChunkError(secret))).not.to.include('SECRET');
  });

  it('can be made of anything, which fails its chunk and not the one who throws it', () => {
    for (const failures of [undefined, null, 7, {}, []]) {
      expect(new ChunkError(failures as never).message).to.match(/^Some records of the chunk failed: /);
    }
  });

  it('is one also where it comes from another copy of the package', () => {
    const { ChunkError: Other } = anotherCopyOf('chunk') as { ChunkError: typeof ChunkError };
    expect(Other).not.to.equal(ChunkError);
    expect(new Other(secret)).to.be.an.instanceOf(ChunkError);
    expect(new BatchProcessingError('other')).not.to.be.an.instanceOf(ChunkError);
  });
});
