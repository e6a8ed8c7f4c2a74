import { expect } from 'chai';
import fc from 'fast-check';

import type { KafkaEvent } from '../../lib/kafka';
import { interpretResponse, type KafkaInterpretOptions, kafkaEvent as plainKafkaEvent } from '../../lib/testing';
import { kafkaEvent, kafkaRecord, mixedEvent, offsets } from '../support/kafka';

const ids = ['orders-0@10', 'orders-0@11', 'orders-0@12', 'orders-0@13', 'orders-1@7'];
const items: KafkaInterpretOptions = { undocumented: 'items' };
const resume: KafkaInterpretOptions = { undocumented: 'resume' };
const listing = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});
const failure = (reason: string) => ({ outcome: 'failure', returned: ids, reason, warnings: [] });
const undocumented = (problem: string) => failure(`${problem}; AWS does not say how Lambda takes that`);
const overtaken = (record: string, before: string, partition = 'orders-0') =>
  `Record ${record} counts as done although ${before}, before it in partition ${partition}, comes back: order is lost.`;

// Evidence: further-sources, section 3.3 and K10, after
// https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html.
describe('To a batch of Kafka, Lambda takes', () => {
  const warnings: Record<string, [answer: unknown, ...warnings: string[]]> = {
    'an empty list': [{ batchItemFailures: [] }],
    'a list that is null': [{ batchItemFailures: null }],
    'an empty object': [{}],
    null: [null, 'The answer is null, which counts every record as done: does the handler return its answer?'],
    'a wrong key': [
      { failures: [] },
      'The answer has no batchItemFailures but failures, which counts every record as done.',
    ],
  };
  for (const [what, [answer, ...expected]] of Object.entries(warnings)) {
    it(`${what} for a success, which has no checkpoint, since each partition has its own`, () => {
      for (const options of [undefined, items, resume]) {
        expect(interpretResponse(mixedEvent(), answer, options)).to.deep.equal({
          outcome: 'success',
          returned: [],
          warnings: expected,
        });
      }
    });
  }

  const failures: Record<string, [answer: unknown, reason: string]> = {
    'a flat string, as of other sources,': [
      listing('orders-0@11'),
      'batchItemFailures[0] has an itemIdentifier that is a string instead of an object',
    ],
    'a partition without its topic': [
      listing({ partition: '0', offset: 11 }),
      'batchItemFailures[0] has an itemIdentifier that is not in the batch',
    ],
    'an offset that is not in the batch': [
      listing({ partition: 'orders-0', offset: 14 }),
      'batchItemFailures[0] has an itemIdentifier that is not in the batch',
    ],
    'an offset of another partition': [
      listing({ partition: 'orders-1', offset: 11 }),
      'batchItemFailures[0] has an itemIdentifier that is not in the batch',
    ],
    'an offset that is a string': [
      listing({ partition: 'orders-0', offset: '11' }),
      'batchItemFailures[0] has an itemIdentifier whose offset is a string',
    ],
    'an offset that is missing': [
      listing({ partition: 'orders-0' }),
      'batchItemFailures[0] has an itemIdentifier whose offset is missing',
    ],
    'a partition that is a number': [
      listing({ partition: 0, offset: 11 }),
      'batchItemFailures[0] has an itemIdentifier whose partition is a number',
    ],
    'an older name of the partition': [
      listing({ 'topic-partition': 'orders-0', offset: 11 }),
      'batchItemFailures[0] has an itemIdentifier whose partition is missing',
    ],
    'an identifier that is an array': [
      listing(['orders-0', 11]),
      'batchItemFailures[0] has an itemIdentifier that is an array instead of an object',
    ],
    'an identifier that is null': [
      listing(null),
      'batchItemFailures[0] has an itemIdentifier that is null instead of an object',
    ],
    'a missing itemIdentifier': [
      { batchItemFailures: [{ partition: 'orders-0', offset: 11 }] },
      'batchItemFailures[0] has no itemIdentifier',
    ],
    'one wrong entry beside a right one': [
      listing({ partition: 'orders-0', offset: 11 }, { partition: 'orders-0', offset: 99 }),
      'batchItemFailures[1] has an itemIdentifier that is not in the batch',
    ],
    'a thrown error': [new Error('database down'), 'the invocation failed: database down'],
  };
  for (const [what, [answer, reason]] of Object.entries(failures)) {
    it(`${what} for a failure of the whole batch (K10)`, () => {
      for (const options of [undefined, items, resume]) {
        expect(interpretResponse(mixedEvent(), answer, options)).to.deep.equal(failure(reason));
      }
    });
  }

  const odd: Record<string, [answer: unknown, problem: string]> = {
    'a number': [7, 'the answer is a number instead of an object'],
    'an array': [[{ itemIdentifier: 7 }], 'the answer is an array instead of an object'],
    'an empty array': [[], 'the answer is an array instead of an object'],
    'a list that is an object': [{ batchItemFailures: {} }, 'batchItemFailures is an object instead of an array'],
    'a record listed twice': [offsets(ids[1]!, ids[1]!), 'batchItemFailures[1] lists an identifier again'],
  };
  for (const [what, [answer, problem]] of Object.entries(odd)) {
    it(`${what}, undocumented, for a failure of the whole batch`, () => {
      for (const options of [undefined, items, resume]) {
        expect(interpretResponse(mixedEvent(), answer, options)).to.deep.equal(undocumented(problem));
      }
    });
  }

  it('any answer for a success where it is not told to report batch item failures', () => {
    const { outcome, warnings: told } = interpretResponse(mixedEvent(), offsets(...ids), {
      reportBatchItemFailures: false,
    });

    expect(outcome).to.equal('success');
    expect(told).to.have.lengthOf(1);
  });

  it('what is beside partition and offset for nothing', () => {
    const answer = listing({ partition: 'orders-1', offset: 7, topic: 'orders' });

    expect(interpretResponse(mixedEvent(), answer)).to.deep.equal({
      outcome: 'partial',
      returned: ['orders-1@7'],
      warnings: [],
    });
  });
});

