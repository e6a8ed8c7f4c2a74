import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler } from '../../lib';
import { delayBy, type RetryDelay, type RetryDelayOptions } from '../../lib/retry-delay';
import { environment } from '../support/environment';
import { lambdaContext, queueArn, reporting, sqsEvent, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';
import { missingPackage } from '../support/missing-package';
import { credentials, withoutNetwork } from '../sqs/calls';

const seconds = (): number => 60;

describe('delayBy', () => {
  afterEach(() => {
    sinon.restore();
  });

  for (const [what, args, message] of [
    ['nothing', [], 'delayBy: expected a function that gives seconds, received undefined (undefined).'],
    ['a number of seconds', [60], 'delayBy: expected a function that gives seconds, received 60 (number).'],
    ['null for options', [seconds, null], 'delayBy: expected options such as { queueUrl }, received null (object).'],
    ['a number for options', [seconds, 5], 'delayBy: expected options such as { queueUrl }, received 5 (number).'],
    ['options with seconds', [{ seconds }], 'delayBy: expected a function that gives seconds, received { seconds:'],
    [
      'a client that sends nothing',
      [seconds, { client: {} }],
      'delayBy: expected client to be an SQSClient, received {} (object).',
    ],
    ['null for a client', [seconds, { client: null }], 'delayBy: expected client to be an SQSClient, received null'],
    [
      'a queueUrl that is no string',
      [seconds, { queueUrl: new URL('https://queue.example') }],
      'delayBy: expected queueUrl to be the URL of a queue, received URL {',
    ],
    [
      'a queueUrl that is no URL',
      [seconds, { queueUrl: 'orders' }],
      "delayBy: expected queueUrl to be the URL of a queue, received 'orders' (string).",
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => delayBy(...(args as unknown as Parameters<typeof delayBy>))).to.throw(TypeError, message);
    });
  }

  /** The answer to a batch of which these fail, with this delay; and the lines of the log. */
  const respond = async (retryDelay: RetryDelay, records: SQSRecord[]) => {
    const logger = fakeLogger();
    const options = { source: 'SQS', throwOnFullBatchFailure: false, logger, retryDelay } as const;
    const handler = createBatchHandler(options, () => Promise.reject(new Error('failed')));
    const answer = await handler({ Records: records }, lambdaContext());
    return { answer, warnings: logger.warn.args.flat() };
  };

  it('calls nobody, and loads nothing, before a message has failed', async () => {
    const send = sinon.stub(SQSClient.prototype, 'send').resolves({});
    missingPackage('@aws-sdk/client-sqs');
    const called = sinon.fake(seconds);
    const options = { source: 'SQS', logger: fakeLogger(), retryDelay: delayBy(called) } as const;
    const answer = await createBatchHandler(options, () => undefined)(sqsEvent('a'), lambdaContext());

    expect(answer).to.deep.equal(reporting());
    sinon.assert.notCalled(send);
    sinon.assert.notCalled(called);
  });

  it('says what to do where the package is missing, and the messages come back by themselves', async () => {
    missingPackage('@aws-sdk/client-sqs');
    const { answer, warnings } = await respond(delayBy(seconds), [sqsRecord('a')]);

    expect(answer).to.deep.equal(reporting('a'));
    expect(warnings).to.deep.equal([
      'Messages that failed are not delayed: BatchProcessingError: retryDelay needs @aws-sdk/client-sqs:' +
        ' npm install @aws-sdk/client-sqs, or set client.',
    ]);
  });

  it('makes one client for its value, whichever handlers have it, and another one for another value', async () => {
    const send = sinon.stub(SQSClient.prototype, 'send').resolves({});
    const [one, other] = [delayBy(seconds), delayBy(seconds)];
    for (const retryDelay of [one, one, other, one, other]) await respond(retryDelay, [sqsRecord('a')]);

    const clients = send.thisValues as unknown[];
    expect(clients).to.have.length(5);
    expect(new Set(clients)).to.have.property('size', 2);
    expect(clients.map((client) => clients.indexOf(client))).to.deep.equal([0, 0, 2, 0, 2]);
  });

  describe('calls', () => {
    environment({ AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_SQS: undefined });

    const chinese = queueArn.replace(':aws:', ':aws-cn:').replace('eu-west-1', 'cn-north-1');
    const queueUrl = 'http://127.0.0.1:4566/123456789012/orders';

    /** Where the calls of a client go that is configured like this, for a message from that queue. */
    const calledBy = async (config: object, eventSourceARN: string, options: RetryDelayOptions = {}) => {
      const { requestHandler, called } = withoutNetwork();
      const client = new SQSClient({
        credentials,
        requestHandler,
        logger: { ...fakeLogger(), info: sinon.fake() },
        ...config,
      });
      const { warnings } = await respond(delayBy(seconds, { client, ...options }), [
        sqsRecord('a', { eventSourceARN }),
      ]);
      expect(warnings).to.deep.equal([]);
      return called;
    };

    for (const [what, config, arn, called] of [
      ['of its region', { region: 'eu-west-1' }, queueArn, 'https://sqs.eu-west-1.amazonaws.com/'],
      ['of its partition', { region: 'cn-north-1' }, chinese, 'https://sqs.cn-north-1.amazonaws.com.cn/'],
      ['that it was given', { region: 'eu-west-1', endpoint: 'http://localhost:9324' }, queueArn, 'http://localhost/'],
      [
        'that has FIPS',
        { region: 'us-east-1', useFipsEndpoint: true },
        queueArn,
        'https://sqs-fips.us-east-1.amazonaws.com/',
      ],
    ] as const) {
      it(`the endpoint of the client, ${what}, where the URL of the queue is made of the ARN`, async () => {
        expect(await calledBy(config, arn)).to.deep.equal([`${called} signed for ${config.region}`]);
      });
    }

    it('the endpoint of the environment, too', async () => {
      process.env.AWS_ENDPOINT_URL_SQS = 'http://proxy:4566';
      const called = await calledBy({ region: 'eu-west-1' }, queueArn);
      expect(called).to.deep.equal(['http://proxy/ signed for eu-west-1']);
    });

    it('the host of the URL that is given, as every command of the SDK does', async () => {
      const called = await calledBy({ region: 'eu-west-1' }, queueArn, { queueUrl });
      expect(called).to.deep.equal(['http://127.0.0.1/ signed for eu-west-1']);
    });
  });
});
