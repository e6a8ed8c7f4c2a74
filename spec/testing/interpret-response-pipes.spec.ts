import { expect } from 'chai';

import { type DynamoDBChange, interpretResponse, pipesEvent } from '../../lib/testing';

const listing = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});
const changes = ['1', '2', '3'].map((id): DynamoDBChange => ({ eventName: 'INSERT', keys: { id } }));
const messages = pipesEvent('SQS', ['a', 'b', 'c']);
const records = pipesEvent('KinesisDataStreams', ['a', 'b', 'c']);
const items = pipesEvent('DynamoDBStreams', changes);
const topics = pipesEvent('Kafka', ['a', 'b', 'c'], { partition: (_, index) => index % 2 });

// Evidence: further-sources, section 4.1, after
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html and eb-pipes-sqs.html,
// eb-pipes-kinesis.html, eb-pipes-dynamodb.html.
describe('To what it has sent, a pipe takes', () => {
  const subjects: Record<string, [event: readonly unknown[], ids: readonly string[], isStream: boolean]> = {
    SQS: [messages, messages.map(({ messageId }) => messageId), false],
    Kinesis: [records, records.map(({ eventID }) => eventID), true],
    DynamoDB: [items, items.map(({ eventID }) => eventID!), true],
    Kafka: [topics, ['orders-0@0', 'orders-0@1', 'orders-1@0'], false],
  };
  for (const [title, [event, ids, isStream]] of Object.entries(subjects)) {
    it(`an empty list, or none, for a success, from ${title}`, () => {
      for (const answer of [{ batchItemFailures: [] }, { batchItemFailures: null }, {}]) {
        expect(interpretResponse(event, answer)).to.deep.equal({
          outcome: 'success',
          returned: [],
          ...(isStream && { checkpoint: ids[2] }),
          warnings: [],
        });
      }
    });

    it(`a failed invocation, and a wrong entry, for a failure of the whole batch, from ${title}`, () => {
      for (const answer of [new Error('down'), listing('nobody'), listing(''), { batchItemFailures: [{}] }]) {
        expect(interpretResponse(event, answer)).to.deep.include({ outcome: 'failure', returned: ids });
      }
    });

    it(`an answer of odd form, undocumented, for a failure unless told to be lenient, from ${title}`, () => {
      expect(interpretResponse(event, 7).outcome).to.equal('failure');
      expect(interpretResponse(event, 7, { undocumented: 'lenient' }).outcome).to.equal('success');
      expect(() => interpretResponse(event, 7, { undocumented: 'items' as never })).to.throw(
        TypeError,
        'one of failure, lenient',
      );
    });
  }

  it('message ids of SQS, and brings back exactly those', () => {
    expect(interpretResponse(messages, listing(messages[1]!.messageId))).to.deep.equal({
      outcome: 'partial',
      returned: [messages[1]!.messageId],
      warnings: [],
    });
  });

  it('message ids of a FIFO queue, of which it is told what is overtaken', () => {
    const fifo = pipesEvent('SQS', ['a', 'b'], { fifo: true });

    expect(interpretResponse(fifo, listing(fifo[0]!.messageId)).warnings).to.have.lengthOf(1);
  });

  for (const [title, event] of [
    ['Kinesis', records],
    ['DynamoDB', items],
  ] as const) {
    it(`event ids of ${title}, and brings back everything from the lowest on, as far as one knows`, () => {
      const ids = event.map(({ eventID }) => eventID!);

      expect(interpretResponse(event, listing(ids[2], ids[1]))).to.deep.equal({
        outcome: 'partial',
        returned: ids.slice(1),
        checkpoint: ids[1],
        warnings: [],
      });
      expect(interpretResponse(event, listing(ids[0])).reason).to.equal(
        'no progress: the checkpoint is at the first record of the batch',
      );
    });
  }

  it('no sequence number, which only an event source mapping knows', () => {
    for (const [event, number] of [
      [records, records[1]!.sequenceNumber],
      [items, items[1]!.dynamodb!.SequenceNumber],
    ] as const) {
      expect(interpretResponse(event, listing(number))).to.deep.include({
        outcome: 'failure',
        reason: 'batchItemFailures[0] has an itemIdentifier that is not in the batch',
      });
    }
  });

  it('no partial answer about records of Kafka: all of them come back', () => {
    for (const identifier of ['orders-0@1', { partition: 'orders-0', offset: 1 }]) {
      for (const undocumented of ['failure', 'lenient'] as const) {
        expect(interpretResponse(topics, listing(identifier), { undocumented })).to.deep.equal({
          outcome: 'failure',
          returned: ['orders-0@0', 'orders-0@1', 'orders-1@0'],
          reason: 'a pipe takes no partial answer about records of Kafka',
          warnings: [],
        });
      }
    }
  });

  it('records that an input transformer has left without their source, by their shape', () => {
    const [message, record] = [
      { messageId: 'a', body: '' },
      { eventID: 'b', data: '', sequenceNumber: '7' },
    ];

    expect(interpretResponse([message], listing('a')).outcome).to.equal('partial');
    expect(interpretResponse([record], listing('b')).outcome).to.equal('partial');
  });

  it('an empty batch, of which no source is known', () => {
    expect(interpretResponse([], {})).to.deep.equal({ outcome: 'success', returned: [], warnings: [] });
    expect(interpretResponse([], listing('a'))).to.deep.include({ outcome: 'failure', returned: [] });
  });
});

describe('interpretResponse refuses of a pipe', () => {
  it('an array that holds something else, or of several sources', () => {
    const expected = 'Expected records of SQS, Kinesis, DynamoDB Streams or Kafka, received one whose eventSource is';
    const refused: readonly [event: readonly unknown[], message: string][] = [
      [['text'], `${expected} undefined (undefined).`],
      [[null], `${expected} undefined (undefined).`],
      [[{ 'detail-type': 'Order' }], `${expected} undefined (undefined).`],
      [[{ eventSource: 'aws:amq', data: '' }], `${expected} 'aws:amq' (string).`],
      [[messages[0], records[0]], 'Expected records of one source, received another one at index 1.'],
      [[topics[0], topics[1], null], 'Expected records of one source, received another one at index 2.'],
    ];
    for (const [event, message] of refused) {
      for (const answer of [{}, new Error('down')]) {
        expect(() => interpretResponse(event, answer)).to.throw(TypeError, message);
      }
    }
  });

  it('to be told that it ignores answers, for which it has no switch', () => {
    expect(() => interpretResponse(messages, {}, { reportBatchItemFailures: false })).to.throw(
      TypeError,
      'Expected reportBatchItemFailures to be one of true, received false (boolean).',
    );
    expect(interpretResponse(messages, {}, { reportBatchItemFailures: true }).outcome).to.equal('success');
  });
});
