import vm from 'node:vm';

import { expect } from 'chai';

import { type Batch, readBatch, recordsOf, unknownBatch } from '../lib/batch';
import { UnexpectedBatchTypeError } from '../lib/errors';
import { type SourceName, sourceNames, sourceOf } from '../lib/sources';
import { dynamodbEvent, dynamodbRecord, kinesisEvent, kinesisRecord, sqsEvent, sqsRecord } from './support/events';

const secret = 'SECRET-4711';

/** The error of an event or records that are refused. */
function refusal(read: () => unknown): Error {
  try {
    read();
  } catch (error) {
    expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    return error as Error;
  }
  throw new Error('Expected the batch to be refused, but it was read.');
}
const refusedEvent = (event: unknown) => refusal(() => recordsOf(event)).message;
const refusedRecords = (name: SourceName, ...records: unknown[]) => refusal(() => readBatch(name, records)).message;

describe('recordsOf', () => {
  it('gives the records of an event of each source', () => {
    for (const event of [sqsEvent('a', 'b'), kinesisEvent('a', 'b'), dynamodbEvent('a', 'b')]) {
      expect(recordsOf(event)).to.equal(event.Records);
    }
  });

  it('gives no records of an empty event (3c 23)', () => {
    expect(recordsOf({ Records: [] })).to.deep.equal([]);
  });

  it('reads events without a prototype, of other classes, and of other realms', () => {
    class Event {
      Records = [1];
    }

    expect(recordsOf(Object.assign(Object.create(null), { Records: [1] }))).to.deep.equal([1]);
    expect(recordsOf(new Event())).to.deep.equal([1]);
    expect(recordsOf(vm.runInNewContext('({ Records: [1] })'))).to.have.lengthOf(1);
  });

  const events: Record<string, [event: unknown, received: RegExp]> = {
    undefined: [undefined, /received undefined\.$/],
    null: [null, /received null\.$/],
    'a number': [7, /received a value of type number\.$/],
    'a symbol': [Symbol('event'), /received a value of type symbol\.$/],
    'a function': [() => 'event', /received a value of type function\.$/],
    'an array': [[sqsRecord('a')], /received an array\.$/],
    'an empty object': [{}, /received Records: undefined\. To try a single record/],
    'Records that are null': [{ Records: null }, /received Records: null\. To try a single record/],
    'Records that are an object': [
      { Records: { 0: sqsRecord('a'), length: 1 } },
      /received Records: a value of type object\. To try a single record/,
    ],
    'an event of EventBridge': [
      { source: 'aws.s3', 'detail-type': 'Object Created', detail: {} },
      /Records: undefined/,
    ],
    'the test event of S3': [{ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }, /Records: undefined/],
  };
  for (const [what, [event, received]] of Object.entries(events)) {
    it(`refuses ${what}, and says what it received (3c 23)`, () => {
      expect(refusedEvent(event))
        .to.match(received)
        .and.to.match(/^Expected an event /);
    });
  }

  it('tells what to do in a unit test where it is given a single record (3c 24)', () => {
    for (const record of [
      sqsRecord('a'),
      kinesisRecord('a', 0),
      dynamodbRecord('a', 0),
      { body: 'a' },
      { eventSource: 'aws:s3' },
      { kinesis: {} },
      { dynamodb: {} },
    ]) {
      expect(refusedEvent(record)).to.include('a single record').and.to.include('{ Records: [record] }');
    }
  });

  it('refuses a tumbling window, whose answer needs a state', () => {
    const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:02:00Z' };

    expect(refusedEvent({ ...kinesisEvent('a'), window }))
      .to.include('tumbling window')
      .and.to.include('state');
  });

  it('takes a window that is undefined or null for none', () => {
    expect(recordsOf({ Records: [], window: undefined })).to.deep.equal([]);
    expect(recordsOf({ Records: [], window: null })).to.deep.equal([]);
  });

  it('quotes no payload where an event was not parsed', () => {
    expect(refusedEvent(JSON.stringify(sqsEvent(secret)))).not.to.include(secret);
  });

  it('quotes no payload where the records are a text', () => {
    expect(refusedEvent({ Records: secret })).not.to.include(secret);
  });
});

