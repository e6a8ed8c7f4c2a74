import { expect } from 'chai';
import sinon from 'sinon';
import { z } from 'zod';

import { type Delivery, type NonRetryable, NonRetryableError } from '../lib';
import { Deadline } from '../lib/engine/deadline';
import { parallel } from '../lib/engine/ordering';
import { run } from '../lib/engine/run';
import { Delivery as DeliveryOfBatch } from '../lib/delivery';
import { readBatch } from '../lib/batch';
import { deliveringJob, type ErrorMatcher } from '../lib/non-retryable';
import { jobOf, revokedProxy, thrownBy, unhandledRejections } from './support/engine';
import { sqsEvent } from './support/events';
import { fakeLogger } from './support/logger';

const { Records } = sqsEvent('a', 'b', 'c');

/** What a job of three records is, with delivery elsewhere. */
function delivering(
  options: NonRetryable,
  attempt: (index: number) => unknown,
  failureOf: (index: number, value: unknown) => Error | undefined = () => undefined,
) {
  const batch = readBatch('SQS', Records);
  const deadline = new Deadline();
  const deliveryOf = (index: number): Delivery => new DeliveryOfBatch(batch, deadline, index);
  const logger = fakeLogger();
  return { job: deliveringJob(jobOf(3, parallel(), attempt), options, { logger, deliveryOf, failureOf }), logger };
}

class ValidationError extends Error {}
class OrderError extends ValidationError {}

describe('Non-retryable errors', () => {
  /** Whether a record with this error is delivered where these are meant. */
  const isMeant = async (errors: readonly unknown[], thrown: unknown): Promise<boolean> => {
    const deliverTo = sinon.fake();
    const { job } = delivering({ errors: errors as ErrorMatcher[], deliverTo }, (index) => {
      if (index === 1) throw thrown;
    });
    const outcomes = await run(job);
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
    const { job } = delivering({ deliverTo: 'discard' }, () => {
      throw new NonRetryableError('poison');
    });
    expect((await run(job)).map(({ status }) => status)).to.deep.equal(Array(3).fill('success'));
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
    const { job } = delivering({ deliverTo: () => undefined }, attemptOf);
    expect(await run(job)).to.deep.equal([
      { status: 'success', value: 0 },
      { status: 'success', delivered: poison },
      { status: 'success', value: 2 },
    ]);
  });

  it('is called with the record, its error and its delivery, as a method of its options', async () => {
    const deliverTo = sinon.fake();
    const options: NonRetryable = { deliverTo };
    await run(delivering(options, attemptOf).job);

    sinon.assert.calledOnceWithExactly(deliverTo, Records[1], poison, sinon.match({ itemIdentifier: 'id-b' }));
    sinon.assert.calledOn(deliverTo, options);
  });

  it('leaves what was thrown as it was where it fails', async () => {
    const thrown = { code: 4711 };
    const options: NonRetryable = { errors: [() => true], deliverTo: () => Promise.reject(new Error('no queue')) };
    const { job } = delivering(options, (index) => {
      if (index === 0) throw thrown;
      return index === 1 ? Promise.reject(thrown) : undefined;
    });
    const outcomes = await run(job);

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['failure', 'failure', 'success']);
    expect(outcomes.slice(0, 2).map(thrownBy)).to.deep.equal([thrown, thrown]);
  });

  it('is made for what was returned as a failure too, and where it fails the value is as it was', async () => {
    for (const deliverTo of [sinon.fake(), sinon.fake.throws(new Error('no queue'))]) {
      const { job } = delivering(
        { deliverTo },
        (index) => index,
        (index, value) => (index === 1 && value === 1 ? poison : undefined),
      );
      const outcome = (await run(job))[1];
      sinon.assert.calledOnce(deliverTo);
      expect(outcome).to.deep.equal(
        deliverTo.exceptions[0] === undefined
          ? { status: 'success', delivered: poison }
          : { status: 'success', value: 1 },
      );
    }
  });

  it('does not make sync attempts async', () => {
    const { job } = delivering({ deliverTo: 'discard' }, () => 'now');
    expect(job.attempt(0)).to.equal('now');
  });

  it('keeps what thenables resolve to', async () => {
    const { job } = delivering({ deliverTo: 'discard' }, () => ({
      then: (resolve: (value: string) => void) => {
        resolve('later');
      },
    }));
    expect((await run(job))[0]).to.deep.equal({ status: 'success', value: 'later' });
  });

  it('is made for what thenables reject with, also those whose `then` returns nothing', async () => {
    const deliverTo = sinon.fake();
    const { job } = delivering({ deliverTo }, (index) => ({
      then: (_: unknown, reject: (reason: unknown) => void) => {
        reject(index === 1 ? poison : new Error('failed'));
      },
    }));

    expect((await run(job)).map(({ status }) => status)).to.deep.equal(['failure', 'success', 'failure']);
    sinon.assert.calledOnce(deliverTo);
  });
});
