import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, BatchProcessorSync, UnexpectedBatchTypeError } from '../../lib';
import { respond, respondSync } from '../../lib/processors/respond';
import type { Runnable } from '../../lib/processors/runnable';
import { kinesisEvent, reporting, sqsEvent } from '../support/events';
import { ledger, ledgerEvent } from '../support/made-up-source';
import { failing } from '../support/processors';
import { Deferred, rejection } from '../support/promises';

/** What users stub of a processor in a unit test. */
const stub = () => {
  const calls: unknown[][] = [];
  const note =
    (name: string, result?: unknown) =>
    (...args: unknown[]): unknown => {
      calls.push([name, ...args]);
      return result;
    };
  const processor = {
    register: note('register'),
    process: note('process', Promise.resolve([])),
    processSync: note('processSync', []),
    response: note('response', reporting('stubbed')),
  } as unknown as Runnable;
  return { calls, processor };
};

describe('respond', () => {
  it('registers, processes and asks for the response, in this order', async () => {
    const { calls, processor } = stub();
    const event = sqsEvent('a');
    const [handler, options] = [failing(), {}];
    expect(await respond(event, handler, processor, options)).to.deep.equal(reporting('stubbed'));
    expect(calls).to.deep.equal([['register', event.Records, handler, options], ['process'], ['response']]);
  });

  it('takes the records out of an event as the row of the processor does', async () => {
    const event = ledgerEvent('cash#1 a', 'bank#1 b');
    const processor = new BatchProcessor(ledger);
    await respond(event, sinon.fake(), processor, undefined);
    expect(processor.records).to.deep.equal([event.books.cash![0], event.books.bank![0]]);
  });

  it('rejects what it does not take, before anything is registered', async () => {
    const { calls, processor } = stub();
    expect(await rejection(respond(undefined, failing(), processor, {}))).to.be.an.instanceOf(UnexpectedBatchTypeError);
    expect(await rejection(respond(sqsEvent('a'), 'handler' as never, processor, {}))).to.be.an.instanceOf(TypeError);
    expect(calls).to.deep.equal([]);
  });

  it('answers each of two invocations that overlap on one processor with its own', async () => {
    const processor = new BatchProcessor('SQS');
    const gate = new Deferred();
    const slow = respond(
      sqsEvent('a', 'b'),
      async (record: never) => {
        await gate.promise;
        return failing('a')(record);
      },
      processor,
      undefined,
    );
    expect(await respond(sqsEvent('c', 'd'), failing('d'), processor, undefined)).to.deep.equal(reporting('d'));
    gate.resolve();
    expect(await slow).to.deep.equal(reporting('a'));
  });
});

describe('respondSync', () => {
  it('registers, processes and asks for the response, in this order', () => {
    const { calls, processor } = stub();
    const event = sqsEvent('a');
    const [handler, options] = [failing(), {}];
    expect(respondSync(event, handler, processor, options)).to.deep.equal(reporting('stubbed'));
    expect(calls).to.deep.equal([['register', event.Records, handler, options], ['processSync'], ['response']]);
  });

  it('throws what it does not take, before anything is registered', () => {
    const { calls, processor } = stub();
    expect(() => respondSync(undefined, failing(), processor, {})).to.throw(UnexpectedBatchTypeError);
    expect(() => respondSync(sqsEvent('a'), 'handler' as never, processor, {})).to.throw(TypeError);
    expect(calls).to.deep.equal([]);
  });

  it('leaves the processor ready for the next event, also where the batch has failed', () => {
    const processor = new BatchProcessorSync('SQS');
    expect(() => respondSync(kinesisEvent('a'), failing(), processor, {})).to.throw(UnexpectedBatchTypeError);
    expect(() => respondSync(sqsEvent('a'), failing('a'), processor, {})).to.throw();
    expect(respondSync(sqsEvent('a', 'b'), failing('b'), processor, {})).to.deep.equal(reporting('b'));
  });
});
