import { runInNewContext } from 'node:vm';

import { expect } from 'chai';

import { ChunkError } from '../../lib/chunk';
import { resultsOfReturned, resultsOfThrown } from '../../lib/chunk/results';
import { revokedProxy, unhandledRejections } from '../support/engine';

const failed = new Error('failed');

describe('What a method says of a chunk', () => {
  it('is success for all where it returns nothing', () => {
    expect(resultsOfReturned(undefined, 3)).to.deep.equal([undefined, undefined, undefined]);
  });

  for (const value of [null, false, 0, '', 'SECRET', [], {}, failed, Symbol('s'), () => 1, 7n, revokedProxy()]) {
    it(`is failure for all where it returns ${typeof value === 'object' && value !== null ? 'an object' : String(value)}`, () => {
      const [one, other] = resultsOfReturned(value, 2);
      expect(one!.error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('ChunkError');
      expect((one!.error as Error).message).not.to.include('SECRET');
      expect(other!.error).to.equal(one!.error);
    });
  }

  it('is failure for all where it returns promises, of which none is seen to reject', async () => {
    const unhandled = await unhandledRejections(async () => {
      expect(resultsOfReturned([Promise.reject(failed)], 1)[0]!.error).to.be.an.instanceOf(TypeError);
    });
    expect(unhandled).to.be.empty;
  });

  it('is failure for all where the failures of a ChunkError cannot be read', () => {
    const error = new ChunkError(new Map([[0, failed]]));
    Object.defineProperty(error, 'failures', {
      get: () => {
        throw new Error('hostile');
      },
    });
    expect(resultsOfThrown(error, 2)).to.deep.equal([{ error }, { error }]);
  });

  it('is failure for those that a ChunkError names', () => {
    const error = new ChunkError(new Map([[0, failed]]));
    expect(resultsOfThrown(error, 3)).to.deep.equal([{ error: failed }, undefined, undefined]);
    expect(resultsOfThrown(new ChunkError(new Map([[2, undefined]])), 3)).to.deep.equal([
      undefined,
      undefined,
      { error: undefined },
    ]);
  });

  it('may come in a map of another realm', () => {
    const error = new ChunkError(runInNewContext('new Map([[1, "no"]])') as Map<number, unknown>);
    expect(resultsOfThrown(error, 2)).to.deep.equal([undefined, { error: 'no' }]);
  });

  for (const failures of [new Map(), new Map([[3, failed]]), new Map([['1', failed]]), {}, revokedProxy(), undefined]) {
    it('is failure for all where a ChunkError names what is not in the chunk', () => {
      const error = new ChunkError(new Map());
      Object.defineProperty(error, 'failures', { value: failures });
      expect(resultsOfThrown(error, 3).map((result) => result!.error === error)).to.deep.equal([true, true, true]);
    });
  }

  it('is failure for all where anything else is thrown', () => {
    for (const thrown of [failed, undefined, 'no', revokedProxy()]) {
      expect(resultsOfThrown(thrown, 2).map((result) => result!.error === thrown)).to.deep.equal([true, true]);
    }
  });
});
