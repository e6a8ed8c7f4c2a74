import type { Context, SQSEvent } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessor,
  BatchProcessorSync,
  createBatchHandler,
  FullBatchFailureError,
  observe,
  processPartialResponse,
  processPartialResponseSync,
} from '../../lib';
import { ChunkError, chunksOf } from '../../lib/chunk';
import type { Outcome } from '../../lib/engine/outcome';
import { reader } from '../../lib/payload';
import { delayBy } from '../../lib/retry-delay';
import { ConsumerStoppedError } from '../../lib/sqs-consumer';
import { containerContext } from '../../lib/sqs-consumer/container-context';
import { type Host, Hosting } from '../../lib/sqs-consumer/hosting';
import { sqsEvent } from '../../lib/testing';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { ways } from '../support/ways';

const arn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
const event = (...bodies: string[]): SQSEvent => ({
  Records: sqsEvent(bodies).Records.map((record, index) => ({ ...record, receiptHandle: bodies[index]! })),
});

/** What a host was told. */
function telling(more: Partial<Host> = {}) {
  const told: string[] = [];
  const tell = (what: string) => (handle: string | undefined, outcome?: Outcome) => {
    told.push([what, handle, ...(outcome ? [outcome.status] : [])].join(' '));
  };
  const host: Host = {
    started: tell('started'),
    settled: tell('settled'),
    ended: tell('ended'),
    beforeConclusion: () => undefined,
    ...more,
  };
  const hosting = new Hosting(host);
  const context: Context = containerContext(arn, () => 30_000, hosting.extension);
  return { told, hosting, context };
}

