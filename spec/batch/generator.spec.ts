import vm from 'node:vm';

import { expect } from 'chai';

import { isGenerator, ranNothing } from '../../lib/batch/generator';
import { BatchProcessingError } from '../../lib/errors';
import { revokedProxy } from '../support/engine';

describe('isGenerator', () => {
  it('knows what a generator function gives, async or not, and of another realm', () => {
    expect(isGenerator((function* () {})())).to.be.true;
    expect(isGenerator((async function* () {})())).to.be.true;
    expect(isGenerator(vm.runInNewContext('(function* () {})()'))).to.be.true;
  });

  it('takes nothing else for one, not even what iterates', () => {
    const iterates = { next: () => ({ done: true }), [Symbol.iterator]: () => ({}) };

    for (const value of [undefined, null, 'text', 7, {}, [], new Map().values(), iterates, Promise.resolve()]) {
      expect(isGenerator(value)).to.be.false;
    }
    expect(isGenerator(function* () {})).to.be.false;
    expect(isGenerator(revokedProxy())).to.be.false;
  });
});

describe('ranNothing', () => {
  it('is the error of a record of which nothing has run, and says what to do', () => {
    expect(ranNothing()).to.be.an.instanceOf(BatchProcessingError);
    expect(ranNothing().message).to.equal(
      'A generator was returned for the record, of which nothing has run: use an async function.',
    );
  });
});
