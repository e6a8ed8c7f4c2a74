import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessorSync,
  createBatchHandler,
  FullBatchFailureError,
  observe,
  processPartialResponseSync,
  StoppedBeforeTimeoutError,
} from '../../lib';
import { BatchProcessingError } from '../../lib/errors';
import { deadLetter } from '../../lib/dead-letter';
import { extension } from '../../lib/batch/extend';
import { extendsBatch } from '../../lib/batch/extension';
import { partialResponses } from '../../lib/guard';
import type { EventSourceMapping } from '../../lib/guard/list-mappings';
import { kafka } from '../../lib/kafka';
import { pipe } from '../../lib/pipes';
import { delayBy } from '../../lib/retry-delay';
import { simulateQueue } from '../../lib/testing';
import {
  dynamodbEvent,
  dynamodbRecord,
  kinesisEvent,
  kinesisRecord,
  lambdaContext,
  queueArn,
  reporting as answerOf,
  sqsEvent,
} from '../support/events';
import { handlerFor } from '../support/handler';
import { kafkaEvent } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';
import { ways } from '../support/ways';
import { fakeLambda, functionArn, reporting, silent } from './fake-lambda';

/** Fails the messages that say so. */
const failing = ({ body }: SQSRecord): void => {
  if (body.startsWith('bad')) throw new Error('failed');
};

describe('partialResponses', () => {
  for (const [what, options, message] of [
    ['null for options', null, 'partialResponses: expected options such as { client }, received null (object).'],
    [
      'a client for options that is none',
      5,
      'partialResponses: expected options such as { client }, received 5 (number).',
    ],
    [
      'a client that sends nothing',
      { client: {} },
      'partialResponses: expected client to be a LambdaClient, received {} (object).',
    ],
    [
      'null for a client',
      { client: null },
      'partialResponses: expected client to be a LambdaClient, received null (object).',
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => partialResponses(options as never)).to.throw(TypeError, message);
    });
  }

  it('is refused by a sync processor, which waits for nothing', () => {
    const options = { guard: partialResponses() };
    expect(() =>
      processPartialResponseSync(sqsEvent('a'), () => undefined, new BatchProcessorSync('SQS'), options as never),
    ).to.throw(
      TypeError,
      'guard: a sync processor runs one record at a time, and waits for nothing; use an async one.',
    );
    expect(() =>
      processPartialResponseSync(sqsEvent('a'), () => undefined, new BatchProcessorSync('SQS'), { guard: {} } as never),
    ).to.throw(TypeError, 'BatchProcessorSync: expected guard to be made by partialResponses()');
  });

  it('is what the option takes, and nothing else is', () => {
    const options = (guard: unknown) => ({ source: 'SQS', guard }) as never;
    expect(() => createBatchHandler(options(partialResponses()), failing as never)).not.to.throw();
    for (const guard of [true, {}, delayBy(() => 1)]) {
      expect(() => createBatchHandler(options(guard), failing as never)).to.throw(
        TypeError,
        'createBatchHandler: expected guard to be made by partialResponses() of lambda-batch-handler/guard, received',
      );
    }
  });
});

for (const { title, respond } of ways) {
  describe(`An answer of ${title} that lists failures, with a guard`, () => {
    const logger = fakeLogger();

    afterEach(() => {
      sinon.resetHistory();
    });

    const run = (mappings: readonly EventSourceMapping[], bodies: readonly string[], more: object = {}) => {
      const lambda = fakeLambda(mappings);
      const guard = partialResponses({ client: lambda });
      const answer = respond(sqsEvent(...bodies), failing, { logger, guard, ...more } as never);
      return { lambda, answer };
    };

    it('is given where the mapping has ReportBatchItemFailures', async () => {
      const { lambda, answer } = run([reporting], ['good', 'bad']);
      expect(await answer).to.deep.equal(answerOf('bad'));
      sinon.assert.calledOnce(lambda.send);
      expect(lambda.send.firstCall.args[0]).to.have.deep.property('input', { FunctionName: functionArn });
      sinon.assert.notCalled(logger.warn);
    });

    it('is an error where it has not, so that the whole batch comes back', async () => {
      const error = await rejection(run([silent], ['good', 'bad', 'bad']).answer);
      expect(error).to.be.instanceOf(BatchProcessingError);
      expect(error).to.have.property(
        'message',
        `The event source mapping of ${queueArn} has no ReportBatchItemFailures: Lambda would take the answer for a` +
          ' success, and 2 of 3 records that failed would be lost. So the whole batch is returned; set' +
          ' FunctionResponseTypes: [ReportBatchItemFailures].',
      );
      expect((error as Error).cause).to.have.property('message', 'failed');
      sinon.assert.notCalled(logger.warn);
    });

    it('is asked for only where there is such an answer', async () => {
      for (const bodies of [[], ['good'], ['good', 'good']]) {
        const { lambda, answer } = run([silent], bodies);
        expect(await answer).to.deep.equal(answerOf());
        sinon.assert.notCalled(lambda.send);
      }
    });

    it('is none where a full failure throws anyway', async () => {
      const { lambda, answer } = run([silent], ['bad', 'bad']);
      expect(await rejection(answer)).to.be.instanceOf(FullBatchFailureError);
      sinon.assert.notCalled(lambda.send);
    });

    it('is guarded also where a full failure is answered', async () => {
      const off = await rejection(run([silent], ['bad 1', 'bad 2'], { throwOnFullBatchFailure: false }).answer);
      expect(off).to.have.property('message').that.includes('2 of 2 records that failed');
      const on = await run([reporting], ['bad 1', 'bad 2'], { throwOnFullBatchFailure: false }).answer;
      expect(on).to.deep.equal(answerOf('bad 1', 'bad 2'));
    });

    it('is no answer of a batch whose failures went elsewhere', async () => {
      const nonRetryable = deadLetter({ errors: [Error], deliverTo: 'discard' });
      const { lambda, answer } = run([silent], ['good', 'bad'], { nonRetryable });
      expect(await answer).to.deep.equal(answerOf());
      sinon.assert.notCalled(lambda.send);
    });
  });
}