describe('readBatch', () => {
  const records: Record<SourceName, (index: number) => object> = {
    SQS: (index) => sqsRecord(String(index)),
    KinesisDataStreams: (index) => kinesisRecord('a', index),
    DynamoDBStreams: (index) => dynamodbRecord('a', index),
  };

  for (const name of sourceNames) {
    it(`reads records of ${name}, with their identifiers in order`, () => {
      const given = [records[name](2), records[name](0), records[name](1)];
      const batch = readBatch(name, given);

      expect(batch.source).to.equal(sourceOf(name));
      expect(batch.records).to.deep.equal(given);
      expect(batch.identifiers).to.deep.equal(given.map((record) => sourceOf(name).itemIdentifier(record)));
      expect(batch.identifiers).to.satisfy((all: unknown[]) => all.every((one) => typeof one === 'string'));
    });

    it(`reads an empty batch of ${name} (3c 23)`, () => {
      expect(readBatch(name, [])).to.deep.equal({ source: sourceOf(name), records: [], identifiers: [] });
    });

    for (const other of sourceNames.filter((candidate) => candidate !== name)) {
      it(`refuses records of ${other} for ${name}, also one among others (3c 23)`, () => {
        const { eventSource } = sourceOf(other);

        expect(refusedRecords(name, records[other](0))).to.equal(
          `Expected records of ${name} (${sourceOf(name).eventSource}), received at index 0 one whose eventSource is '${eventSource}'.`,
        );
        expect(refusedRecords(name, records[name](0), records[other](1))).to.include('at index 1');
      });
    }

    it(`goes by the shape of a record of ${name} that does not say its source, as in a unit test (3c 23)`, () => {
      for (const eventSource of [undefined, null]) {
        const record = { ...records[name](0), eventSource };
        expect(readBatch(name, [record]).records).to.deep.equal([record]);
        for (const other of sourceNames.filter((candidate) => candidate !== name)) {
          expect(refusedRecords(other, record)).to.match(/at index 0 one /);
        }
      }
    });
  }

  const strangers: Record<string, [record: unknown, received: string]> = {
    undefined: [undefined, 'undefined'],
    null: [null, 'null'],
    'a number': [7, 'a value of type number'],
    'an empty object': [{}, 'one of unknown shape'],
    'an array': [[], 'one of unknown shape'],
    "eventSource: 'constructor'": [{ eventSource: 'constructor' }, "one whose eventSource is 'constructor'"],
    "eventSource: '__proto__'": [{ eventSource: '__proto__' }, "one whose eventSource is '__proto__'"],
    "eventSource: ''": [{ eventSource: '', messageId: 'id' }, "one whose eventSource is ''"],
    'an eventSource that is a number': [{ eventSource: 7 }, 'one whose eventSource is a value of type number'],
    'an eventSource that is an array': [{ eventSource: ['aws:sqs'] }, 'one whose eventSource is an array'],
    'a record of SNS': [{ EventSource: 'aws:sns', Sns: {} }, 'one of unknown shape'],
    'a record of S3': [{ eventSource: 'aws:s3', s3: {} }, "one whose eventSource is 'aws:s3'"],
  };
  for (const [what, [record, received]] of Object.entries(strangers)) {
    it(`refuses ${what} for a record, before any other is run (3c 23)`, () => {
      for (const name of sourceNames) {
        expect(refusedRecords(name, records[name](0), record))
          .to.match(/ at index 1 /)
          .and.to.include(received);
      }
    });
  }

  it('refuses a hole', () => {
    const holey = new Array<unknown>(3);
    holey[0] = sqsRecord('a');
    holey[2] = sqsRecord('c');

    expect(refusal(() => readBatch('SQS', holey)).message).to.include('at index 1 undefined');
  });

  it('quotes no payload where a record is a text', () => {
    expect(refusedRecords('SQS', secret)).not.to.include(secret);
  });

  it('quotes nothing of a record that is refused but its event source', () => {
    const refused = refusedRecords('SQS', { eventSource: 'aws:s3', body: secret, [secret]: secret });

    expect(refused).to.include("'aws:s3'").and.not.to.include(secret);
  });

  it('reads records without a prototype', () => {
    const record: unknown = Object.assign(Object.create(null), { messageId: 'id' });

    expect(readBatch('SQS', [record]).identifiers).to.deep.equal(['id']);
  });

  it('keeps records and identifiers as they were received, whatever is done to them later (3c 14)', () => {
    const event = sqsEvent('a', 'b');
    const [first, second] = event.Records;
    const batch = readBatch('SQS', event.Records);
    first!.messageId = 'changed';
    event.Records.reverse();
    event.Records.length = 1;

    expect(batch.records).to.have.lengthOf(2);
    expect(batch.records[0]).to.equal(first);
    expect(batch.records[1]).to.equal(second);
    expect(batch.identifiers).to.deep.equal(['id-a', 'id-b']);
  });

  it('copies each record with its own identifier, whatever the array does when it is iterated', () => {
    const given = [sqsRecord('a'), sqsRecord('b')];
    Object.defineProperty(given, Symbol.iterator, { value: () => [given[1]][Symbol.iterator]() });
    const batch = readBatch('SQS', given);

    expect(batch.identifiers).to.deep.equal(['id-a', 'id-b']);
    expect(batch.records).to.have.lengthOf(2);
    expect(batch.records[0]).to.equal(given[0]);
  });

  it('has no identifier where a record has none that Lambda could know (3c 14)', () => {
    for (const messageId of [undefined, null, '', 7, {}, ['id']]) {
      expect(readBatch('SQS', [{ body: 'a', messageId }]).identifiers).to.deep.equal([undefined]);
    }
    const numeric = { kinesis: { sequenceNumber: 49590338271490256608 } };
    expect(readBatch('KinesisDataStreams', [numeric]).identifiers).to.deep.equal([undefined]);
    expect(readBatch('DynamoDBStreams', [{ dynamodb: {} }]).identifiers).to.deep.equal([undefined]);
  });

  it('keeps identifiers that occur twice (3c 28)', () => {
    expect(readBatch('SQS', [sqsRecord('a'), sqsRecord('a')]).identifiers).to.deep.equal(['id-a', 'id-a']);
  });

  it('reads long batches', () => {
    const long = Array.from({ length: 200_000 }, (_, index) => ({ messageId: String(index) }));
    const { identifiers } = readBatch('SQS', long);

    expect(identifiers).to.have.lengthOf(200_000);
    expect(identifiers.at(-1)).to.equal('199999');
  });
});

describe('unknownBatch', () => {
  const records = [{ any: 'thing' }, null, 'text'];
  const batch: Batch = unknownBatch(records);

  it('takes records of any shape, and can identify none', () => {
    expect(batch.records).to.deep.equal(records);
    expect(batch.records).not.to.equal(records);
    expect(batch.identifiers).to.deep.equal([undefined, undefined, undefined]);
  });

  it('has a source that knows every shape, and neither identifiers nor keys', () => {
    for (const record of records) {
      expect(batch.source.hasShape(record)).to.be.true;
      expect(batch.source.itemIdentifier(record)).to.be.undefined;
      expect(batch.source.orderingKey(record)).to.be.undefined;
    }
    expect(batch.source.eventSource).to.equal('');
  });
});
