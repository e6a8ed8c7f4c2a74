import vm from 'node:vm';

import { expect } from 'chai';

import { BatchProcessingError } from '../../lib/errors';
import { toError } from '../../lib/errors/to-error';
import { revokedProxy } from '../support/engine';
import { secret } from '../support/payload';

const throwing = () => {
  throw new Error('hostile');
};

class ValidationError {
  readonly value = secret;
}

describe('toError', () => {
  it('leaves an error as it is, of any class and any realm (3c 5)', () => {
    class Custom extends Error {}
    for (const error of [
      new Error('plain'),
      new Custom('custom'),
      Object.freeze(new Error('frozen')),
      new AggregateError([]),
      new DOMException('aborted', 'AbortError'),
      vm.runInNewContext('new TypeError("elsewhere")') as Error,
    ]) {
      expect(toError(error)).to.equal(error);
    }
  });

  it('takes a thrown text for the message (3c 5)', () => {
    const error = toError('out of stock');

    expect(error).to.be.an.instanceOf(BatchProcessingError).with.property('message', 'out of stock');
    expect(error.cause).to.equal('out of stock');
  });

  for (const [what, thrown, described] of [
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['a bigint', 7n, '7'],
    ['a boolean', false, 'false'],
    ['a symbol', Symbol('odd'), 'Symbol(odd)'],
    ['a function', () => secret, 'a function'],
    ['an object', { body: secret }, 'an object'],
    ['an array', [secret], 'an array of 1 (String)'],
    ['an empty array', [], 'an array of 0'],
    ['an array, as class-validator rejects with one', [new ValidationError()], 'an array of 1 (ValidationError)'],
    ['an object of a class', new ValidationError(), 'an object (ValidationError)'],
    ['an object whose class has no name', new (class {})(), 'an object'],
    ['an object with a constructor of its own', { constructor: { name: secret } }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
    ['an object that cannot be written', { toString: throwing, toJSON: throwing }, 'an object'],
  ] as [string, unknown, string][]) {
    it(`makes an error of ${what}, which becomes its cause (3c 5)`, () => {
      const error = toError(thrown);

      expect(error).to.be.an.instanceOf(BatchProcessingError);
      expect(error.message).to.equal(`The record failed with ${described}, which is no Error.`);
      expect(error.cause).to.equal(thrown);
    });
  }

  it('makes an error of an error whose message cannot be read, or is no text', () => {
    const unreadable = Object.defineProperty(new Error(), 'message', { get: throwing });
    const odd = Object.assign(new Error(), { message: { toString: throwing } });

    expect(toError(unreadable)).to.be.an.instanceOf(BatchProcessingError).with.property('cause', unreadable);
    expect(toError(odd)).to.be.an.instanceOf(BatchProcessingError).with.property('cause', odd);
  });

  it('makes an error of a revoked proxy, of an object and of an error', () => {
    for (const proxy of [revokedProxy(), revokedProxy(new Error())]) {
      const error = toError(proxy);

      expect(error).to.be.an.instanceOf(BatchProcessingError);
      expect(error.message).to.match(/which is no Error|cannot be read/);
      expect(error.cause === proxy).to.be.true;
    }
  });
});
