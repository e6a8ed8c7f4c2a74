import { expect } from 'chai';
import sinon from 'sinon';

import { createBatchHandler } from '../../lib';
import { exponentialBackoff, type ExponentialBackoffOptions } from '../../lib/retry-delay';
import { backoffBy } from '../../lib/retry-delay/exponential-backoff';
import { lambdaContext, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';

describe('The seconds of exponentialBackoff', () => {
  afterEach(() => {
    sinon.restore();
  });

  const delays = (options: ExponentialBackoffOptions, ...receiveCounts: number[]) =>
    receiveCounts.map(backoffBy(options));

  it('doubles the base with each receive, up to the most', () => {
    expect(delays({ base: 3, max: 40, jitter: false }, 1, 2, 3, 4, 5, 6)).to.deep.equal([3, 6, 12, 24, 40, 40]);
  });

  it('begins with 2 seconds and ends with 900', () => {
    expect(delays({ jitter: false }, 1, 2, 9, 10, 5_000)).to.deep.equal([2, 4, 512, 900, 900]);
  });

  it('takes fractions, and a base that is the most', () => {
    expect(delays({ base: 0.5, max: 0.5, jitter: false }, 1, 2)).to.deep.equal([0.5, 0.5]);
  });

  it('takes an Infinity of seconds at most', () => {
    expect(delays({ base: 1, max: Infinity, jitter: false }, 11, 2_000)).to.deep.equal([1_024, Infinity]);
  });

  it('takes a random time between half of the delay and all of it by default', () => {
    const random = sinon.stub(Math, 'random');
    const backoff = backoffBy({});
    for (const [value, expected] of [
      [0, 4],
      [0.5, 6],
      [0.75, 7],
    ] as const) {
      random.returns(value);
      expect(backoff(3)).to.equal(expected);
    }
  });

  it('gives no number where the receive count is none', () => {
    expect(backoffBy({})(NaN)).to.be.NaN;
  });
});

describe('exponentialBackoff', () => {
  it('delays a message by how often it was received', async () => {
    const send = sinon.fake<[{ input: { QueueUrl: string; Entries: { VisibilityTimeout: number }[] } }]>();
    const queueUrl = 'http://127.0.0.1/orders';
    const retryDelay = exponentialBackoff({ base: 10, max: 60, jitter: false, client: { send }, queueUrl });
    const options = { source: 'SQS', throwOnFullBatchFailure: false, logger: fakeLogger(), retryDelay } as const;
    const handler = createBatchHandler(options, () => Promise.reject(new Error('no')));
    const Records = ['1', '2', '3', '4'].map((count) =>
      sqsRecord(count, { attributes: { ...sqsRecord('').attributes, ApproximateReceiveCount: count } }),
    );
    await handler({ Records }, lambdaContext());

    sinon.assert.calledOnce(send);
    const { QueueUrl, Entries } = send.firstCall.args[0].input;
    expect(QueueUrl).to.equal(queueUrl);
    expect(Entries.map(({ VisibilityTimeout }) => VisibilityTimeout)).to.deep.equal([10, 20, 40, 60]);
  });

  it('needs no options', () => {
    expect(exponentialBackoff()).to.be.a('function');
  });

  it('refuses an option that there is not: with a typing error it would do nothing', () => {
    expect(() => exponentialBackoff({ bsae: 5 } as never)).to.throw(
      TypeError,
      'exponentialBackoff: unknown option bsae; expected one of base, max, jitter, client, queueUrl.',
    );
  });

  for (const wrong of [null, 5, 'fast']) {
    it(`refuses ${JSON.stringify(wrong)} for options`, () => {
      const apply = () => exponentialBackoff(wrong as never);
      expect(apply).to.throw(TypeError, 'exponentialBackoff: expected options such as { base: 5 }, received');
    });
  }

  for (const [name, wrong, expected] of [
    ['client', {}, 'client to be an SQSClient, received {} (object).'],
    ['client', null, 'client to be an SQSClient, received null (object).'],
    ['queueUrl', 'orders', "queueUrl to be the URL of a queue, received 'orders' (string)."],
  ] as const) {
    it(`refuses ${name}: ${JSON.stringify(wrong)}`, () => {
      const apply = () => exponentialBackoff({ [name]: wrong });
      expect(apply).to.throw(TypeError, `exponentialBackoff: expected ${expected}`);
    });
  }

  it('refuses jitter that is neither true nor false', () => {
    expect(() => exponentialBackoff({ jitter: 'no' } as never)).to.throw(
      TypeError,
      "exponentialBackoff: expected jitter to be true or false, received 'no' (string).",
    );
  });

  for (const base of [0, -1, NaN, Infinity, 'two', '2', 5n, null]) {
    it(`refuses base: ${String(base)}`, () => {
      const apply = () => exponentialBackoff({ base } as ExponentialBackoffOptions);
      expect(apply).to.throw(
        TypeError,
        'exponentialBackoff: expected base to be a number of seconds above 0, received',
      );
    });
  }

  for (const max of [1, 0, NaN, -Infinity, 'ten', '10', 10n]) {
    it(`refuses max: ${max}`, () => {
      const apply = () => exponentialBackoff({ base: 2, max } as ExponentialBackoffOptions);
      expect(apply).to.throw(TypeError, 'expected max to be a number of seconds of at least base, received');
    });
  }
});
