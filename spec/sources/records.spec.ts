import vm from 'node:vm';

import { expect } from 'chai';

import { UnexpectedBatchTypeError } from '../../lib/errors';
import { kindOf, recordsOf, unexpected } from '../../lib/sources/records';
import { dynamodbEvent, dynamodbRecord, kinesisEvent, kinesisRecord, sqsEvent, sqsRecord } from '../support/events';

const secret = 'SECRET-4711';

/** What is said of an event that is refused. */
function refusedEvent(event: unknown): string {
  try {
    recordsOf(event);
  } catch (error) {
    expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    return (error as Error).message;
  }
  throw new Error('Expected the event to be refused, but it was read.');
}

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
    'an array': [
      [sqsRecord('a')],
      /received an array\. From EventBridge Pipes\? See pipe\(\) of lambda-batch-handler\/pipes\.$/,
    ],
    'an empty object': [{}, /received Records: undefined\. To try a single record/],
    'Records that are null': [{ Records: null }, /received Records: null\. To try a single record/],
    'Records that are an object': [
      { Records: { 0: sqsRecord('a'), length: 1 } },
      /received Records: an object\. To try a single record/,
    ],
    'an event of EventBridge': [
      { source: 'aws.s3', 'detail-type': 'Object Created', detail: {} },
      /received an event of EventBridge \(a rule, a schedule or an event bus\)\. Answer what is no batch before/,
    ],
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus.html; AppSync: BatchInvoke.
    'an array of an event bus, with metadata': [
      [{ Data: {}, Metadata: {}, SystemMetadata: {} }],
      /received an array with an event of an EventBridge event bus\. Answer/,
    ],
    'an array of an event bus': [
      [{ 'detail-type': 'a', detail: {} }],
      /received an array with an event of EventBridge/,
    ],
    'an array of AppSync': [
      [{ info: { fieldName: 'a' }, arguments: {} }],
      /received an array with an event of AppSync\./,
    ],
    'an array of a pipe': [
      [{ eventSource: 'aws:kafka', bootstrapServers: 'b' }],
      /received an array\. From EventBridge/,
    ],
    'an empty array': [[], /received an array\. From EventBridge Pipes\?/],
    'an array of nothing': [[null], /received an array\. From EventBridge Pipes\?/],
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

describe('kindOf', () => {
  it('says what a value is, never the value', () => {
    const values = [undefined, null, [secret], secret, { secret }, 7, Symbol(secret)];

    expect(values.map(kindOf)).to.deep.equal([
      'undefined',
      'null',
      'an array',
      'a value of type string',
      'an object',
      'a value of type number',
      'a value of type symbol',
    ]);
  });
});

describe('unexpected', () => {
  it('is the error of what a source does not send', () => {
    const error = unexpected('an event', 'a letter.');

    expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    expect(error.message).to.equal('Expected an event, received a letter.');
  });
});
