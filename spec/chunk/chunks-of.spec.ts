import { expect } from 'chai';

import { isChunk } from '../../lib/batch/chunking';
import * as subpath from '../../lib/chunk';
import { chunksOf } from '../../lib/chunk';

describe('chunksOf', () => {
  it('makes a value for the option chunk, which nobody changes', () => {
    const chunk = chunksOf(25, { maxBytes: 1_000, distinct: (item: string) => item });
    expect(isChunk(chunk)).to.equal(true);
    expect(Object.isFrozen(chunk)).to.equal(true);
    for (const other of [undefined, null, {}, 25, { size: 25 }, () => chunk]) expect(isChunk(other)).to.equal(false);
  });

  for (const [what, size] of Object.entries({
    nothing: 0,
    'a fraction': 2.5,
    'too many': 10_001,
    'a text': '25',
    Infinity,
    undefined,
  })) {
    it(`refuses chunks of ${what}`, () => {
      expect(() => chunksOf(size as number)).to.throw(TypeError, 'chunksOf: expected a size from 1 to 10000, received');
    });
  }

  it('takes from one to ten thousand', () => {
    for (const size of [1, 10_000]) expect(() => chunksOf(size)).not.to.throw();
  });

  it('refuses options that are none, or have a value they can not have', () => {
    for (const [options, message] of [
      [null, 'expected options such as { maxBytes, distinct }'],
      [25, 'expected options such as'],
      [{ size: 25 }, 'unknown option size; expected one of maxBytes, distinct'],
      [{ maxBytes: 0 }, 'expected maxBytes to be a positive integer, received 0'],
      [{ maxBytes: 1.5 }, 'expected maxBytes to be a positive integer'],
      [{ maxBytes: '9' }, 'expected maxBytes to be a positive integer'],
      [{ distinct: false }, 'expected distinct to be true or a function, received false'],
      [{ distinct: 'id' }, 'expected distinct to be true or a function'],
    ] as const) {
      expect(() => chunksOf(2, options as never)).to.throw(TypeError, message);
    }
    expect(() => chunksOf(2, { maxBytes: undefined, distinct: undefined })).not.to.throw();
  });

  it('is of a subpath with no more than what belongs to it', () => {
    expect(Object.keys(subpath)).to.include.members(['ChunkError', 'chunksOf']);
  });
});
