import { expect } from 'chai';

import { knownOptions } from '../../lib/errors/known-options';

describe('The options of a function', () => {
  const known = (options: unknown) =>
    knownOptions('backoff', options as { base?: number; max?: number }, '{ base: 5 }', ['base', 'max']);

  it('are what was given, where all of them are known', () => {
    for (const options of [{}, { base: 5 }, { base: undefined, max: 1 }]) expect(known(options)).to.equal(options);
  });

  it('are refused where there is no such option: with a typing error it would do nothing', () => {
    expect(() => known({ bsae: 5 })).to.throw(TypeError, /^backoff: unknown option bsae; expected one of base, max\.$/);
  });

  for (const wrong of [null, 5, 'fast', () => 1]) {
    it(`are refused where they are no object: ${String(wrong)}`, () => {
      expect(() => known(wrong)).to.throw(TypeError, 'backoff: expected options such as { base: 5 }, received');
    });
  }
});
