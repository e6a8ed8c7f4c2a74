import { Readable } from 'node:stream';
import vm from 'node:vm';

import { expect } from 'chai';
import { Observable } from 'rxjs';
import sinon from 'sinon';

import { isGenerator, lazyKindOf, ranNothing, refusalOf } from '../../lib/batch/returned';
import { BatchProcessingError } from '../../lib/errors';
import { revokedProxy, unhandledRejections } from '../support/engine';
import { settled } from '../support/promises';

/** What compilers for targets without generators make of one. */
const compiledGenerator = (symbol: symbol) => ({
  next: () => ({ done: true }),
  throw: () => undefined,
  return: () => undefined,
  [symbol]: () => undefined,
});

const thenable = {
  then: (resolve: (value: string) => void) => {
    resolve('done');
  },
};

describe('isGenerator', () => {
  it('knows what a generator function gives, async or not, and of another realm', () => {
    expect(isGenerator((function* () {})())).to.be.true;
    expect(isGenerator((async function* () {})())).to.be.true;
    expect(isGenerator(vm.runInNewContext('(function* () {})()'))).to.be.true;
  });

  it('knows what compilers for older targets make of one', () => {
    expect(isGenerator(compiledGenerator(Symbol.iterator))).to.be.true;
    expect(isGenerator(compiledGenerator(Symbol.asyncIterator))).to.be.true;
  });

  it('takes nothing else for one, not even what iterates', () => {
    const iterates = { next: () => ({ done: true }), [Symbol.iterator]: () => ({}) };

    for (const value of [undefined, null, 'text', 7, {}, [], new Map().values(), iterates, Promise.resolve()]) {
      expect(isGenerator(value)).to.be.false;
    }
    expect(isGenerator(function* () {})).to.be.false;
    expect(isGenerator(compiledGenerator(Symbol('no iterator')))).to.be.false;
    expect(isGenerator(revokedProxy())).to.be.false;
  });
});

describe('lazyKindOf', () => {
  const effect = { [Symbol.for('effect/Effect')]: {}, [Symbol.iterator]: () => undefined, pipe: () => undefined };
  const declared = Symbol('observable');

  for (const [what, value, kind] of [
    ['a function, such as a TaskEither', () => Promise.resolve(), 'a function'],
    ['a class', class {}, 'a function'],
    ['a generator', (function* () {})(), 'a generator'],
    ['an async generator', (async function* () {})(), 'a generator'],
    ['a compiled generator', compiledGenerator(Symbol.asyncIterator), 'a generator'],
    ['a stream', Readable.from([]), 'an iterator'],
    ['an async iterable', { [Symbol.asyncIterator]: () => undefined }, 'an iterator'],
    ['an iterator', new Map().values(), 'an iterator'],
    ['an Observable of RxJS', new Observable(), 'an Observable'],
    ['an Effect', effect, 'an Effect'],
    ['an Effect from 4 on', { '~effect/Effect': {} }, 'an Effect'],
  ] as const) {
    it(`names ${what}`, () => {
      expect(lazyKindOf(value)).to.equal(kind);
    });
  }

  it('names an Observable where Symbol.observable is defined', () => {
    const symbols = Symbol as { observable?: symbol };
    symbols.observable = declared;
    try {
      expect(lazyKindOf({ [declared]: () => undefined })).to.equal('an Observable');
    } finally {
      delete symbols.observable;
    }
    expect(lazyKindOf({ [declared]: () => undefined })).to.equal(undefined);
  });

  it('takes nothing else for one, not even what iterates and can be iterated again', () => {
    const iterableThenable = Object.assign({ [Symbol.asyncIterator]: () => undefined }, thenable); // queries of mongoose and knex
    const values = [undefined, null, 'text', 7, true, {}, [], new Set(), new Map(), new Date(), Buffer.from('a')];
    for (const value of [...values, Promise.resolve(), thenable, iterableThenable, Object.assign(() => 1, thenable)]) {
      expect(lazyKindOf(value)).to.equal(undefined);
    }
  });
});

describe('refusalOf', () => {
  it('is the error that was returned', () => {
    const error = new RangeError('no room');

    expect(refusalOf(error)).to.equal(error);
    expect(refusalOf(vm.runInNewContext('new TypeError("of another realm")'))).to.have.property('name', 'TypeError');
  });

  it("is an error that says what to do where Lambda's own answer is returned", () => {
    for (const failures of [[], [{ itemIdentifier: 'm1' }]]) {
      expect(refusalOf({ batchItemFailures: failures }))
        .to.be.an.instanceOf(BatchProcessingError)
        .with.property('message')
        .that.matches(
          /^The method handles one record, and has to throw where that fails; it returned \{ batchItemFailures \}\.$/,
        );
    }
  });

  it('is an error that names what nothing of has run', () => {
    expect(refusalOf(() => 1)).to.have.property('message', ranNothing('a function').message);
    expect(refusalOf((async function* () {})())).to.have.property('message', ranNothing().message);
  });

  it('is an error that says what to do where promises are returned in an array, of which none is seen to reject', async () => {
    const rejected = Promise.reject(new Error('gone'));
    const unhandled = await unhandledRejections(async () => {
      for (const promises of [[rejected], ['text', Promise.resolve()], [thenable]]) {
        expect(refusalOf(promises))
          .to.be.an.instanceOf(BatchProcessingError)
          .with.property(
            'message',
            'The method returned an array of promises, which nobody awaits: return Promise.all of them.',
          );
      }
      await settled();
    });
    expect(unhandled).to.be.empty;
  });

  it('begins nothing that only begins when it is awaited', () => {
    const query = { then: sinon.spy() };
    refusalOf([query]);
    sinon.assert.notCalled(query.then);
  });

  it('is none for all other values, which are ignored', () => {
    const values = [
      undefined,
      null,
      false,
      0,
      '',
      'text',
      {},
      [],
      [1, {}, null],
      { batchItemFailures: 'none' },
      { statusCode: 500 },
    ];
    for (const value of [...values, new Map(), Promise.resolve(), { isErr: () => true }, revokedProxy()]) {
      expect(refusalOf(value)).to.equal(undefined);
    }
  });
});

describe('ranNothing', () => {
  it('is the error of a record of which nothing has run, and says what to do', () => {
    expect(ranNothing()).to.be.an.instanceOf(BatchProcessingError);
    expect(ranNothing().message).to.equal(
      'The method returned a generator, of which nothing has run: await what it does.',
    );
  });
});
