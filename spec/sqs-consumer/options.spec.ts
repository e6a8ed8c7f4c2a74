import { expect } from 'chai';

import { sqsConsumer } from '../../lib/sqs-consumer';
import { checkOptions } from '../../lib/sqs-consumer/options';
import { fakeLogger } from '../support/logger';

const sqs = { send: () => Promise.resolve() };
const right = {
  sqs,
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
  queueArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  visibilityTimeout: 30,
};
const check = (more: object) => () => checkOptions({ ...right, ...more });

describe('The options of sqsConsumer', () => {
  it('have these defaults', () => {
    expect(check({})()).to.deep.equal({
      ...right,
      heartbeat: false,
      longest: 30,
      gracePeriod: 20,
      logger: console,
    });
  });

  it('have 12 hours, the longest that SQS allows, as the longest time with a heartbeat', () => {
    expect(check({ heartbeat: true })()).to.include({ longest: 43_200 });
    expect(check({ heartbeat: true, longest: 600 })()).to.include({ longest: 600 });
  });

  it('take queues of other partitions, of emulators, and FIFO ones', () => {
    const fifo = { queueUrl: 'http://127.0.0.1:9324/000000000000/a.fifo', queueArn: 'arn:aws:sqs:us-east-1::a.fifo' };
    const china = {
      queueUrl: 'https://sqs.cn-north-1.amazonaws.com.cn/1/orders',
      queueArn: 'arn:aws-cn:sqs:cn-north-1:1:orders',
    };

    expect(check(fifo)()).to.include(fifo);
    expect(check(china)()).to.include(china);
  });

  const expected = (name: string, what: string, received: string) =>
    `sqsConsumer: expected ${name} to be ${what}, received ${received}.`;
  const seconds = 'an integer of seconds from 1 to 43200';
  const longest = 'an integer of seconds from visibilityTimeout (30) to 43200';
  const queue = 'the ARN of a queue, such as arn:aws:sqs:eu-west-1:123456789012:orders';

  for (const [options, message] of [
    [{ sqs: undefined }, expected('sqs', 'an SQSClient of @aws-sdk/client-sqs', 'undefined (undefined)')],
    [{ sqs: {} }, expected('sqs', 'an SQSClient of @aws-sdk/client-sqs', '{} (object)')],
    [{ queueUrl: 'orders' }, expected('queueUrl', 'the URL of a queue, as GetQueueUrl gives it', "'orders' (string)")],
    [
      { queueUrl: undefined },
      expected('queueUrl', 'the URL of a queue, as GetQueueUrl gives it', 'undefined (undefined)'),
    ],
    [{ queueArn: 'orders' }, expected('queueArn', queue, "'orders' (string)")],
    [{ queueArn: undefined }, expected('queueArn', queue, 'undefined (undefined)')],
    [
      { queueArn: 'arn:aws:sns:eu-west-1:123456789012:orders' },
      expected('queueArn', queue, "'arn:aws:sns:eu-west-1:123456789012:orders' (string)"),
    ],
    [
      { queueArn: 'arn:aws:sqs:eu-west-1:123456789012:parcels' },
      'sqsConsumer: expected queueUrl and queueArn of one queue, received those of orders and parcels.',
    ],
    [{ visibilityTimeout: undefined }, expected('visibilityTimeout', seconds, 'undefined (undefined)')],
    [{ visibilityTimeout: 0 }, expected('visibilityTimeout', seconds, '0 (number)')],
    [{ visibilityTimeout: 1.5 }, expected('visibilityTimeout', seconds, '1.5 (number)')],
    [{ visibilityTimeout: '30' }, expected('visibilityTimeout', seconds, "'30' (string)")],
    [{ visibilityTimeout: 43_201 }, expected('visibilityTimeout', seconds, '43201 (number)')],
    [{ heartbeat: 10 }, expected('heartbeat', 'a boolean', '10 (number)')],
    [{ heartbeat: true, longest: 29 }, expected('longest', longest, '29 (number)')],
    [{ heartbeat: true, longest: 43_201 }, expected('longest', longest, '43201 (number)')],
    [{ longest: 600 }, 'sqsConsumer: longest is for heartbeat: true, received heartbeat: undefined (undefined).'],
    [{ gracePeriod: -1 }, expected('gracePeriod', 'a number of seconds from 0 to 43200', '-1 (number)')],
    [{ gracePeriod: NaN }, expected('gracePeriod', 'a number of seconds from 0 to 43200', 'NaN (number)')],
    [{ gracePeriod: '20' }, expected('gracePeriod', 'a number of seconds from 0 to 43200', "'20' (string)")],
    [{ gracePeriod: 43_201 }, expected('gracePeriod', 'a number of seconds from 0 to 43200', '43201 (number)')],
    [{ logger: {} }, expected('logger', 'an object with the functions debug, warn and error', '{} (object)')],
  ] as const) {
    it(`are refused where they hold ${JSON.stringify(options, undefinedToo)}`, () => {
      expect(check(options)).to.throw(TypeError, message);
    });
  }

  it("are refused where they hold a name that is sqs-consumer's own, with where it goes", () => {
    expect(check({ waitTimeSeconds: 5 })).to.throw(
      TypeError,
      /^sqsConsumer: unknown option waitTimeSeconds; .* Consumer\.create\(\{ \.\.\.orders\.options, waitTimeSeconds: 5 }\)\.$/,
    );
  });

  it('are refused where they are none', () => {
    for (const none of [undefined, null, 'orders']) {
      expect(() => checkOptions(none as never)).to.throw(TypeError, 'expected options such as { sqs, queueUrl, ... }');
    }
  });

  it('go with an entry, and nothing else', () => {
    expect(() => sqsConsumer({} as never, { ...right, logger: fakeLogger() })).to.throw(
      TypeError,
      "sqsConsumer: expected a Lambda entry, such as lambdaHandler(orders, 'handle'), received {} (object).",
    );
  });
});

function undefinedToo(_key: string, value: unknown): unknown {
  return value === undefined || Number.isNaN(value) ? String(value) : value;
}