describe('The error of a guard', () => {
  it('has the cause of what was not run where that stands first', async () => {
    const guard = partialResponses({ client: fakeLambda([silent]) });
    const options = { source: 'SQS', concurrency: 1, stopBeforeTimeout: 1000, logger: fakeLogger(), guard } as const;
    let left = 30_000;
    const handler = createBatchHandler(options, () => {
      left = 500;
    });
    const error = await rejection(
      handler(
        sqsEvent('a', 'b'),
        lambdaContext(() => left),
      ),
    );
    expect((error as Error).cause).to.be.instanceOf(StoppedBeforeTimeoutError);
  });

  it('comes when the delays of what failed are set, and observers have been told', async () => {
    const called: string[] = [];
    const sent = new Deferred<object>();
    const client = {
      send: () => {
        called.push('delay');
        return sent.promise;
      },
    };
    const options = {
      source: 'SQS',
      logger: fakeLogger(),
      guard: partialResponses({ client: fakeLambda([silent]) }),
      retryDelay: delayBy(() => 60, { client }),
      observers: [observe({ onBatchEnd: () => void called.push('end') })],
    } as const;
    const answer = createBatchHandler(options, failing)(sqsEvent('good', 'bad'), lambdaContext());
    answer.then(
      () => called.push('answered'),
      () => called.push('thrown'),
    );
    await settled();
    expect(called).to.deep.equal(['delay']);
    sent.resolve({});
    await rejection(answer);
    await settled();
    expect(called).to.deep.equal(['delay', 'end', 'thrown']);
  });
});

