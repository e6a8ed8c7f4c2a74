import type { Context, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { readBatch } from '../../lib/batch/batch';
import { Delivery } from '../../lib/batch/delivery';
import type { ExtendedBatch } from '../../lib/batch/extension';
import { Patience } from '../../lib/batch/patience';
import { Deadline } from '../../lib/engine/deadline';
import type { Outcome } from '../../lib/engine/outcome';
import type { RetryDelayOptions } from '../../lib/retry-delay';
import { RetryDelayer } from '../../lib/retry-delay/retry-delayer';
import { sourceOf } from '../../lib/sources';
import { unhandledRejections } from '../support/engine';
import { lambdaContext, queueArn, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';
const failure: Outcome = { status: 'failure', error: new Error('failed') };

interface Call {
  readonly QueueUrl: string;
  readonly Entries: { Id: string; ReceiptHandle: string; VisibilityTimeout: number }[];
}

/** A client whose calls can be read. */
function fakeClient(answer: (call: Call, options: { abortSignal: AbortSignal }) => unknown = () => ({})) {
  const calls: Call[] = [];
  const commands: string[] = [];
  const signals: AbortSignal[] = [];
  const send = ({ input, constructor }: { input: Call; constructor: { name: string } }, options: never) => {
    calls.push(input);
    commands.push(constructor.name);
    signals.push((options as { abortSignal: AbortSignal }).abortSignal);
    return answer(input, options) as Promise<unknown>;
  };
  return { calls, commands, signals, client: { send } as unknown as NonNullable<RetryDelayOptions['client']> };
}

/** Delays records, all of which have failed where no outcomes are given. */
async function delay(
  { records, outcomes, context }: { records: SQSRecord[]; outcomes?: Outcome[]; context?: Context | undefined },
  { seconds, client, queueUrl: given }: RetryDelayOptions & { readonly seconds: (...args: never[]) => unknown },
  startedAt = Date.now(),
) {
  const logger = fakeLogger();
  const read = readBatch(sourceOf('SQS'), records);
  const deadline = new Deadline();
  const batch: Partial<ExtendedBatch<SQSRecord>> = {
    records,
    logger,
    startedAt,
    patience: (what, mostMs) => new Patience(what, context, deadline, mostMs),
    deliveryOf: (index) => new Delivery(read, deadline, index) as Delivery<SQSRecord>,
  };
  await new RetryDelayer(seconds as never, client, given).delay(batch as never, outcomes ?? records.map(() => failure));
  return logger.warn.args.map(([line]) => line);
}

const named = (count: number) => Array.from({ length: count }, (_, index) => sqsRecord(String(index)));

/** The timeouts that were set for one message for which `seconds` gives this. */
async function timeoutsFor(seconds: unknown, startedAt?: number) {
  const { calls, client } = fakeClient();
  await delay({ records: [sqsRecord('a')] }, { seconds: () => seconds, client }, startedAt);
  return calls.flatMap(({ Entries }) => Entries.map(({ VisibilityTimeout }) => VisibilityTimeout));
}

describe('A retry delay', () => {
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });

  afterEach(() => {
    clock.restore();
  });

  it('changes the visibility timeout of what failed, and of nothing else', async () => {
    const { calls, commands, client } = fakeClient();
    const outcomes: Outcome[] = [
      { status: 'success' },
      failure,
      { status: 'unprocessed', cause: new Error('failed') },
      { status: 'success', delivered: new Error('poison') },
    ];
    const lines = await delay({ records: named(4), outcomes }, { seconds: () => 60, client });

    expect(calls).to.deep.equal([
      { QueueUrl: queueUrl, Entries: [{ Id: '1', ReceiptHandle: 'handle-1', VisibilityTimeout: 60 }] },
    ]);
    expect(commands).to.deep.equal(['ChangeMessageVisibilityBatchCommand']);
    expect(lines).to.deep.equal([]);
  });

  it('calls nobody where nothing failed', async () => {
    const { calls, client } = fakeClient();
    const seconds = sinon.fake.returns(60);
    await delay({ records: named(1), outcomes: [{ status: 'success' }] }, { seconds, client });

    expect(calls).to.deep.equal([]);
    sinon.assert.notCalled(seconds);
  });

  it('is what `seconds` says of the receive count and the error', async () => {
    const seconds = sinon.fake.returns(60);
    const attributes = { ...sqsRecord('a').attributes, ApproximateReceiveCount: '7' };
    await delay({ records: [sqsRecord('a', { attributes })] }, { seconds, client: fakeClient().client });

    sinon.assert.calledOnceWithExactly(seconds, 7, failure.error);
  });

  it('is set for ten messages a call', async () => {
    const { calls, client } = fakeClient();
    await delay({ records: named(21) }, { seconds: () => 60, client });

    expect(calls.map(({ Entries }) => Entries.length)).to.deep.equal([10, 10, 1]);
    expect(calls.flatMap(({ Entries }) => Entries.map(({ Id }) => Id))).to.deep.equal(
      Array.from({ length: 21 }, (_, index) => String(index)),
    );
  });

  it('is set without a warning of Node for the 1,000 calls of a batch of 10,000', async () => {
    const warned = sinon.fake();
    process.on('warning', warned);
    try {
      const { calls, client } = fakeClient((_, { abortSignal }) => {
        abortSignal.addEventListener('abort', () => undefined);
        return Promise.resolve({});
      });
      await delay({ records: named(10_000) }, { seconds: () => 60, client });
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).to.have.length(1_000);
      sinon.assert.notCalled(warned);
    } finally {
      process.off('warning', warned);
    }
  });

  for (const [given, expected] of [
    [0, [0]],
    [0.4, [0]],
    [1.5, [2]],
    [43_201, [42_900]],
    [Infinity, [42_900]],
    [-1, []],
    [NaN, []],
    [-Infinity, []],
    [undefined, []],
    [null, []],
    ['60', []],
    [true, []],
    [60n, []],
  ] as const) {
    it(`of ${typeof given} ${String(given)} is ${expected[0] === undefined ? 'none' : `${expected[0]} s`}`, async () => {
      expect(await timeoutsFor(given)).to.deep.equal(expected);
    });
  }

  it('is none where `seconds` is async, because nobody waits for it', async () => {
    expect(await timeoutsFor(Promise.resolve(60))).to.deep.equal([]);
  });

  for (const [what, seconds] of [
    ['resolves', () => Promise.resolve(60)],
    ['rejects', () => Promise.reject(new Error('async'))],
    ['never settles', () => new Promise(() => undefined)],
    ['resolves to nothing', async () => undefined],
    ['resolves later', () => new Promise((resolve) => setImmediate(resolve))],
    ['is a thenable', () => ({ then: (resolve: (seconds: number) => void) => resolve(60) })],
    ['is a function, too', () => Object.assign(() => 60, { then: (_: unknown, reject: () => void) => reject() })],
    [
      'throws when it is waited for',
      () => ({
        then: () => {
          throw new Error('hostile');
        },
      }),
    ],
  ] as const) {
    it(`that is a promise, and ${what}, is a line in the log, and nothing else`, async () => {
      const { calls, client } = fakeClient();
      let lines: string[] = [];
      const unhandled = await unhandledRejections(async () => {
        lines = await delay({ records: named(2) }, { seconds: seconds, client });
      });

      expect(unhandled).to.deep.equal([]);
      expect(calls).to.deep.equal([]);
      expect(lines).to.deep.equal([
        'Messages that failed are not delayed: Error: The delay is a promise, and has to be a number.',
      ]);
    });
  }

  it('is at most 12 hours from when the message was received: what the window and the batch took counts', async () => {
    expect(await timeoutsFor(Infinity, Date.now() - 899_001)).to.deep.equal([43_200 - 300 - 900]);
  });

  for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
    it(`finds the queue in partition ${partition} by its ARN`, async () => {
      const { calls, client } = fakeClient();
      const eventSourceARN = queueArn.replace(':aws:', `:${partition}:`);
      await delay({ records: [sqsRecord('a', { eventSourceARN })] }, { seconds: () => 60, client });
      expect(calls.map(({ QueueUrl }) => QueueUrl)).to.deep.equal([queueUrl]);
    });
  }

  it('is set in the queue of each message, or in the one that is given', async () => {
    const records = [sqsRecord('a'), sqsRecord('b', { eventSourceARN: `${queueArn}-2` }), sqsRecord('c')];
    const found = fakeClient();
    await delay({ records }, { seconds: () => 60, client: found.client });
    const given = fakeClient();
    await delay({ records }, { seconds: () => 60, client: given.client, queueUrl: 'http://127.0.0.1/q' });

    expect(found.calls.map(({ QueueUrl, Entries }) => [QueueUrl, Entries.map(({ Id }) => Id)])).to.deep.equal([
      [queueUrl, ['0', '2']],
      [`${queueUrl}-2`, ['1']],
    ]);
    expect(given.calls.map(({ QueueUrl, Entries }) => [QueueUrl, Entries.length])).to.deep.equal([
      ['http://127.0.0.1/q', 3],
    ]);
  });

  const unusable: [what: string, record: Partial<Record<keyof SQSRecord, unknown>>, line: string][] = [
    ['has no receiptHandle', { receiptHandle: undefined }, 'A message has no receiptHandle'],
    ['has no receiptHandle, but null', { receiptHandle: null }, 'A message has no receiptHandle'],
    ['has no ARN', { eventSourceARN: undefined }, 'is not that of a queue: set queueUrl'],
    ['has no ARN, but null', { eventSourceARN: null }, 'is not that of a queue: set queueUrl'],
    ['has an ARN of something else', { eventSourceARN: 'arn:aws:s3' }, 'is not that of a queue: set queueUrl'],
  ];
  for (const [what, overrides, line] of unusable) {
    it(`leaves out a message that ${what}, and says so once`, async () => {
      const { calls, client } = fakeClient();
      const odd = sqsRecord('odd', overrides as Partial<SQSRecord>);
      const lines = await delay({ records: [odd, sqsRecord('a'), odd] }, { seconds: () => 60, client });

      expect(calls.flatMap(({ Entries }) => Entries.map(({ Id }) => Id))).to.deep.equal(['1']);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include('Messages that failed are not delayed').and.include(line);
    });
  }

  for (const [what, attributes] of [
    ['no attributes', undefined],
    ['null for attributes', null],
    ['attributes without a receive count', {}],
  ] as const) {
    it(`takes a message that has ${what}, as in a unit test, for one that was received once`, async () => {
      const { calls, client } = fakeClient();
      const seconds = sinon.fake.returns(60);
      const records = [sqsRecord('a', { attributes } as Partial<SQSRecord>)];
      expect(await delay({ records }, { seconds, client })).to.deep.equal([]);

      sinon.assert.calledOnceWithExactly(seconds, 1, failure.error);
      expect(calls.flatMap(({ Entries }) => Entries.map(({ VisibilityTimeout }) => VisibilityTimeout))).to.deep.equal([
        60,
      ]);
    });
  }

  it('is a line where what `seconds` gives cannot be looked at', async () => {
    const { calls, client } = fakeClient();
    const seconds = () => Object.defineProperty({}, 'then', { get: sinon.fake.throws(new Error('hostile')) });
    expect(await delay({ records: named(2) }, { seconds, client })).to.deep.equal([
      'Messages that failed are not delayed: Error: hostile.',
    ]);
    expect(calls).to.deep.equal([]);
  });

  it('is none where `seconds` throws, which is said once', async () => {
    const { calls, client } = fakeClient();
    const seconds = sinon.fake.throws(new RangeError('no such count'));
    const lines = await delay({ records: named(3) }, { seconds, client });

    expect(calls).to.deep.equal([]);
    expect(lines).to.deep.equal(['Messages that failed are not delayed: RangeError: no such count.']);
  });
});

