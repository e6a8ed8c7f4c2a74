import { expect } from 'chai';

import { FullBatchFailureError } from '../../lib';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

const context = lambdaContext();
const logger = fakeLogger();

const picky = async ({ body }: { body: string }): Promise<void> => {
  if (body.startsWith('bad')) throw new Error(`no ${body}`);
};

describe('An entry that serves many invocations', () => {
  it('forgets each batch when the next one comes (3c 2)', async () => {
    const handler = handlerFor({ source: 'SQS', logger }, picky);

    expect(await rejection(handler(sqsEvent('bad1', 'bad2'), context))).to.be.an.instanceOf(FullBatchFailureError);
    expect(await handler(sqsEvent('a'), context)).to.deep.equal(reporting());
    expect(await handler(sqsEvent('a', 'bad3'), context)).to.deep.equal(reporting('bad3'));
    expect(await handler(sqsEvent('a'), context)).to.deep.equal(reporting());
    const failure = (await rejection(handler(sqsEvent('bad4'), context))) as FullBatchFailureError;
    expect(failure.recordErrors.map((error) => error.message)).to.deep.equal(['no bad4']);
  });

  it('answers with a fresh object each time (3c 3)', async () => {
    const handler = handlerFor({ source: 'SQS', logger }, picky);
    const first = await handler(sqsEvent('a'), context);
    first.batchItemFailures.push({ itemIdentifier: 'phantom' });
    Object.freeze(await handler(sqsEvent('a'), context));

    expect(await handler(sqsEvent('a'), context)).to.deep.equal(reporting());
    expect(await handler({ Records: [] }, context)).to.deep.equal(reporting());
    expect(await handlerFor({ source: 'SQS', logger }, picky)(sqsEvent('a'), context)).to.deep.equal(reporting());
  });

  for (const [what, options, eventOf] of [
    ['a standard queue', {}, sqsEvent],
    ['a FIFO queue', { fifo: true }, fifoEvent],
    ['FIFO groups', { fifo: true, skipGroupOnError: true }, fifoEvent],
  ] as const) {
    it(`keeps overlapping invocations of ${what} apart (3c 4)`, async () => {
      const gate = new Deferred();
      const handler = handlerFor({ source: 'SQS', logger, ...options }, async (record) => {
        if (record.body.endsWith('slow')) await gate.promise;
        await picky(record);
      });
      const failing = handler(eventOf('a', 'bad slow', 'b'), context);
      const clean = handler(eventOf('c slow', 'd'), context);
      await settled();
      expect(await handler(eventOf('e'), context)).to.deep.equal(reporting());
      gate.resolve();

      expect((await failing).batchItemFailures).to.deep.include({ itemIdentifier: 'id-bad slow' });
      expect(await clean).to.deep.equal(reporting());
    });
  }
});
