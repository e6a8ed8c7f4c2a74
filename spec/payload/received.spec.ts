import { expect } from 'chai';

import { received } from '../../lib/payload/received';
import { revokedProxy } from '../support/engine';
import { secret } from '../support/payload';

describe('What was received', () => {
  for (const [value, words] of [
    [undefined, 'received undefined.'],
    [null, 'received null.'],
    [{ secret }, 'received an object: was it parsed before?'],
    [[secret], 'received an array: was it parsed before?'],
    [4711, 'received a value of type number: was it parsed before?'],
    [true, 'received a value of type boolean: was it parsed before?'],
    [secret, 'received other text: was it parsed before?'],
  ] as const) {
    it(`is told of ${typeof value} in words, and never quoted: ${words}`, () => {
      expect(received(value)).to.equal(words);
    });
  }

  it('is told of a proxy that is over by throwing, as the reading of a payload expects', () => {
    expect(() => received(revokedProxy())).to.throw(TypeError);
  });
});
