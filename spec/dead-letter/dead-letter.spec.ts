import { expect } from 'chai';
import sinon from 'sinon';
import { z } from 'zod';

import { NonRetryableError, StopBatchError } from '../../lib';
import { deadLetter, type DeadLetterOptions, type ErrorMatcher } from '../../lib/dead-letter';
import { revokedProxy, thrownBy, unhandledRejections } from '../support/engine';
import { outcomesOf, Records } from './outcomes';

/** What becomes of three records, with delivery elsewhere. */
const delivering = (options: DeadLetterOptions<unknown>, ...rest: Tail<Parameters<typeof outcomesOf>>) =>
  outcomesOf({ nonRetryable: deadLetter(options) }, ...rest);

type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

class ValidationError extends Error {}
class OrderError extends ValidationError {}

describe('Non-retryable errors', () => {
  /** Whether a record with this error is delivered where these are meant. */
  const isMeant = async (errors: readonly unknown[], thrown: unknown): Promise<boolean> => {
    const deliverTo = sinon.fake();
    const outcomes = await delivering({ errors: errors as ErrorMatcher[], deliverTo }, (index) => {
      if (index === 1) throw thrown;
    });
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'success',
      deliverTo.called ? 'success' : 'failure',
      'success',
    ]);
    return deliverTo.called;
  };

  function notAnArrow(error: Error): boolean {
    return error.message === 'poison';
  }

  const zodError = (): unknown => z.string().safeParse(1).error;
  const meant: [what: string, matcher: unknown, thrown: () => unknown][] = [
    ['of a class', ValidationError, () => new ValidationError()],
    ['of a subclass', ValidationError, () => new OrderError()],
    ['of the class Error', Error, () => new TypeError()],
    ['that a matcher names', (error: Error) => error.message === 'poison', () => new Error('poison')],
    ['that a function with a prototype names', notAnArrow, () => new Error('poison')],
    ['of a class with its own idea of instances, as ZodError is', z.ZodError, zodError],
    ['of DOMException', DOMException, () => new DOMException('aborted', 'AbortError')],
    ['made of what is no Error', (error: Error) => error.cause === 4711, () => 4711],
  ];
  for (const [what, matcher, thrown] of meant) {
    it(`are those ${what}`, async () => {
      expect(await isMeant([matcher], thrown())).to.equal(true);
      expect(await isMeant([RangeError, matcher], thrown())).to.equal(true);
    });
  }

  it('are always those of NonRetryableError', async () => {
    expect(await isMeant([], new NonRetryableError('poison'))).to.equal(true);
    expect(await isMeant([], new (class extends NonRetryableError {})('poison'))).to.equal(true);
  });

  it('need not be named', async () => {
    const outcomes = await delivering({ deliverTo: 'discard' }, () => {
      throw new NonRetryableError('poison');
    });
    expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(3).fill('success'));
  });

  const hostile: [what: string, matcher: unknown][] = [
    ['another class', RangeError],
    ['a subclass', OrderError],
    ['ZodError', z.ZodError],
    ['a function that says no', () => false],
    ['a function that throws', sinon.stub().throws()],
    ['a function that rejects', () => Promise.reject(new Error('async'))],
    ['a function that resolves to true, because nobody waits for it', () => Promise.resolve(true)],
    ['a function that returns what is not true', () => 1],
    ['a revoked proxy', revokedProxy(() => true)],
    [
      'a class whose instances cannot be told',
      class {
        static [Symbol.hasInstance](): never {
          throw new Error('hostile');
        }
      },
    ],
  ];
  for (const [what, matcher] of hostile) {
    it(`are not those of others: ${what}`, async () => {
      const unhandled = await unhandledRejections(async () => {
        expect(await isMeant([matcher], new ValidationError('poison'))).to.equal(false);
        expect(await isMeant([matcher, ValidationError], new ValidationError('poison'))).to.equal(true);
      });
      expect(unhandled).to.deep.equal([]);
    });
  }

  it('are never those that stop the batch, whatever is meant: their record comes again', async () => {
    const deliverTo = sinon.fake();
    const thrown = new StopBatchError('the downstream is away');
    const [outcome] = await delivering({ errors: [StopBatchError, Error, () => true], deliverTo }, () => {
      throw thrown;
    });
    expect(thrownBy(outcome)).to.equal(thrown);
    sinon.assert.notCalled(deliverTo);
  });

  it('are never made by calling a class of errors', async () => {
    const called = sinon.fake();
    function OldError(): void {
      called();
    }
    OldError.prototype = Object.create(Error.prototype) as object;

    expect(await isMeant([OldError, Error], new Error('poison'))).to.equal(true);
    sinon.assert.notCalled(called);
  });
});

