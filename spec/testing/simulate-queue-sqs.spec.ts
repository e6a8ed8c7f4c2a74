import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { type BatchHandlerOptions, NonRetryableError } from '../../lib';
import { deadLetter, type DeliverTo, sqsQueue } from '../../lib/dead-letter';
import { delayBy, exponentialBackoff, type RetryDelay } from '../../lib/retry-delay';
import type { AnyRecord } from '../../lib/dead-letter/entry';
import { formatTimeline, SimulatedSqs, simulateQueue, simulateStream } from '../../lib/testing';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { missingPackage } from '../support/missing-package';
import { rejection } from '../support/promises';

type Options = Extract<BatchHandlerOptions, { source: 'SQS' }>;
type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
const receives = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);
const payloads = <P>(records: readonly { readonly payload: P }[]): P[] => records.map(({ payload }) => payload);
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An entry that fails for a moment where a body begins with `bad`, and for good where it begins with `poison`. */
const entryWith = (options: Omit<Options, 'source'>, heals = Infinity) =>
  handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger(), ...options } as Options, (record) => {
    if (record.body.startsWith('poison')) throw new NonRetryableError(`no ${record.body}`);
    if (record.body.startsWith('bad') && receives(record) <= heals) throw new Error('not now');
  });

/** When each message was received, in seconds. */
const secondsOf = (deliveries: readonly { readonly payload: string; readonly at: number }[], payload: string) =>
  deliveries.filter((delivery) => delivery.payload === payload).map(({ at }) => at / 1000);