// The table of section 3.3: what comes back of 0@10, 0@11 (fails), 0@12, 1@7, 0@13 in each reading.
describe('Of an answer that lists records of Kafka, interpretResponse', () => {
  it('has everything from the lowest listed offset of each partition on come back, unless told otherwise', () => {
    for (const options of [undefined, resume, {}]) {
      expect(interpretResponse(mixedEvent(), offsets('orders-0@12', 'orders-0@11'), options)).to.deep.equal({
        outcome: 'partial',
        returned: ['orders-0@11', 'orders-0@12', 'orders-0@13'],
        warnings: [],
      });
    }
  });

  it('has exactly the listed ones come back where told so, and warns of those that they are overtaken by', () => {
    expect(interpretResponse(mixedEvent(), offsets('orders-0@11'), items)).to.deep.equal({
      outcome: 'partial',
      returned: ['orders-0@11'],
      warnings: [overtaken('orders-0@12', 'orders-0@11'), overtaken('orders-0@13', 'orders-0@11')],
    });
  });

  it('warns of nothing where all that follows in the partition is listed too', () => {
    const answer = offsets('orders-0@11', 'orders-0@12', 'orders-0@13');

    expect(interpretResponse(mixedEvent(), answer, items)).to.deep.equal({
      outcome: 'partial',
      returned: ['orders-0@11', 'orders-0@12', 'orders-0@13'],
      warnings: [],
    });
  });

  it('says that there is no progress where all of the batch comes back', () => {
    const reason = 'no progress: every record of the batch comes back';

    expect(interpretResponse(mixedEvent(), offsets('orders-1@7', 'orders-0@10'), resume)).to.deep.equal({
      outcome: 'partial',
      returned: ids,
      reason,
      warnings: [],
    });
    expect(interpretResponse(mixedEvent(), offsets(...ids), items)).to.include({ reason });
    expect(interpretResponse(mixedEvent(), offsets('orders-1@7', 'orders-0@10'), items)).not.to.have.property('reason');
  });

  it('knows records by the map key of the event, not by what they say of themselves (K16)', () => {
    const event = { ...kafkaEvent(), records: { 'other-7': [kafkaRecord('orders-0@1'), kafkaRecord('orders-0@2')] } };

    expect(interpretResponse(event, offsets('other-7@2')).returned).to.deep.equal(['other-7@2']);
    expect(interpretResponse(event, offsets('orders-0@2')).outcome).to.equal('failure');
  });

  it('knows topics with hyphens, and the same offset in several of them (K8, K9)', () => {
    const event = kafkaEvent('my-topic-1-2@5', 't-0@5', 't-1@5', 'u-0@5');

    expect(interpretResponse(event, offsets('my-topic-1-2@5')).returned).to.deep.equal(['my-topic-1-2@5']);
    expect(interpretResponse(event, offsets('t-0@5')).returned).to.deep.equal(['t-0@5']);
  });

  it('cannot name a record whose offset is beyond what a double can hold, which counts as done', () => {
    const event = kafkaEvent('t-0@1', kafkaRecord('t-0@1', { offset: 2 ** 53 }));

    expect(interpretResponse(event, offsets('t-0@1'), items).warnings).to.deep.equal([
      'Records without an identifier cannot be reported, and count as done: 1 of them.',
      overtaken('without identifier', 't-0@1', 't-0'),
    ]);
    expect(interpretResponse(event, listing({ partition: 't-0', offset: 2 ** 53 })).outcome).to.equal('failure');
    expect(interpretResponse(event, offsets('t-0@1'), resume)).to.deep.equal({
      outcome: 'partial',
      returned: ['t-0@1'],
      reason: 'no progress: every record of the batch comes back',
      warnings: [],
    });
  });

  it('knows the event by its shape where it does not say its source, and of a cluster that AWS does not manage', () => {
    const { records } = mixedEvent();

    for (const event of [{ records }, plainKafkaEvent(['a'], { eventSource: 'SelfManagedKafka' })]) {
      expect(interpretResponse(event, {}).outcome).to.equal('success');
    }
    expect(interpretResponse(kafkaEvent(), offsets('t-0@1'))).to.deep.include({ outcome: 'failure', returned: [] });
    expect(interpretResponse(kafkaEvent(), {}).outcome).to.equal('success');
  });

  it('brings back of each partition a tail in one reading, of which the other has what is listed', () => {
    const events = fc
      .array(fc.constantFrom('t-0', 't-1', 'u-0'), { minLength: 1, maxLength: 12 })
      .map((names) => kafkaEvent(...names.map((name, index) => `${name}@${index}`)));
    const idsOf = (event: KafkaEvent) => [...interpretResponse(event, new Error()).returned];
    const cases = events.chain((event) =>
      fc.record({ event: fc.constant(event), listed: fc.shuffledSubarray(idsOf(event), { minLength: 1 }) }),
    );
    fc.assert(
      fc.property(cases, ({ event, listed }) => {
        const [exact, tails] = [items, resume].map((options) => interpretResponse(event, offsets(...listed), options));
        const order = idsOf(event);
        const partitionOf = (id: string) => id.split('@')[0];
        const lowest = (id: string) =>
          order.find((each) => listed.includes(each) && partitionOf(each) === partitionOf(id));
        const isBack = (id: string) => lowest(id) !== undefined && order.indexOf(id) >= order.indexOf(lowest(id)!);

        expect(exact!.returned).to.deep.equal(order.filter((id) => listed.includes(id)));
        expect(tails!.returned).to.deep.equal(order.filter(isBack));
        expect(tails!.warnings).to.deep.equal([]);
        expect(exact!.warnings.map((warning) => warning.split(' ')[1])).to.deep.equal(
          order.filter((id) => isBack(id) && !listed.includes(id)),
        );
      }),
    );
  });
});