describe('A delivery elsewhere', () => {
  const poison = new NonRetryableError('poison');
  const attemptOf = (index: number): unknown => (index === 1 ? Promise.reject(poison) : index);

  it('makes the record a success that remembers its error', async () => {
    expect(await delivering({ deliverTo: () => undefined }, attemptOf)).to.deep.equal([
      { status: 'success', value: 0 },
      { status: 'success', delivered: poison },
      { status: 'success', value: 2 },
    ]);
  });

  it('is called with the record, its error and its delivery, as a method of its options', async () => {
    const deliverTo = sinon.fake();
    const options: DeadLetterOptions<unknown> = { deliverTo };
    await delivering(options, attemptOf);

    sinon.assert.calledOnceWithExactly(deliverTo, Records[1], poison, sinon.match({ itemIdentifier: 'id-b' }));
    sinon.assert.calledOn(deliverTo, options);
  });

  it('leaves what was thrown as it was where it fails', async () => {
    const thrown = { code: 4711 };
    const deliverTo = () => Promise.reject(new Error('no queue'));
    const outcomes = await delivering({ errors: [() => true], deliverTo }, (index) => {
      if (index === 0) throw thrown;
      return index === 1 ? Promise.reject(thrown) : undefined;
    });

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['failure', 'failure', 'success']);
    expect(outcomes.slice(0, 2).map(thrownBy)).to.deep.equal([thrown, thrown]);
  });

  it('is made for what was returned as a failure too, and where it fails the value is as it was', async () => {
    for (const deliverTo of [sinon.fake(), sinon.fake.throws(new Error('no queue'))]) {
      const [, outcome] = await delivering(
        { deliverTo },
        (index) => index,
        (index, value) => (index === 1 && value === 1 ? poison : undefined),
      );
      sinon.assert.calledOnce(deliverTo);
      expect(outcome).to.deep.equal(
        deliverTo.exceptions[0] === undefined
          ? { status: 'success', delivered: poison }
          : { status: 'success', value: 1 },
      );
    }
  });

  it('does not make sync attempts async', () => {
    const participant = deadLetter({ deliverTo: 'discard' })({ failureOf: () => undefined } as never);
    expect(participant.around!(0, () => 'now')).to.equal('now');
  });

  it('keeps what thenables resolve to', async () => {
    const [outcome] = await delivering({ deliverTo: 'discard' }, () => ({
      then: (resolve: (value: string) => void) => {
        resolve('later');
      },
    }));
    expect(outcome).to.deep.equal({ status: 'success', value: 'later' });
  });

  it('is made for what thenables reject with, also those whose `then` returns nothing', async () => {
    const deliverTo = sinon.fake();
    const outcomes = await delivering({ deliverTo }, (index) => ({
      then: (_: unknown, reject: (reason: unknown) => void) => {
        reject(index === 1 ? poison : new Error('failed'));
      },
    }));

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['failure', 'success', 'failure']);
    sinon.assert.calledOnce(deliverTo);
  });
});

describe('deadLetter', () => {
  const received = (value: string) =>
    `deadLetter: expected deliverTo to be a function or 'discard', received ${value}.`;

  for (const [what, options, message] of [
    ['nothing', undefined, received('undefined (undefined)')],
    ['null', null, received('undefined (undefined)')],
    ["'discard' alone", 'discard', received('undefined (undefined)')],
    ['options without deliverTo', {}, received('undefined (undefined)')],
    ['another word', { deliverTo: 'drop' }, received("'drop' (string)")],
    [
      'names of errors',
      { deliverTo: 'discard', errors: ['Error'] },
      "deadLetter: expected errors to be [class or function, ...], received [ 'Error' ] (object).",
    ],
    [
      'an error class that is in no list',
      { deliverTo: 'discard', errors: TypeError },
      'received [Function: TypeError]',
    ],
    ['null for errors', { deliverTo: 'discard', errors: null }, 'received null (object).'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => deadLetter(options as never)).to.throw(TypeError, message);
    });
  }

  it('refuses generator functions, of which nothing runs when they are called', () => {
    const message = 'deadLetter: expected deliverTo to be an async function, received a generator function.';
    for (const deliverTo of [function* () {}, async function* () {}]) {
      expect(() => deadLetter({ deliverTo } as never)).to.throw(TypeError, message);
    }
  });

  it('makes a value that serves any number of batches, also at the same time', async () => {
    const delivered: unknown[] = [];
    const nonRetryable = deadLetter({ deliverTo: (record) => delivered.push(record) });
    const run = (bad: number) =>
      outcomesOf({ nonRetryable }, (index) => (index === bad ? Promise.reject(new NonRetryableError('no')) : index));
    const batches = await Promise.all([run(0), run(2)]);

    expect(delivered).to.have.members([Records[0], Records[2]]);
    expect(batches.map((outcomes) => outcomes.map((outcome) => 'delivered' in outcome))).to.deep.equal([
      [true, false, false],
      [false, false, true],
    ]);
  });

  it('asks nobody before there is a batch', () => {
    const deliverTo = sinon.fake();
    const matcher = sinon.fake();
    deadLetter({ errors: [matcher], deliverTo });
    sinon.assert.notCalled(deliverTo);
    sinon.assert.notCalled(matcher);
  });
});
