import { expect } from 'chai';
import fc from 'fast-check';

import { type BatchEvent, interpretResponse } from '../../lib/testing';
import { dynamodbEvent, type fifoRecord, fifoEvent, kinesisEvent, sqsEvent } from '../support/events';

const listing = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('Whatever it is given, interpretResponse', () => {
  /** Batches of either kind: their records are named by their place and, in a FIFO queue, a group. */
  const queues = fc.oneof(
    fc.integer({ min: 1, max: 12 }).map((count) => sqsEvent(...Array.from({ length: count }, (_, i) => String(i)))),
    fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 })
      .map((groups) => fifoEvent(...groups.map((group, index) => `${group}${index}`))),
  );
  const streams = fc
    .tuple(fc.constantFrom(kinesisEvent, dynamodbEvent), fc.integer({ min: 1, max: 12 }))
    .map(([eventOf, count]): BatchEvent => eventOf(...Array.from({ length: count }, () => 'a')));
  /** The identifiers of a batch, as an answer that failed tells them. */
  const idsOf = (event: BatchEvent) => [...interpretResponse(event, new Error()).returned];

  /** A batch with some of its identifiers, in any order. */
  const reported = (events: fc.Arbitrary<BatchEvent>) =>
    events.chain((event) =>
      fc.record({ event: fc.constant(event), listed: fc.shuffledSubarray(idsOf(event), { minLength: 1 }) }),
    );

  it('returns of a queue exactly what is listed, in record order', () => {
    fc.assert(
      fc.property(reported(queues), ({ event, listed }) => {
        const { outcome, returned } = interpretResponse(event, listing(...listed));

        expect(outcome).to.equal('partial');
        expect(returned).to.deep.equal(idsOf(event).filter((identifier) => listed.includes(identifier)));
      }),
    );
  });

  it('warns of each FIFO message that is deleted behind a failure of its group, and of nothing else', () => {
    fc.assert(
      fc.property(reported(queues), ({ event, listed }) => {
        const records = event.Records as ReturnType<typeof fifoRecord>[];
        const behind = records.filter(
          ({ messageId, attributes: { MessageGroupId: group } }, index) =>
            group !== undefined &&
            !listed.includes(messageId) &&
            records
              .slice(0, index)
              .some((one) => one.attributes.MessageGroupId === group && listed.includes(one.messageId)),
        );
        const { warnings } = interpretResponse(event, listing(...listed));

        expect(warnings.map((warning) => warning.split(' ')[1])).to.deep.equal(
          behind.map(({ messageId }) => messageId),
        );
      }),
    );
  });

  it('returns of a stream everything from the first listed record on, and has its checkpoint there', () => {
    fc.assert(
      fc.property(reported(streams), ({ event, listed }) => {
        const ids = idsOf(event);
        const first = Math.min(...listed.map((identifier) => ids.indexOf(identifier)));

        expect(interpretResponse(event, listing(...listed))).to.deep.equal({
          outcome: 'partial',
          returned: ids.slice(first),
          checkpoint: ids[first],
          ...(first === 0 && { reason: 'no progress: the checkpoint is at the first record of the batch' }),
          warnings: [],
        });
      }),
    );
  });

  /** Answers of any shape, many of which look like one that Lambda reads. */
  const answers = (event: BatchEvent) => {
    const identifier = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('', 'id-z', ...idsOf(event)) }, fc.anything());
    const entry = fc.oneof(
      { weight: 5, arbitrary: fc.record({ itemIdentifier: identifier }) },
      { weight: 1, arbitrary: fc.anything() },
    );
    const list = fc.oneof({ weight: 4, arbitrary: fc.array(entry, { maxLength: 4 }) }, fc.anything());
    return fc.oneof(
      { weight: 3, arbitrary: fc.record({ batchItemFailures: list }) },
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.constantFrom<unknown>(new Error('down'), undefined),
    );
  };
  const calls = fc.oneof(queues, streams).chain((event: BatchEvent) =>
    fc.record({
      event: fc.constant(event),
      answer: answers(event),
      options: fc.record(
        {
          reportBatchItemFailures: fc.boolean(),
          undocumented: fc.constantFrom('failure' as const, 'lenient' as const),
        },
        { requiredKeys: [] },
      ),
    }),
  );

  it('returns all after a failure, none after a success, and some after a partial answer', () => {
    fc.assert(
      fc.property(calls, ({ event, answer, options }) => {
        const { outcome, returned, checkpoint, reason } = interpretResponse(event, answer, options);
        const ids = idsOf(event);

        if (outcome === 'failure') {
          expect(returned).to.deep.equal(ids);
          expect(checkpoint).to.be.undefined;
          expect(reason).to.be.a('string').that.is.not.empty;
        } else if (outcome === 'success') {
          expect(returned).to.deep.equal([]);
          expect(reason).to.be.undefined;
        } else {
          expect(returned).to.deep.equal(ids.filter((identifier) => returned.includes(identifier)));
          expect(returned).not.to.deep.equal([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes a lenient view only of what would fail', () => {
    fc.assert(
      fc.property(calls, ({ event, answer, options }) => {
        const strict = interpretResponse(event, answer, { ...options, undocumented: 'failure' });
        const lenient = interpretResponse(event, answer, { ...options, undocumented: 'lenient' });

        if (strict.outcome !== 'failure') expect(lenient).to.deep.equal(strict);
        else if (lenient.outcome !== 'failure') {
          expect(lenient.warnings[0]).to.match(/; AWS does not say how Lambda takes that$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  const frozen = <T>(value: T): T => {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
      Object.freeze(value);
      Reflect.ownKeys(value).forEach((key) => frozen((value as Record<PropertyKey, unknown>)[key]));
    }
    return value;
  };

  it('writes neither to the event nor to the answer, and gives the same again', () => {
    fc.assert(
      fc.property(calls, ({ event, answer, options }) => {
        const before = interpretResponse(event, answer, options);
        // These specs are strict: a write to something frozen throws.
        const after = interpretResponse(frozen(event), frozen(answer), frozen(options));

        expect(after).to.deep.equal(before);
        expect(after.warnings).not.to.equal(before.warnings);
      }),
      { numRuns: 300 },
    );
  });
});