describe('simulateQueue with retryDelay', () => {
  /** What comes of messages that fail so often, and are delayed as a client is told to. */
  const simulateWith = (
    delayThrough: (client: SimulatedSqs) => RetryDelay,
    given: Partial<Parameters<typeof simulateQueue<string>>[0]> = {},
    { heals = 4, ...options }: Partial<Options> & { readonly heals?: number } = {},
  ) => {
    const sqs = new SimulatedSqs();
    const handler = entryWith({ ...options, retryDelay: delayThrough(sqs) }, heals);
    return simulateQueue({ handler, messages: ['bad'], sqs, ...given });
  };
  const simulate = (seconds: () => number, ...rest: Tail<Parameters<typeof simulateWith>>) =>
    simulateWith((client) => delayBy(seconds, { client }), ...rest);

  it('has a message come back ever later, as its backoff says', async () => {
    const { deliveries, deleted } = await simulateWith((client) =>
      exponentialBackoff({ base: 10, max: 60, jitter: false, client }),
    );

    expect(secondsOf(deliveries, 'bad')).to.deep.equal([0, 10, 30, 70, 130]);
    expect(deleted).to.have.length(1).with.nested.property('[0].receiveCount', 5);
  });

  it('has a message come back before its visibility timeout is over, after it, or at once', async () => {
    for (const [delay, expected] of [
      [5, [0, 5, 10]],
      [45, [0, 45, 90]],
      [0, [0, 0, 0]],
      [-1, [0, 30, 60]], // delays nothing
    ] as const) {
      const { deliveries } = await simulate(() => delay, {}, { heals: 2 });
      expect(secondsOf(deliveries, 'bad')).to.deep.equal(expected);
    }
  });

  it('counts the delay from when the message failed', async () => {
    const sqs = new SimulatedSqs();
    const retryDelay = delayBy(() => 10, { client: sqs });
    const handler = handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger(), retryDelay }, async (record) => {
      await after(2_000);
      if (receives(record) === 1) throw new Error('not now');
    });
    const { invocations } = await simulateQueue({ handler, messages: ['a'], sqs, ioWaitMs: 0 });

    expect(invocations.map(({ at }) => at)).to.deep.equal([0, 12_000]);
  });

  it('has the others come at their own time', async () => {
    const messages = ['bad 1', 'good', 'bad 2'];
    const delays: Record<string, number> = { 'bad 1': 100, 'bad 2': 3 };
    const sqs = new SimulatedSqs();
    const seconds = (_: number, { message }: Error): number => delays[message]!;
    const handler = handlerFor<'SQS'>(
      { source: 'SQS', logger: fakeLogger(), retryDelay: delayBy(seconds, { client: sqs }) },
      (record) => {
        if (record.body in delays && receives(record) < 3) throw new Error(record.body);
      },
    );
    const { deliveries, deleted } = await simulateQueue({ handler, messages, sqs });

    expect(messages.map((message) => secondsOf(deliveries, message))).to.deep.equal([[0, 100, 200], [0], [0, 3, 6]]);
    expect(payloads(deleted)).to.deep.equal(['good', 'bad 2', 'bad 1']);
  });

  it('dead-letters a message at its next receive, whenever that is', async () => {
    const { deadLettered } = await simulate(() => 100, { maxReceiveCount: 3 }, { heals: Infinity });

    expect(deadLettered.map(({ at, receiveCount }) => [at, receiveCount])).to.deep.equal([[300_000, 3]]);
  });

  it('keeps the FIFO group of a delayed message waiting, and no other', async () => {
    const messages = ['bad', 'a2', 'b1', 'b2', 'a3'];
    const given = {
      messages,
      fifo: true,
      batchSize: 2,
      messageGroupId: (body: string) => (body === 'bad' ? 'a' : body[0]!),
    };
    const { deliveries } = await simulate(() => 200, given, { fifo: true, heals: 1 });

    expect(messages.map((message) => secondsOf(deliveries, message))).to.deep.equal([
      [0, 200], // fails
      [0, 200], // was not run, nor delayed: its own visibility timeout was over after 30 s
      [0],
      [0],
      [200],
    ]);
  });

  it('has a FIFO message come back alone, before what follows it (as AWS did, in three tests of November 2025)', async () => {
    const given = { messages: ['bad', 'a2'], fifo: true, maxReceiveCount: 3 };
    const { deliveries, deleted, deadLettered } = await simulate(() => 1, given, { fifo: true, heals: Infinity });

    expect([secondsOf(deliveries, 'bad'), secondsOf(deliveries, 'a2')]).to.deep.equal([[0, 1, 2], [0, 30]]); // prettier-ignore
    expect(deadLettered.map(({ payload, at }) => [payload, at])).to.deep.equal([['bad', 3_000]]);
    expect(deleted.map(({ payload, at }) => [payload, at])).to.deep.equal([['a2', 30_000]]);
  });

  it('delays a message of a standard queue also when it is visible again, but not received (as AWS did)', async () => {
    const sqs = new SimulatedSqs();
    const logger = fakeLogger();
    const handler = handlerFor<'SQS'>(
      { source: 'SQS', logger, retryDelay: delayBy(() => 10, { client: sqs }) },
      async (record) => {
        await after(2_500);
        if (receives(record) === 1) throw new Error('not now');
      },
    );
    const { deliveries } = await simulateQueue({
      handler,
      messages: ['a'],
      sqs,
      visibilityTimeoutMs: 3_000,
      ioWaitMs: 0,
      faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
    });

    expect(secondsOf(deliveries, 'a')).to.deep.equal([1, 13.5]);
    sinon.assert.notCalled(logger.warn);
  });

  it('tells of each delay in the timeline, once for all messages of it', async () => {
    const result = await simulate(() => 45, { messages: ['bad 1', 'good', 'bad 2'] }, { heals: 1 });

    expect(formatTimeline(result).split('\n')).to.deep.equal([
      ' 0.000 s  invocation 0  invoked   #0 #1 #2',
      ' 0.000 s                delayed   #0 #2     for 45 s',
      ' 0.000 s  invocation 0  deleted   #1',
      ' 0.000 s  invocation 0  returned  #0 #2',
      '45.000 s  invocation 1  invoked   #0 #2',
      '45.000 s  invocation 1  deleted   #0 #2',
      '3 done, 0 dead-lettered, 0 remaining',
    ]);
  });

  it('refuses to delay a message that was received again meanwhile, and keeps its latest time', async () => {
    const sqs = new SimulatedSqs();
    const logger = fakeLogger();
    const retryDelay = delayBy(() => 500, { client: sqs });
    // Throttled first, so that the function still runs when the visibility timeout is over.
    const handler = handlerFor<'SQS'>({ source: 'SQS', logger, retryDelay }, async (record) => {
      await after(2_500);
      if (receives(record) === 1) throw new Error('not now');
    });
    const { deliveries, timeline } = await simulateQueue({
      handler,
      messages: ['a'],
      sqs,
      visibilityTimeoutMs: 3_000,
      maximumConcurrency: 2,
      ioWaitMs: 0,
      faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
    });

    expect(deliveries.map(({ at, outcome }) => [at, outcome])).to.deep.equal([
      [1_000, 'returned'],
      [3_000, 'deleted'],
    ]);
    expect(timeline.map(({ what }) => what)).not.to.include('delayed');
    expect(logger.warn.args.flat()).to.deep.equal([
      'Messages that failed are not delayed: Error: SQS refused 1, the first as ReceiptHandleIsInvalid.',
    ]);
  });

  it('changes nothing where the simulation does not know the client, but for a line in the log', async () => {
    const logger = fakeLogger();
    const given = { sqs: undefined };
    const { deliveries } = await simulate(() => 5, given, { heals: 1, logger });

    expect(secondsOf(deliveries, 'bad')).to.deep.equal([0, 30]);
    expect(logger.warn.args).to.have.length(1);
  });

  it('lets go of the client at the end, and of what is still to come', async () => {
    const sqs = new SimulatedSqs();
    const handler = entryWith({ retryDelay: delayBy(() => 5, { client: sqs }) });
    const first = await simulateQueue({ handler, messages: ['bad'], sqs, maxInvocations: 1 });
    const [{ receiptHandle }] = first.invocations[0]!.event.Records as [SQSRecord];
    const Entries = [{ Id: '0', ReceiptHandle: receiptHandle, VisibilityTimeout: 5 }];
    const { Failed } = await sqs.send({ input: { QueueUrl: queueUrl, Entries } });
    const second = await simulateQueue({ handler, messages: ['bad'], sqs, maxInvocations: 2 });

    expect(Failed.map(({ Code }) => Code)).to.deep.equal(['ReceiptHandleIsInvalid']);
    expect(first.timeline.filter(({ what }) => what === 'delayed')).to.have.length(1);
    expect(secondsOf(second.deliveries, 'bad')).to.deep.equal([0, 5]);
  });

  it('takes no other client', async () => {
    const error = await rejection(simulateQueue({ handler: entryWith({}), messages: [], sqs: {} as never }));

    expect(error).to.be.an.instanceOf(TypeError);
    expect(error).to.have.property('message', 'Expected sqs to be a SimulatedSqs, received {} (object).');
  });
});

