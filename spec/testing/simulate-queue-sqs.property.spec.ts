import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';

import { NonRetryableError } from '../../lib';
import { deadLetter, sqsQueue } from '../../lib/dead-letter';
import { delayBy } from '../../lib/retry-delay';
import { SimulatedSqs, simulateQueue } from '../../lib/testing';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

/** How a message fares: how often it fails before it succeeds, whether it fails for good, and how often nobody takes it then. */
const fate = fc.record({
  failures: fc.integer({ min: 0, max: 4 }),
  hopeless: fc.boolean(),
  refusals: fc.integer({ min: 0, max: 4 }),
});

const settings = fc.record({
  fifo: fc.boolean(),
  batchSize: fc.integer({ min: 1, max: 10 }),
  maxReceiveCount: fc.integer({ min: 1, max: 5 }),
  maximumConcurrency: fc.integer({ min: 1, max: 3 }),
  delay: fc.constantFrom(-1, 0, 5, 60),
  seed: fc.nat(),
});

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
const receives = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

describe('simulateQueue, whatever fails', () => {
  it('has each message end in one way: done, delivered elsewhere as often as it was consumed so, or dead-lettered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 12 }),
        settings,
        async (fates, { delay, ...given }) => {
          const refused = new Map<string, number>();
          const sqs = new SimulatedSqs({
            refuses: ({ body }) => {
              const { index, refusals } = JSON.parse(body) as { index: string; refusals: number };
              const count = refused.get(index) ?? 0;
              refused.set(index, count + 1);
              return count < refusals;
            },
          });
          const handler = handlerFor<'SQS'>(
            {
              source: 'SQS',
              logger: fakeLogger(),
              ...(given.fifo && { fifo: true, skipGroupOnError: true }),
              nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client: sqs }) }),
              retryDelay: delayBy(() => delay, { client: sqs }),
            } as Parameters<typeof handlerFor<'SQS'>>[0],
            (record) => {
              const { failures, hopeless } = JSON.parse(record.body) as { failures: number; hopeless: boolean };
              if (receives(record) <= failures) throw new Error('not now');
              if (hopeless) throw new NonRetryableError('never');
            },
          );
          const messages = fates.map((it, index) => ({ ...it, index }));
          const messageGroupId = ({ index }: { index: number }) => String(index % 3);
          const result = await simulateQueue({
            handler,
            messages,
            ...given,
            ...(given.fifo && { messageGroupId }),
            sqs,
          });

          const { deleted, deliveredElsewhere, deadLettered, remaining, deliveries } = result;
          const indexes = (list: readonly { readonly index: number }[]) => list.map(({ index }) => index);
          const ends = [...indexes(deleted), ...indexes(deliveredElsewhere), ...indexes(deadLettered)];
          expect(remaining).to.deep.equal([]);
          expect(ends.sort((one, other) => one - other)).to.deep.equal(messages.map(({ index }) => index));
          expect(deleted.filter(({ payload }) => payload.hopeless)).to.deep.equal([]);
          expect(deliveredElsewhere.filter(({ payload }) => !payload.hopeless)).to.deep.equal([]);
          const consumed = deliveries.filter(({ outcome }) => outcome === 'delivered elsewhere');
          const sent = sqs.sent.map(({ body }) => (JSON.parse(body) as { index: number }).index);
          expect(indexes(consumed)).to.have.members(indexes(deliveredElsewhere));
          expect(sent).to.have.members(indexes(deliveredElsewhere));
          for (const { receiveCount } of deadLettered) expect(receiveCount).to.equal(given.maxReceiveCount);
        },
      ),
      { numRuns: 60 },
    );
  });
});
