import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, BatchProcessorSync, processPartialResponse, processPartialResponseSync } from '../../lib';
import { UnexpectedBatchTypeError } from '../../lib';
import { dynamodbEvent, kinesisEvent, lambdaContext, reporting, sqsEvent, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { rejection } from '../support/promises';

const context = lambdaContext();

/** What each case is called, the event, and what the error has to say. */
const wrong: [what: string, event: unknown, message: string][] = [
  ['null', null, 'received null'],
  ['undefined, as when the arguments were forgotten', undefined, 'received undefined'],
  ['a string', 'event', 'received a value of type string'],
  ['{}', {}, 'received Records: undefined'],
  ['{ Records: null }', { Records: null }, 'received Records: null'],
  ['{ Records: {} }', { Records: {} }, 'received Records: an object'],
  ['[]', [], 'received an array'],
  ['a batch that is an array', [sqsRecord('a')], 'received an array'],
  ['a single record (3c 24)', sqsRecord('a'), 'as in a unit test, call the entry with { Records: [record] }'],
  ['a single record without eventSource', { messageId: 'id', body: 'a' }, '{ Records: [record] }'],
  ['a null record', { Records: [sqsRecord('a'), null] }, 'at index 1 null'],
  ['a record that is a string', { Records: ['a'] }, 'at index 0 a value of type string'],
  ['a batch of Kinesis', kinesisEvent('a'), "eventSource is 'aws:kinesis'"],
  ['a batch of DynamoDB Streams', dynamodbEvent('a'), "eventSource is 'aws:dynamodb'"],
  ['a mixed batch', { Records: [sqsRecord('a'), kinesisEvent('b').Records[0]] }, 'at index 1'],
  ["eventSource: 'constructor'", { Records: [{ ...sqsRecord('a'), eventSource: 'constructor' }] }, "'constructor'"],
  ["eventSource: '__proto__'", { Records: [{ ...sqsRecord('a'), eventSource: '__proto__' }] }, "'__proto__'"],
  ["eventSource: ''", { Records: [{ ...sqsRecord('a'), eventSource: '' }] }, "eventSource is ''"],
  ['a record of no known shape', { Records: [{ foo: 'bar' }] }, 'one of unknown shape'],
  ['an S3 event', { Records: [{ eventSource: 'aws:s3', s3: {} }] }, "'aws:s3'"],
  ['an S3 test event', { Service: 'Amazon S3', Event: 's3:TestEvent' }, 'received Records: undefined'],
  ['an EventBridge event', { source: 'aws.ec2', detail: {} }, 'received Records: undefined'],
  ['a tumbling window', { ...sqsEvent('a'), window: { start: 's', end: 'e' }, state: {} }, 'needs a state'],
];

describe('An event that is no batch of the source (3c 23)', () => {
  for (const [what, event, message] of wrong) {
    it(`such as ${what}, is refused before any record runs, by both APIs`, async () => {
      const method = sinon.fake();
      const attempts = [
        () => handlerFor({ source: 'SQS' }, method)(event as never, context),
        () => processPartialResponse(event as never, method, new BatchProcessor('SQS')),
        async () => processPartialResponseSync(event as never, method, new BatchProcessorSync('SQS')),
      ];
      for (const attempt of attempts) {
        const failure = await rejection(attempt());
        expect(failure).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(failure).to.have.property('message').that.includes(message);
      }
      sinon.assert.notCalled(method);
    });
  }

  it('is refused for streams as well', async () => {
    for (const source of ['KinesisDataStreams', 'DynamoDBStreams'] as const) {
      const handler = handlerFor<typeof source>({ source } as never, () => undefined);
      expect(await rejection(handler(sqsEvent('a'), context))).to.be.an.instanceOf(UnexpectedBatchTypeError);
    }
  });
});

describe('An event that is a batch', () => {
  it('may be empty (L18)', async () => {
    for (const source of ['SQS', 'KinesisDataStreams', 'DynamoDBStreams'] as const) {
      const handler = handlerFor<typeof source>({ source } as never, () => undefined);
      expect(await handler({ Records: [] }, context)).to.deep.equal(reporting());
    }
  });

  it('may have records without eventSource, as in a unit test: their shape decides', async () => {
    const handled = sinon.fake();
    await handlerFor({ source: 'SQS' }, handled)({ Records: [{ body: 'a' }] } as never, context);
    await handlerFor({ source: 'KinesisDataStreams' }, handled)({ Records: [{ kinesis: {} }] } as never, context);
    await handlerFor({ source: 'DynamoDBStreams' }, handled)({ Records: [{ dynamodb: {} }] }, context);
    sinon.assert.calledThrice(handled);
  });

  it('may have a window that is null', async () => {
    const handler = handlerFor({ source: 'KinesisDataStreams' }, () => undefined);
    expect(await handler({ ...kinesisEvent('a'), window: null } as never, context)).to.deep.equal(reporting());
  });
});
