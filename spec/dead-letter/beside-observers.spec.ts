import type { KinesisStreamRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler, type Delivery, NonRetryableError, observe } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { kinesisEvent, lambdaContext, nameOf } from '../support/events';
import { fakeLogger } from '../support/logger';
import { Deferred, settled } from '../support/promises';
import { outcomesOf } from './outcomes';

describe('A delivery elsewhere, beside observers', () => {
  const poison = new NonRetryableError('poison');

  it('is over before they are told of the failure, and not within what they put around the method', async () => {
    const delivering = new Deferred();
    const seen: string[] = [];
    const observer = observe({
      aroundRecord: async (_: Delivery, next: () => unknown) => {
        try {
          await next();
        } finally {
          seen.push('around');
        }
      },
      onRecordFailure: (_: Delivery, error: Error, delivered: boolean) => seen.push(`${error.message} ${delivered}`),
    });
    const deliverTo = sinon.fake(() => {
      seen.push('delivery');
      return delivering.promise;
    });
    const outcomes = outcomesOf({ nonRetryable: deadLetter({ deliverTo }), observers: [observer] }, (index) =>
      index === 0 ? Promise.reject(poison) : index,
    );
    await settled();
    expect(seen).to.have.members(['delivery', ...Array<string>(3).fill('around')]);

    delivering.resolve();
    expect((await outcomes)[0]).to.deep.equal({ status: 'success', delivered: poison });
    expect(seen.at(-1)).to.equal('poison true');
    expect(seen).to.have.length(5);
  });

  it('is what they are told of whatever their place in the list, and whatever the order of the options', async () => {
    const seen: string[] = [];
    const observer = (name: string) =>
      observe({ onRecordFailure: (_, error, delivered) => seen.push(`${name}: ${error.message} ${delivered}`) });
    const nonRetryable = deadLetter({ deliverTo: 'discard' });
    const observers = [observer('1'), observer('2')];
    const attempt = (index: number) => (index === 0 ? Promise.reject(poison) : index);
    await outcomesOf({ nonRetryable, observers }, attempt);
    await outcomesOf({ observers, nonRetryable }, attempt);

    const told = ['1: poison true', '2: poison true'];
    expect(seen).to.deep.equal([...told, ...told]);
  });

  it('leaves count, ordering and keys as they are', async () => {
    const extensions = { nonRetryable: deadLetter({ deliverTo: 'discard' }), observers: [observe({})] };
    /** The records in the order in which they run where each takes until the next turn, and how many ran at once. */
    const run = async (options: object) => {
      const ran: string[] = [];
      let running = 0;
      let most = 0;
      const handler = createBatchHandler(
        { source: 'KinesisDataStreams', order: 'key', concurrency: 2, logger: fakeLogger(), ...options },
        async (record: KinesisStreamRecord) => {
          ran.push(nameOf(record));
          most = Math.max(most, ++running);
          await settled();
          running--;
          if (nameOf(record) === 'b1') throw new Error('no');
        },
      );
      const { batchItemFailures } = await handler(kinesisEvent('a1', 'b1', 'c1', 'a2', 'b2', 'c2'), lambdaContext());
      return { ran, most, batchItemFailures };
    };
    const plain = await run({});
    expect(plain).to.include({ most: 2 }).and.have.property('ran').with.members(['a1', 'b1', 'c1', 'a2', 'c2']);
    expect(await run(extensions)).to.deep.equal(plain);
  });
});