describe('simulateQueue with nonRetryable', () => {
  const sqs = () => new SimulatedSqs();
  const ways: [how: string, deliverTo: () => DeliverTo<AnyRecord> | 'discard'][] = [
    ['to a queue', () => sqsQueue({ queueUrl, client: sqs() })],
    ['to a function', () => () => undefined],
    ['to a function that takes its time', () => () => after(100)],
    ['nowhere', () => 'discard'],
  ];
  for (const [how, deliverTo] of ways) {
    it(`tells what was delivered ${how}: after one receive, and not among what is done`, async () => {
      const handler = entryWith({ nonRetryable: deadLetter({ deliverTo: deliverTo() }) });
      const result = await simulateQueue({ handler, messages: ['a', 'poison', 'bad'], maxReceiveCount: 2 });

      expect(payloads(result.deleted)).to.deep.equal(['a']);
      expect(payloads(result.deadLettered)).to.deep.equal(['bad']);
      const [{ error, ...delivered }] = result.deliveredElsewhere as [(typeof result.deliveredElsewhere)[number]];
      expect(result.deliveredElsewhere).to.have.length(1);
      expect(delivered).to.include({ index: 1, payload: 'poison', receiveCount: 1 });
      expect(delivered).to.have.property('at', result.invocations[0]!.endedAt);
      expect(error).to.be.an.instanceOf(NonRetryableError).with.property('message', 'no poison');
      expect(result.deliveries.map(({ payload, outcome }) => [payload, outcome])).to.deep.equal([
        ['a', 'deleted'],
        ['poison', 'delivered elsewhere'],
        ['bad', 'returned'],
        ['bad', 'returned'],
      ]);
    });
  }

  it('says so in the timeline', async () => {
    const handler = entryWith({ nonRetryable: deadLetter({ deliverTo: 'discard' }) });
    const result = await simulateQueue({ handler, messages: ['a', 'poison', 'bad'], maxReceiveCount: 1 });

    expect(formatTimeline(result).split('\n')).to.deep.equal([
      ' 0.000 s  invocation 0  invoked              #0 #1 #2',
      ' 0.000 s  invocation 0  deleted              #0',
      ' 0.000 s  invocation 0  delivered elsewhere  #1',
      ' 0.000 s  invocation 0  returned             #2',
      '30.000 s                dead-lettered        #2        MaxReceiveCountExceeded',
      '1 done, 1 delivered elsewhere, 1 dead-lettered, 0 remaining',
    ]);
  });

  it('has the client keep what it was sent', async () => {
    const client = sqs();
    const handler = entryWith({ nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }) });
    await simulateQueue({ handler, messages: ['poison 1', 'a', 'poison 2'] });

    expect(
      client.sent.map(({ queueUrl: url, body, attributes }) => [url, body, attributes.errorMessage]),
    ).to.deep.equal([
      [queueUrl, 'poison 1', 'no poison 1'],
      [queueUrl, 'poison 2', 'no poison 2'],
    ]);
  });

  for (const [how, refuses] of [
    ['refuses it', () => true],
    [
      'is gone',
      () => {
        throw new Error('The specified queue does not exist.');
      },
    ],
  ] as const) {
    it(`loses nothing where the other queue ${how}: the redrive policy moves it`, async () => {
      const client = new SimulatedSqs({ refuses });
      const handler = entryWith({ nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }) });
      const result = await simulateQueue({ handler, messages: ['a', 'poison'], maxReceiveCount: 3 });

      expect(payloads(result.deleted)).to.deep.equal(['a']);
      expect(result.deadLettered.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([
        ['poison', 3],
      ]);
      expect([result.deliveredElsewhere, client.sent]).to.deep.equal([[], []]);
    });
  }

  it('counts only what left the queue: what was delivered in an invocation that crashed comes again', async () => {
    const client = sqs();
    const handler = entryWith({ nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client }) }) });
    const faults = ({ index }: { readonly index: number }) => (index === 0 ? 'crash' : undefined);
    const result = await simulateQueue({ handler, messages: ['poison'], faults });

    expect(result.deliveries.map(({ outcome }) => outcome)).to.deep.equal(['returned', 'delivered elsewhere']);
    expect(result.deliveredElsewhere.map(({ receiveCount }) => receiveCount)).to.deep.equal([2]);
    expect(client.sent).to.have.length(2);
  });

  it('tells the deliveries of an invocation from those of another receive that runs at the same time', async () => {
    const handler = handlerFor<'SQS'>(
      { source: 'SQS', logger: fakeLogger(), nonRetryable: deadLetter({ deliverTo: 'discard' }) },
      async (record) => {
        await after(2_500);
        if (receives(record) === 1) throw new NonRetryableError('poison');
      },
    );
    const { deliveries, deliveredElsewhere } = await simulateQueue({
      handler,
      messages: ['a'],
      visibilityTimeoutMs: 3_000,
      maximumConcurrency: 2,
      ioWaitMs: 0,
      faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
    });

    expect(deliveries.map(({ outcome }) => outcome)).to.deep.equal(['returned', 'deleted']);
    expect(deliveredElsewhere).to.deep.equal([]);
  });

  it('takes no notice of deliveries of batches that are none of its own', async () => {
    const other = entryWith({ nonRetryable: deadLetter({ deliverTo: 'discard' }) });
    const poison = { body: 'poison', messageId: '1', eventSource: 'aws:sqs', attributes: {} } as SQSRecord;
    const result = await simulateQueue({
      messages: ['a'],
      handler: async (_, context) => {
        await other({ Records: [poison] }, context);
      },
    });

    expect(payloads(result.deleted)).to.deep.equal(['a']);
    expect(result.deliveredElsewhere).to.deep.equal([]);
  });
});

