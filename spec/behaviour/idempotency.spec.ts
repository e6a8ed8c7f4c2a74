import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, EventType, processPartialResponse, SqsFifoPartialProcessorAsync } from '../../lib';
import { InMemoryPersistence } from '../../samples/support/in-memory-persistence';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, settled } from '../support/promises';

const logger = fakeLogger();

/** Notes what it is called with, and makes it idempotent by the body of the record. */
function idempotentBy(handle: (record: SQSRecord) => unknown) {
  const ran: string[] = [];
  const noting = async (record: SQSRecord, ..._rest: unknown[]): Promise<unknown> => {
    ran.push(record.body);
    return handle(record);
  };
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'body' });
  return { ran, handler: makeIdempotent(noting, { persistenceStore: new InMemoryPersistence(), config }) };
}

const picky = ({ body }: SQSRecord): void => {
  if (body.startsWith('bad')) throw new Error(`no ${body}`);
};

describe('makeIdempotent, once a record', () => {
  const ways = {
    'in a decorated method': (handler: ReturnType<typeof idempotentBy>['handler']) =>
      handlerFor({ source: 'SQS', fifo: true, logger }, (record, context) => handler(record, context)),
    'around the record handler of processPartialResponse': (handler: ReturnType<typeof idempotentBy>['handler']) => {
      const processor = new SqsFifoPartialProcessorAsync();
      return (event: ReturnType<typeof fifoEvent>, context: ReturnType<typeof lambdaContext>) =>
        processPartialResponse(event, handler, processor, { context });
    },
  };

  afterEach(() => {
    sinon.restore();
  });

  for (const [where, entryOf] of Object.entries(ways)) {
    it(`runs what has succeeded no more, what has failed again, and what was stopped for the first time, ${where}`, async () => {
      const warn = sinon.stub(console, 'warn');
      const { ran, handler } = idempotentBy(picky);
      const entry = entryOf(handler);

      expect(await entry(fifoEvent('a', 'bad', 'c'), lambdaContext())).to.deep.equal(reporting('bad', 'c'));
      expect(await entry(fifoEvent('a', 'c', 'bad'), lambdaContext())).to.deep.equal(reporting('bad'));
      expect(ran).to.deep.equal(['a', 'bad', 'c', 'bad']);
      sinon.assert.notCalled(warn); // it takes the context from its second argument
    });
  }

  it('finishes what was reported at the deadline, which comes again until then', async () => {
    const clock = sinon.useFakeTimers();
    const gate = new Deferred();
    const { ran, handler } = idempotentBy(() => gate.promise);
    const entry = handlerFor(
      { source: 'SQS', logger, stopBeforeTimeout: 100, throwOnFullBatchFailure: false },
      (record, context) => handler(record, context),
    );
    const deliver = async (tick: number): Promise<unknown> => {
      const deadline = Date.now() + 1_000;
      const answer = entry(
        sqsEvent('slow'),
        lambdaContext(() => deadline - Date.now()),
      );
      await clock.tickAsync(tick);
      return answer;
    };

    expect(await deliver(900)).to.deep.equal(reporting('slow'));
    expect(await deliver(0)).to.deep.equal(reporting('slow')); // in progress
    gate.resolve();
    await clock.tickAsync(0);
    expect(await deliver(0)).to.deep.equal(reporting());
    expect(ran).to.deep.equal(['slow']);
  });

  it('fails the copy of a record that is in progress, in an overlapping invocation too', async () => {
    const gate = new Deferred();
    const { ran, handler } = idempotentBy(() => gate.promise);
    const processor = new BatchProcessor(EventType.SQS);
    const entry = (...bodies: string[]) =>
      processPartialResponse(sqsEvent(...bodies), handler, processor, {
        context: lambdaContext(),
        throwOnFullBatchFailure: false,
      });
    const first = entry('a', 'b');
    const second = entry('b');
    await settled();
    gate.resolve();

    expect(await Promise.all([first, second])).to.deep.equal([reporting(), reporting('b')]);
    expect(ran).to.deep.equal(['a', 'b']);
  });
});
