import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaContext } from '../../lib/testing/lambda-context';
import { sqsEvent } from '../../lib/testing/sqs-event';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

/** Deprecated, so not by the names of their type. */
const callbackNames = ['done', 'fail', 'succeed'];
const methodOf = (context: object, name: string) => (context as Record<string, () => unknown>)[name]!;

describe('lambdaContext', () => {
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_000_000, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    clock.restore();
  });

  it('has what a context has, and nothing else', () => {
    const { awsRequestId, logStreamName, ...rest } = lambdaContext();
    const methods = ['getRemainingTimeInMillis', ...callbackNames];

    expect(rest).to.have.all.keys(
      ...methods,
      'callbackWaitsForEmptyEventLoop',
      'functionName',
      'functionVersion',
      'invokedFunctionArn',
      'memoryLimitInMB',
      'logGroupName',
    );
    for (const method of methods) expect(methodOf(rest, method)).to.be.a('function');
    expect(rest).to.include({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'orders',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/orders',
    });
    expect(awsRequestId).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(logStreamName).to.match(/^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
  });

  describe('counts down', () => {
    it('from 3 seconds, as the default timeout of a function', () => {
      expect(lambdaContext().getRemainingTimeInMillis()).to.equal(3_000);
    });

    it('by the clock, and below 0 when the time is over', () => {
      const { getRemainingTimeInMillis } = lambdaContext({ timeoutMs: 500 });
      const remaining = [0, 120, 380, 1, 999].map((pause) => {
        clock.tick(pause);
        return getRemainingTimeInMillis();
      });

      expect(remaining).to.deep.equal([500, 380, 0, -1, -1_000]);
    });

    it('from when it was made', () => {
      const first = lambdaContext({ timeoutMs: 500 });
      clock.tick(200);
      const second = lambdaContext({ timeoutMs: 500 });
      clock.tick(100);

      expect([first.getRemainingTimeInMillis(), second.getRemainingTimeInMillis()]).to.deep.equal([200, 400]);
    });

    it('from any timeout that a function can have', () => {
      expect(lambdaContext({ timeoutMs: 1 }).getRemainingTimeInMillis()).to.equal(1);
      expect(lambdaContext({ timeoutMs: 900_000 }).getRemainingTimeInMillis()).to.equal(900_000);
    });

    it('but from no other', () => {
      const timeout = (timeoutMs: unknown) => () => lambdaContext({ timeoutMs: timeoutMs as number });

      for (const wrong of [0, -1, 900_001, 1.5, NaN, Infinity]) {
        expect(timeout(wrong)).to.throw(
          RangeError,
          `Expected timeoutMs to be an integer from 1 to 900000, received ${wrong}.`,
        );
      }
      expect(timeout('3000')).to.throw(TypeError, "received '3000' (string).");
      expect(timeout(null)).to.throw(TypeError, 'received null (object).');
    });

    it('so that @BatchHandler stops before the timeout', async () => {
      const event = sqsEvent(['a', 'b', 'c']);
      const handled: string[] = [];
      const handler = handlerFor(
        { source: 'SQS', concurrency: 1, stopBeforeTimeout: 1_000, logger: fakeLogger() },
        ({ body }) => {
          handled.push(body);
          clock.tick(1_200);
        },
      );

      const answer = await handler(event, lambdaContext({ timeoutMs: 3_000 }));

      expect(handled).to.deep.equal(['a', 'b']);
      expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.include(
        event.Records[2]!.messageId,
      );
    });
  });

  it('goes by the name and the version of the function wherever they occur', () => {
    const context = lambdaContext({ functionName: 'bills', functionVersion: '7' });

    expect(context.functionName).to.equal('bills');
    expect(context.functionVersion).to.equal('7');
    expect(context.invokedFunctionArn).to.equal('arn:aws:lambda:eu-west-1:123456789012:function:bills');
    expect(context.logGroupName).to.equal('/aws/lambda/bills');
    expect(context.logStreamName).to.match(/^2026\/01\/01\/\[7\][0-9a-f]{32}$/);
  });

  it('takes whatever should be different', () => {
    const identity = { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' };
    const context = lambdaContext({
      awsRequestId: 'request-1',
      memoryLimitInMB: '1024',
      logGroupName: 'elsewhere',
      callbackWaitsForEmptyEventLoop: false,
      identity,
      getRemainingTimeInMillis: () => 42,
    });

    expect(context).to.include({
      awsRequestId: 'request-1',
      memoryLimitInMB: '1024',
      logGroupName: 'elsewhere',
      callbackWaitsForEmptyEventLoop: false,
      functionName: 'orders',
    });
    expect(context.identity).to.equal(identity);
    expect(context.getRemainingTimeInMillis()).to.equal(42);
  });

  it('is the same each time but for its functions, and another for another function', () => {
    const data = (functionName?: string): unknown =>
      JSON.parse(JSON.stringify(functionName === undefined ? lambdaContext() : lambdaContext({ functionName })));

    expect(data()).to.deep.equal(data('orders'));
    expect(lambdaContext({ functionName: 'bills' }).awsRequestId).not.to.equal(lambdaContext().awsRequestId);
  });

  it('takes undefined for absent', () => {
    const nothing = { functionName: undefined, awsRequestId: undefined, timeoutMs: undefined };
    expect(JSON.stringify(lambdaContext(nothing))).to.equal(JSON.stringify(lambdaContext()));
  });

  it('refuses what is no object, such as a timeout alone', () => {
    for (const wrong of [5_000, null, [], 'orders']) {
      expect(() => lambdaContext(wrong as never)).to.throw(TypeError, 'lambdaContext: expected options, received ');
    }
  });

  it('has callbacks that fail the function which calls them', () => {
    for (const name of callbackNames) {
      expect(methodOf(lambdaContext(), name)).to.throw(
        Error,
        'the callbacks of a context are not there on Node.js 24.',
      );
    }
  });
});
