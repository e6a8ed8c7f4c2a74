import { runInNewContext } from 'node:vm';

import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError, NonRetryableError } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { undeliveredBy } from '../../lib/dead-letter/undelivered';
import { secret } from '../support/payload';
import { shown } from '../support/readers';
import { outcomesOf } from './outcomes';

const nothingRun = (what: string): string =>
  `${what}, of which nothing has run; use an async function, and await what it does`;

function* generator(): Generator<string> {
  yield secret;
}

async function* asyncGenerator(): AsyncGenerator<string> {
  yield secret;
}

/** An AWS answer, as the SDK gives it. */
const answered = (rest: object, httpStatusCode = 200): object => ({
  $metadata: { httpStatusCode, requestId: 'a', attempts: 1 },
  ...rest,
});

const send = sinon.fake();

/** What says that nothing was delivered, and what is told of it. */
const undelivered: [what: string, answer: unknown, told: string][] = [
  ['false', false, 'false'],
  ['a fetch Response of 500', new Response(secret, { status: 500 }), 'a response that is not ok'],
  ['a fetch Response of 404', new Response(null, { status: 404 }), 'a response that is not ok'],
  ['a response that failed', Response.error(), 'a response that is not ok'],
  ['a response of another library', { ok: false, body: secret }, 'a response that is not ok'],
  ['an answer of AWS with status 400', answered({}, 400), 'an answer with the status 400'],
  ['a response of axios', { status: 500, data: secret }, 'an answer with the status 500'],
  ['a response of got, or undici', { statusCode: 404, body: secret }, 'an answer with the status 404'],
  ['an answer of the Bulk API of OpenSearch', { errors: true, items: [secret] }, 'an answer whose errors is true'],
  ['an answer of AWS with status 503', answered({}, 503), 'an answer with the status 503'],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
  [
    'SendMessageBatch of SQS',
    answered({ Failed: [{ Id: '1', Code: 'InternalError', Message: secret }], Successful: [{ Id: '0' }] }),
    'an answer whose Failed is not empty',
  ],
  // https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
  ['PublishBatch of SNS', answered({ Failed: [{ Id: '1' }] }), 'an answer whose Failed is not empty'],
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
  [
    'PutEvents of EventBridge',
    answered({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
    'an answer whose FailedEntryCount is not empty',
  ],
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
  [
    'PutRecords of Kinesis',
    answered({ FailedRecordCount: 2, Records: [] }),
    'an answer whose FailedRecordCount is not empty',
  ],
  // https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
  [
    'PutRecordBatch of Firehose',
    answered({ FailedPutCount: 1, RequestResponses: [] }),
    'an answer whose FailedPutCount is not empty',
  ],
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
  [
    'BatchWriteItem of DynamoDB',
    answered({ UnprocessedItems: { orders: [{ PutRequest: { Item: { id: { S: secret } } } }] } }),
    'an answer whose UnprocessedItems is not empty',
  ],
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  [
    'Invoke of Lambda',
    answered({ StatusCode: 200, FunctionError: 'Unhandled' }),
    'an answer whose FunctionError is not empty',
  ],
  ['several answers, one of which failed', [answered({}), answered({ Failed: [{}] })], 'an answer whose Failed is'],
  [
    'what Promise.allSettled gives',
    [
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: 1 },
    ],
    'a promise that was rejected, as Promise.allSettled has it',
  ],
  [
    'what Promise.allSettled gives, where an answer in it says so',
    [{ status: 'fulfilled', value: answered({ FailedEntryCount: 1 }) }],
    'an answer whose FailedEntryCount is not empty',
  ],
  ['the same of several answers', [{ status: 'fulfilled', value: [true, false] }], 'false'],
  ['lists of lists', [[true, [false]]], 'false'],
  ['a promise in what is promised', [Promise.resolve([Promise.resolve()])], 'a promise that nobody awaits'],
  ['several responses', [new Response(), new Response(null, { status: 500 })], 'a response that is not ok'],
  ['a function, as TaskEither of fp-ts is', send, nothingRun('a function')],
  ['a generator', generator(), nothingRun('a generator')],
  ['an async generator', asyncGenerator(), nothingRun('a generator')],
  ['an async iterable', { [Symbol.asyncIterator]: asyncGenerator }, nothingRun('an iterator')],
  ['an Observable', { '@@observable': () => undefined }, nothingRun('an Observable')],
];

/** What says nothing of the kind. */
const delivered: [what: string, answer: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['true', true],
  ['an empty text', ''],
  ['a number', 0],
  ['an object', { messageId: '1' }],
  ['a fetch Response of 204', new Response(null, { status: 204 })],
  ['a response of another library', { ok: true }],
  ['a response of axios', { status: 201 }],
  ['a document that has an HTTP status as text', { status: '500' }],
  ['an answer of the Bulk API of OpenSearch', { errors: false }],
  ['a document of MongoDB', { ok: 1, Failed: 0 }],
  ['an answer of SendMessage', answered({ MessageId: 'a', MD5OfMessageBody: 'b' })],
  ['an answer of SendMessageBatch', answered({ Successful: [{ Id: '0' }], Failed: [] })],
  ['the same of older releases', answered({ Successful: [{ Id: '0' }], Failed: undefined })],
  ['an answer of PutEvents', answered({ FailedEntryCount: 0, Entries: [{ EventId: 'a' }] })],
  ['an answer of PutRecords', answered({ FailedRecordCount: 0 })],
  ['an answer of PutRecordBatch', answered({ FailedPutCount: 0, Encrypted: false })],
  ['an answer of BatchWriteItem', answered({ UnprocessedItems: {} })],
  ['an answer of Invoke', answered({ StatusCode: 202, FunctionError: undefined })],
  ['an answer without metadata', { $metadata: null }],
  ['several answers', [answered({}), new Response(), true]],
  ['no answers', []],
  ['what Promise.allSettled gives of what was delivered', [{ status: 'fulfilled', value: answered({ Failed: [] }) }]],
  ['an order that is fulfilled', { status: 'fulfilled' }],
  ['lists of lists', [[true, []], [answered({})]]],
];

describe('What deliverTo returned', () => {
  for (const [what, answer, told] of undelivered) {
    it(`says that it has not delivered where it is ${what}, and nothing of it is quoted`, () => {
      const error = undeliveredBy(answer);
      expect(error).to.be.an.instanceOf(BatchProcessingError);
      expect(error!.message).to.include(`deliverTo has not delivered: it returned ${told}`);
      expect(shown(error)).not.to.include(secret);
    });
  }

  it('says so with its own error where it is one, of whatever realm, or holds one', () => {
    const other = runInNewContext('new Error("no")') as Error;
    for (const error of [new RangeError('no'), other]) {
      expect(undeliveredBy(error)).to.equal(error);
      expect(undeliveredBy([true, error])).to.equal(error);
    }
  });

  for (const [what, answer] of delivered) {
    it(`says no such thing where it is ${what}`, () => {
      expect(undeliveredBy(answer)).to.equal(undefined);
    });
  }

  it('is looked at, and nothing in it is called', () => {
    undeliveredBy(undelivered.map(([, answer]) => answer));
    sinon.assert.notCalled(send);
  });

  /** How the record ends that has failed for good, with a function that returns this, and whether it throws first. */
  const statusWith = async (deliverTo: () => unknown): Promise<string> => {
    const outcomes = await outcomesOf({ nonRetryable: deadLetter({ deliverTo }) }, (index) => {
      if (index === 1) throw new NonRetryableError('poison');
    });
    expect([outcomes[0]!.status, outcomes[2]!.status]).to.deep.equal(['success', 'success']);
    return outcomes[1]!.status;
  };

  it('decides whether its record is reported, also where it is promised', async () => {
    for (const [, answer] of undelivered) {
      expect(await statusWith(() => answer)).to.equal('failure');
      expect(await statusWith(async () => answer)).to.equal('failure');
    }
    for (const [, answer] of delivered) {
      expect(await statusWith(() => answer)).to.equal('success');
      expect(await statusWith(async () => answer)).to.equal('success');
    }
  });

  it('is waited for where it is several promises, as Promise.all would', async () => {
    const sent = [true, Promise.resolve(answered({})), [Promise.resolve()]];
    expect(await statusWith(() => sent)).to.equal('success');
    const gone = () => Promise.reject(new Error('gone'));
    for (const bad of [gone, () => Promise.resolve(false), () => [gone()]]) {
      expect(await statusWith(() => [...sent, bad()])).to.equal('failure');
    }
  });

  it('has its record reported where it holds itself', async () => {
    const list: unknown[] = [];
    list.push(list);
    const settled = { status: 'fulfilled', value: undefined as unknown };
    settled.value = [settled];
    for (const endless of [list, [settled]]) expect(await statusWith(() => endless)).to.equal('failure');
  });

  it('has its record reported where it cannot be looked at', async () => {
    const hostile = { get: sinon.fake.throws(new Error('hostile')) };
    for (const name of ['ok', '$metadata', 'Failed', 'then']) {
      expect(await statusWith(() => Object.defineProperty({}, name, hostile))).to.equal('failure');
    }
  });

  it('is waited for where it is a thenable, also one that is a function, as a query of knex is', async () => {
    const query = (answer: unknown) =>
      Object.assign(() => undefined, { then: (resolve: (value: unknown) => void) => resolve(answer) });
    expect(await statusWith(() => query({ rows: 1 }))).to.equal('success');
    expect(await statusWith(() => query(false))).to.equal('failure');
  });
});