describe('A guard finds the mapping', () => {
  const logger = fakeLogger();

  /** Whether the entry throws for a batch of which a record failed, behind these mappings. */
  const throwsFor = async (
    mappings: readonly EventSourceMapping[],
    event: unknown = sqsEvent('good', 'bad'),
    { source = 'SQS', context = lambdaContext() }: { source?: unknown; context?: unknown } = {},
  ) => {
    const guard = partialResponses({ client: fakeLambda(mappings) });
    let failed = false;
    const handler = createBatchHandler(
      { source, logger, guard } as never,
      (() => {
        if (failed) return;
        failed = true;
        throw new Error('failed');
      }) as never,
    ) as (event: unknown, context: unknown) => Promise<unknown>;
    try {
      await handler(event, context);
      return false;
    } catch (error) {
      expect(error).to.have.property('message').that.includes('has no ReportBatchItemFailures');
      return true;
    }
  };

  it('by the source of the records, and the function that was invoked', async () => {
    expect(await throwsFor([{ ...silent, EventSourceArn: `${queueArn}-2` }])).to.equal(false);
    expect(await throwsFor([{ ...silent, FunctionArn: `${functionArn}:live` }])).to.equal(false);
    expect(await throwsFor([{ ...silent, FunctionArn: `${functionArn}:$LATEST` }])).to.equal(true);
    expect(await throwsFor([reporting, { ...silent, EventSourceArn: `${queueArn}-2` }])).to.equal(false);
    expect(await throwsFor([{ ...reporting, EventSourceArn: `${queueArn}-2` }, silent])).to.equal(true);
  });

  it('of an alias', async () => {
    const alias = `${functionArn}:live`;
    const context = { ...lambdaContext(), invokedFunctionArn: alias };
    const mapping = { ...silent, FunctionArn: alias };
    expect(await throwsFor([mapping, reporting], undefined, { context })).to.equal(true);
    expect(
      await throwsFor([{ ...mapping, ...reporting, FunctionArn: alias }, silent], undefined, { context }),
    ).to.equal(false);
  });

  it('also where it says less than Lambda does', async () => {
    expect(await throwsFor([{ EventSourceArn: queueArn }])).to.equal(true);
    expect(await throwsFor([{}])).to.equal(false);
  });

  it('unless it is disabled', async () => {
    expect(await throwsFor([{ ...silent, State: 'Disabled' }])).to.equal(false);
    expect(await throwsFor([{ ...silent, State: 'Updating' }])).to.equal(true);
  });

  it('and trusts none of several where one lacks the flag', async () => {
    expect(await throwsFor([reporting, silent])).to.equal(true);
    expect(await throwsFor([reporting, reporting])).to.equal(false);
  });

  it('of streams, and of their consumers', async () => {
    const stream = kinesisRecord('a', 0).eventSourceARN;
    const table = dynamodbRecord('a', 0).eventSourceARN!;
    const kinesis = { source: 'KinesisDataStreams' };
    const dynamodb = { source: 'DynamoDBStreams' };
    expect(await throwsFor([{ ...silent, EventSourceArn: stream }], kinesisEvent('a', 'b'), kinesis)).to.equal(true);
    const consumer = `${stream}/consumer/orders:1700000000`;
    expect(await throwsFor([{ ...silent, EventSourceArn: consumer }], kinesisEvent('a', 'b'), kinesis)).to.equal(true);
    expect(await throwsFor([{ ...silent, EventSourceArn: `${stream}-2` }], kinesisEvent('a', 'b'), kinesis)).to.equal(
      false,
    );
    expect(await throwsFor([{ ...silent, EventSourceArn: table }], dynamodbEvent('a', 'b'), dynamodb)).to.equal(true);
  });

  it('of Kafka by the topic, since records do not say of which cluster they are', async () => {
    const event = kafkaEvent('orders-0@1', 'orders-0@2');
    const source = { source: kafka };
    expect(
      await throwsFor([{ ...silent, EventSourceArn: 'arn:aws:kafka:x', Topics: ['orders'] }], event, source),
    ).to.equal(true);
    expect(await throwsFor([{ FunctionArn: functionArn, Topics: ['orders'] }], event, source)).to.equal(true);
    expect(await throwsFor([{ FunctionArn: functionArn, Topics: ['other'] }], event, source)).to.equal(false);
  });

  it('of a source of its own whose records say where they are from', async () => {
    const own = {
      name: 'Own',
      kind: 'stream',
      records: (event: { list: unknown[] }) => event.list,
      hasShape: () => true,
      itemIdentifier: ({ id }: { id: string }) => id,
      orderingKey: () => undefined,
      payload: { kind: 'text', of: () => '', with: () => ({}) },
    };
    const list = ['a', 'b'].map((id) => ({ id, eventSourceArn: 'arn:aws:mq:x' }));
    expect(await throwsFor([{ ...silent, EventSourceArn: 'arn:aws:mq:x' }], { list }, { source: own })).to.equal(true);
  });

  it('and asks nobody where the context, or the records, say nothing', async () => {
    const source = { source: pipe('SQS') };
    expect(await throwsFor([silent], sqsEvent('a', 'b').Records, source)).to.equal(false);
    for (const context of [null, {}, { invokedFunctionArn: 5 }]) {
      expect(await throwsFor([silent], undefined, { context })).to.equal(false);
    }
    const hosted = { ...lambdaContext(), [extendsBatch]: extension('observers', () => ({})) }; // as in a container
    expect(await throwsFor([silent], undefined, { context: hosted })).to.equal(false);
    const Records = sqsEvent('a', 'b').Records.map((record) => ({ ...record, eventSourceARN: undefined }));
    expect(await throwsFor([silent], { Records })).to.equal(false);
    sinon.assert.notCalled(logger.warn);
  });
});

describe('A guard in a simulated queue', () => {
  const messages = ['good', 'bad 1', 'bad 2', 'bad 3', 'bad 4', 'bad 5'];

  /** How many messages came to which end, with a mapping that has not the flag. */
  const endsOf = async (options: object) => {
    const handler = handlerFor({ source: 'SQS', logger: fakeLogger(), ...options } as never, failing as never);
    const result = await simulateQueue({ handler, messages, maxReceiveCount: 3, reportBatchItemFailures: false });
    const ofFailed = (list: readonly { payload: string }[]) =>
      list.filter(({ payload }) => payload.startsWith('bad')).length;
    return { lost: ofFailed(result.deleted), deadLettered: ofFailed(result.deadLettered) };
  };

  it('makes five messages that failed, and would be deleted, none', async () => {
    expect(await endsOf({})).to.deep.equal({ lost: 5, deadLettered: 0 });
    const client = fakeLambda([silent]);
    expect(await endsOf({ guard: partialResponses({ client }) })).to.deep.equal({ lost: 0, deadLettered: 5 });
  });
});