describe('Who hosts a call', () => {
  for (const way of ways) {
    describe(`of an entry made by ${way.title}`, () => {
      it('is told of each record when it starts, when it has settled, and at the end', async () => {
        const { told, context } = telling();
        const method = async ({ body }: { readonly body: string }) => {
          if (body === 'b') throw new Error('no');
        };
        const answer = await way.respond(event('a', 'b', 'c'), method, { logger: fakeLogger() }, context);

        expect(answer.batchItemFailures).to.have.length(1);
        expect(told.slice(0, 3)).to.have.members(['started a', 'started b', 'started c']);
        expect(told.slice(3, 6)).to.have.members(['settled a success', 'settled b failure', 'settled c success']);
        expect(told.slice(6)).to.deep.equal(['ended a success', 'ended b failure', 'ended c success']);
      });

      it('ends it: what runs has failed, its signal aborts, and what has not started is not run', async () => {
        const { told, context, hosting } = telling();
        const stopped = new ConsumerStoppedError(20);
        const hung = new Deferred();
        const method = ({ body }: { readonly body: string }) => (body === 'a' ? undefined : hung.promise);
        const options = { logger: fakeLogger(), concurrency: 2 };
        const answer = way.respond(event('a', 'b', 'c', 'd'), method, options, context);
        await settled();
        hosting.stop(stopped);

        const { batchItemFailures } = await answer;
        expect(batchItemFailures).to.have.length(3);
        expect(told.slice(-4)).to.deep.equal([
          'ended a success',
          'ended b failure',
          'ended c failure',
          'ended d unprocessed',
        ]);
        hung.resolve(); // too late
        await settled();
        expect(told).to.have.length(3 + 3 + 4);
      });

      it('ends it before its first record where that is later', async () => {
        const { told, context, hosting } = telling();
        const method = sinon.spy();
        hosting.stop(new ConsumerStoppedError(20));

        const error = await rejection(way.respond(event('a', 'b'), method, { logger: fakeLogger() }, context));
        expect(error).to.be.an.instanceOf(FullBatchFailureError);
        sinon.assert.notCalled(method);
        expect(told).to.deep.equal(['ended a unprocessed', 'ended b unprocessed']);
      });
    });
  }

  it('is told of what a sync processor does', () => {
    const { told, context } = telling();
    const processor = new BatchProcessorSync('SQS');
    processPartialResponseSync(event('a', 'b'), () => undefined, processor, { context });

    expect(told).to.deep.equal([
      ...['started a', 'settled a success', 'started b', 'settled b success'],
      ...['ended a success', 'ended b success'],
    ]);
  });

  it('aborts the signal of each record that runs, for its own reason, and with recordTimeout too', async () => {
    for (const recordTimeout of [undefined, 60_000]) {
      const { context, hosting } = telling();
      const stopped = new ConsumerStoppedError(20);
      const reasons: unknown[] = [];
      const entry = createBatchHandler(
        { source: 'SQS', logger: fakeLogger(), recordTimeout },
        (record, _context, { signal }) =>
          record.body === 'a' &&
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reasons.push(signal.reason);
              reject(new Error('stopped in the middle'));
            });
          }),
      );
      const answer = entry(event('a', 'b'), context);
      await settled();
      hosting.stop(stopped);

      expect((await answer).batchItemFailures).to.have.length(1);
      expect(reasons).to.deep.equal([stopped]);
    }
  });

  it('is told of records that are handled in chunks, and ends those too', async () => {
    const { told, context, hosting } = telling();
    const hung = new Deferred();
    const entry = createBatchHandler(
      { source: 'SQS', logger: fakeLogger(), chunk: chunksOf(2), concurrency: 1 },
      (records) => {
        if (records[0]!.body === 'c') return hung.promise;
        throw new ChunkError(new Map([[1, new Error('no')]]));
      },
    );
    const answer = entry(event('a', 'b', 'c', 'd', 'e'), context);
    await settled();
    expect(told).to.include.members(['settled a success', 'settled b failure', 'started c', 'started d']);
    hosting.stop(new ConsumerStoppedError(20));

    expect((await answer).batchItemFailures).to.have.length(4);
    expect(told.slice(-3)).to.deep.equal(['ended c failure', 'ended d failure', 'ended e unprocessed']);
  });

  const never = (): Promise<never> => new Promise(() => undefined);
  class Hanging extends BatchProcessor {
    constructor(readonly hook: 'prepare' | 'clean') {
      super('SQS');
    }

    override prepare() {
      return (this.hook === 'prepare' ? never() : undefined) as never;
    }

    override clean() {
      return (this.hook === 'clean' ? never() : undefined) as never;
    }
  }
  const throughProcessor = (hook: 'prepare' | 'clean') => (context: Context) =>
    processPartialResponse(event('a', 'b'), () => undefined, new Hanging(hook), { context, logger: fakeLogger() });
  const hanging: [what: string, call: (context: Context, method: () => void) => Promise<unknown>][] = [
    [
      'a reader of chunks',
      (context, method) =>
        createBatchHandler({ source: 'SQS', logger: fakeLogger(), payload: reader(never), chunk: chunksOf(2) }, method)(
          event('a', 'b'),
          context,
        ),
    ],
    [
      'onBatchStart of an observer',
      (context, method) =>
        createBatchHandler(
          { source: 'SQS', logger: fakeLogger(), observers: [observe({ onBatchStart: never })] },
          method,
        )(event('a', 'b'), context),
    ],
    [
      'onBatchEnd of an observer',
      (context) =>
        createBatchHandler(
          { source: 'SQS', logger: fakeLogger(), observers: [observe({ onBatchEnd: never })] },
          () => undefined,
        )(event('a', 'b'), context),
    ],
    ['prepare of a processor', throughProcessor('prepare')],
    ['clean of a processor', throughProcessor('clean')],
  ];
  for (const [what, call] of hanging) {
    it(`ends what hangs in ${what}`, async () => {
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        let left = 3_600_000;
        const { told, hosting } = telling();
        const context = containerContext(arn, () => left, hosting.extension);
        const method = sinon.spy();
        const over = sinon.spy();
        call(context, method).then(over, over);
        await clock.tickAsync(1_000);
        sinon.assert.notCalled(over);
        left = 5_000;
        hosting.stop(new ConsumerStoppedError(20));
        await clock.tickAsync(5_000);

        sinon.assert.calledOnce(over);
        sinon.assert.notCalled(method);
        expect(told.filter((line) => line.startsWith('ended'))).to.have.length(2);
      } finally {
        clock.restore();
      }
    });
  }

  it('surrounds other extensions, has a conclusion wait, and is told where the records come in several batches', async () => {
    const changing = new Deferred();
    const order: string[] = [];
    const { told, context } = telling({ beforeConclusion: () => changing.promise });
    const client = { send: () => Promise.resolve(void order.push('delayed')) };
    const entry = createBatchHandler(
      {
        source: 'SQS',
        logger: fakeLogger(),
        retryDelay: delayBy(() => 5, { client }),
        observers: [observe({ onBatchEnd: () => void order.push('end') })],
      },
      () => {
        throw new Error('no');
      },
    );
    const answers = ['a', 'b'].map((body) => rejection(entry(event(body), context)));
    await settled();
    order.push('changed');
    changing.resolve();
    await Promise.all(answers);

    expect(order).to.deep.equal(['changed', 'delayed', 'delayed', 'end', 'end']);
    expect(told.filter((line) => line.startsWith('ended'))).to.deep.equal(['ended a failure', 'ended b failure']);
  });

  it('is told of a record that a wrapper has made anew, and of no message where it has no receipt handle', async () => {
    const { told, context } = telling();
    const entry = createBatchHandler({ source: 'SQS' }, () => undefined);
    const { Records } = event('a', 'b');
    const { receiptHandle: _, ...without } = Records[1]!;
    await entry({ Records: [{ ...Records[0]! }, without as never] }, context);

    expect(told.slice(0, 2)).to.deep.equal(['started a', 'started ']);
  });

  it('is nobody where a context has something else in that place, as a mock may', async () => {
    const anything: unknown = new Proxy(() => undefined, { get: () => () => undefined });
    const context = new Proxy({}, { get: () => anything }) as Context;
    const entry = createBatchHandler({ source: 'SQS' }, () => undefined);

    expect(await entry(event('a'), context)).to.deep.equal({ batchItemFailures: [] });
    expect(await entry(event('a'), null as never)).to.deep.equal({ batchItemFailures: [] });
  });
});