describe('simulateQueue with SimulatedSqs', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('needs no SDK: neither to delay messages, nor to deliver them elsewhere', async () => {
    missingPackage('@aws-sdk/client-sqs');
    const logger = fakeLogger();
    const sqs = new SimulatedSqs();
    const handler = entryWith(
      {
        logger,
        nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl, client: sqs }) }),
        retryDelay: delayBy(() => 5, { client: sqs }),
      },
      1,
    );
    const result = await simulateQueue({ handler, messages: ['bad', 'poison'], sqs });

    expect(payloads(result.deleted)).to.deep.equal(['bad']);
    expect(payloads(result.deliveredElsewhere)).to.deep.equal(['poison']);
    expect(secondsOf(result.deliveries, 'bad')).to.deep.equal([0, 5]);
    expect(sqs.sent.map(({ body }) => body)).to.deep.equal(['poison']);
    sinon.assert.notCalled(logger.warn);
  });
});

describe('simulateStream with nonRetryable', () => {
  it('tells what the checkpoint passed after it was delivered elsewhere', async () => {
    const handler = handlerFor<'KinesisDataStreams'>(
      {
        source: 'KinesisDataStreams',
        order: 'shard',
        logger: fakeLogger(),
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
      },
      ({ kinesis }) => {
        if (Buffer.from(kinesis.data, 'base64').toString() === 'poison') throw new NonRetryableError('poison');
      },
    );
    const result = await simulateStream({ handler, records: ['a', 'poison', 'b'] });

    expect(payloads(result.deleted)).to.deep.equal(['a', 'b']);
    expect(payloads(result.deliveredElsewhere)).to.deep.equal(['poison']);
    expect(result.timeline.map(({ what, records }) => [what, records])).to.deep.equal([
      ['invoked', [0, 1, 2]],
      ['checkpointed', [0, 2]],
      ['delivered elsewhere', [1]],
    ]);
  });
});
