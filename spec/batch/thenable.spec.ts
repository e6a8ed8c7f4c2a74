import { expect } from 'chai';
import sinon from 'sinon';

import { hush, isThenable, quietly } from '../../lib/batch/thenable';
import { revokedProxy, unhandledRejections } from '../support/engine';
import { hostileCalls } from '../support/hostile';

describe('quietly', () => {
  it('gives what the observer returns, also a promise', async () => {
    const promise = Promise.resolve('later');

    expect(quietly(() => 'now')).to.equal('now');
    expect(quietly(() => promise)).to.equal(promise);
    expect(await quietly(() => promise)).to.equal('later');
  });

  for (const [what, observe] of Object.entries(hostileCalls)) {
    it(`survives an observer ${what} (3c 16)`, async () => {
      const unhandled = await unhandledRejections(async () => {
        void quietly(observe);
      });

      expect(unhandled).to.be.empty;
    });
  }
});

describe('hush', () => {
  it('has promises in an array reject for nobody', async () => {
    const unhandled = await unhandledRejections(async () => {
      hush(['text', Promise.reject(new Error('no')), Promise.resolve()]);
    });

    expect(unhandled).to.be.empty;
  });

  it('calls nothing of what is a thenable only, and takes any value', () => {
    const query = { then: sinon.spy() };
    for (const value of [[query], undefined, null, query, 'text', revokedProxy()]) hush(value);

    sinon.assert.notCalled(query.then);
  });
});

describe('isThenable', () => {
  it('knows promises, and objects and functions that have a then', () => {
    const callable = Object.assign(() => undefined, { then: () => undefined });

    for (const value of [Promise.resolve(), { then: () => undefined }, callable]) {
      expect(isThenable(value)).to.be.true;
    }
  });

  it('knows that other values are none', () => {
    for (const value of [undefined, null, 0, 'then', Symbol('then'), {}, { then: 'soon' }, () => undefined, []]) {
      expect(isThenable(value)).to.be.false;
    }
    expect(isThenable(Object.create(null))).to.be.false;
  });
});