describe('interpretResponse refuses of Kafka', () => {
  const refusal =
    (...args: unknown[]) =>
    () =>
      interpretResponse(...(args as [KafkaEvent, unknown]));

  it('a way to take what is undocumented that is one of other sources, and the other way round', () => {
    for (const form of ['failure', 'lenient', 'success']) {
      expect(refusal(mixedEvent(), {}, { undocumented: form })).to.throw(
        TypeError,
        `Expected undocumented to be one of resume, items, received '${form}' (string).`,
      );
    }
    for (const form of ['items', 'resume']) {
      expect(refusal({ Records: [] }, {}, { undocumented: form })).to.throw(
        TypeError,
        `Expected undocumented to be one of failure, lenient, received '${form}' (string).`,
      );
    }
  });

  const events: Record<string, [event: unknown, message: string]> = {
    'records that are no object': [{ eventSource: 'aws:kafka', records: [] }, 'received records: an array.'],
    'an event without records': [{ eventSource: 'SelfManagedKafka' }, 'received records: undefined.'],
    'a partition that is no array': [{ records: { 't-0': {} } }, 'records of a partition that are an object.'],
    'records of another source': [
      { records: { 't-0': [{ messageId: 'a' }] } },
      'Expected records of Kafka, received one whose eventSource is undefined (undefined).',
    ],
    'a record that is null': [
      { records: { 't-0': [kafkaRecord('t-0@1'), null] } },
      'Expected records of one source, received another one at index 1.',
    ],
  };
  for (const [what, [event, message]] of Object.entries(events)) {
    it(`${what}, also for a failed invocation`, () => {
      for (const answer of [{}, new Error('down')]) expect(refusal(event, answer)).to.throw(TypeError, message);
    });
  }
});