describe('A call that delays messages', () => {
  const refusing: [what: string, answer: () => unknown, line: string | undefined][] = [
    ['rejects', () => Promise.reject(new Error('no network')), 'Error: no network'],
    ['throws', sinon.fake.throws(new Error('no credentials')), 'Error: no credentials'],
    [
      'rejects with an error whose name cannot be shown',
      () => Promise.reject(Object.assign(new Error('odd'), { name: Symbol('odd') })),
      'Error: odd',
    ],
    ['rejects with what is no Error', () => Promise.reject(undefined), 'undefined, which is no Error'],
    [
      'refuses some of its entries',
      () =>
        Promise.resolve({
          Failed: [
            { Id: '0', Code: 'ReceiptHandleIsInvalid' },
            { Id: '1', Code: 'Other' },
          ],
        }),
      'SQS refused 2, the first as ReceiptHandleIsInvalid',
    ],
    ['answers nothing', () => Promise.resolve(undefined), undefined],
    ['answers with an empty list', () => Promise.resolve({ Failed: [] }), undefined],
  ];
  for (const [what, answer, line] of refusing) {
    it(`and ${what} changes nothing but ${line === undefined ? 'no' : 'a'} line`, async () => {
      const { calls, client } = fakeClient(answer);
      let lines: string[] = [];
      const unhandled = await unhandledRejections(async () => {
        lines = await delay({ records: named(21) }, { seconds: () => 60, client });
      });

      expect(calls).to.have.length(3);
      expect(unhandled).to.deep.equal([]);
      expect(lines).to.have.length(line === undefined ? 0 : 1);
      if (line !== undefined) expect(lines[0]).to.include(line);
    });
  }

  it('does not keep the others from being made', async () => {
    const { calls, client } = fakeClient(({ Entries }) =>
      Entries[0]!.Id === '0' ? Promise.reject(new Error('no network')) : Promise.resolve({}),
    );
    const lines = await delay({ records: named(11) }, { seconds: () => 60, client });

    expect(calls).to.have.length(2);
    expect(lines).to.deep.equal(['Messages that failed are not delayed: Error: no network.']);
  });

  describe('and never settles', () => {
    let clock: sinon.SinonFakeTimers;

    beforeEach(() => {
      clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    });

    afterEach(() => {
      clock.restore();
    });

    for (const [what, context, patience] of [
      ['5 seconds', undefined, 5_000],
      ['5 seconds, where there is more time', lambdaContext(() => 60_000), 5_000],
      ['half of the time that is left', lambdaContext(() => 800), 400],
      ['5 seconds, where the time that is left is NaN', lambdaContext(() => NaN), 5_000],
      ['5 seconds, where the clock breaks down', lambdaContext(sinon.fake.throws(new Error('no clock'))), 5_000],
      ['no time, where none is left', lambdaContext(() => -10), 1],
    ] as const) {
      it(`is waited for ${what}`, async () => {
        const { signals, client } = fakeClient(() => new Promise(() => undefined));
        let lines: string[] | undefined;
        void delay({ records: named(11), context }, { seconds: () => 60, client }).then((all) => (lines = all));
        await clock.tickAsync(patience - 1);
        expect(lines).to.equal(undefined);
        expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, false]);

        await clock.tickAsync(1);
        expect(lines).to.have.length(1);
        expect(lines![0]).to.include('SQS did not answer within');
        expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
      });
    }

    it('leaves no timer behind where it does settle', async () => {
      await delay({ records: named(1) }, { seconds: () => 60, client: fakeClient().client });
      expect(clock.countTimers()).to.equal(0);
    });
  });
});
