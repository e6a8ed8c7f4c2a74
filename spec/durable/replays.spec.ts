import type { KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { BatchHandler, BatchProcessor, createBatchHandler, lambdaHandler, processPartialResponse } from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { json } from '../../lib/payload';
import { kinesisEvent, sqsEvent } from '../../lib/testing';
import type { DurableContext } from '../support/durable';
import { fakeLogger } from '../support/logger';
import { onAwsRunner, play } from './play';
import { sdk } from './tools';

/** Gives up at once where it fails. */
const once = { retryStrategy: () => ({ shouldRetry: false }) };
/** Tries three times, with a wait between. */
const thrice = {
  retryStrategy: (_error?: unknown, attempt = 1) => ({ shouldRetry: attempt < 3, delay: { seconds: 1 } }),
};

/** What the steps and the lines of an execution have done. */
interface Seen {
  readonly steps: string[];
  readonly logger: ReturnType<typeof fakeLogger>;
}

const seeing = (): Seen => ({ steps: [], logger: fakeLogger() });
const linesOf = ({ logger }: Seen): unknown[] => [...logger.error.args, ...logger.warn.args].map(([line]) => line);

/** Handles a text in the child context of its record: three steps with waits between, of which one fails that is bad. */
async function handle(text: string, id: string, context: DurableContext, { steps }: Seen): Promise<void> {
  await context.runInChildContext(id, async (child) => {
    await child.step('first', async () => void steps.push(`${text} first`));
    await child.wait('pause', { seconds: 1 });
    await child.step(
      'second',
      async () => {
        steps.push(`${text} second`);
        if (text.includes('bad')) throw new Error(`no ${text}`);
      },
      text.includes('thrice') ? thrice : once,
    );
    await child.wait('another pause', { seconds: 1 });
    await child.step('third', async () => void steps.push(`${text} third`));
  });
}

const all = (text: string): string[] => [`${text} first`, `${text} second`, `${text} third`];
const begun = (text: string): string[] => all(text).slice(0, 2);

/** The entry of a decorated method for SQS. */
function queueEntry(seen: Seen, options: object = {}) {
  class Orders {
    @BatchHandler({ source: 'SQS', logger: seen.logger, ...options } as { source: 'SQS' })
    async handle(record: SQSRecord, context: DurableContext): Promise<void> {
      await handle(record.body, record.messageId, context, seen);
    }
  }
  return lambdaHandler(new Orders(), 'handle');
}

/** The answer that reports the records at these places. */
function reporting({ Records }: { readonly Records: readonly (SQSRecord | KinesisStreamRecord)[] }, ...at: number[]) {
  const idOf = (record: SQSRecord | KinesisStreamRecord) =>
    'messageId' in record ? record.messageId : record.kinesis.sequenceNumber;
  return { batchItemFailures: at.map((index) => ({ itemIdentifier: idOf(Records[index]!) })) };
}

describe('On the runner of AWS for durable functions', () => {
  onAwsRunner();

  it('an entry is a function of two parameters, as the runtime of Node 24 wants it', () => {
    expect(sdk().withDurableExecution(queueEntry(seeing()))).to.have.length(2);
  });

  for (const [what, options] of Object.entries({ 'without order': {}, 'two at a time': { concurrency: 2 } })) {
    it(`records ${what} have each step done once over replays, and what failed is reported, and logged once`, async () => {
      const seen = seeing();
      const event = sqsEvent(['a', 'bad', 'b', 'bad thrice', 'c']);
      const { answer, invocations } = await play(queueEntry(seen, options), event);

      expect(answer).to.deep.equal(reporting(event, 1, 3));
      expect(invocations).to.be.above(2);
      expect(seen.steps).to.have.members([
        ...['a', 'b', 'c'].flatMap(all),
        ...begun('bad'),
        ...begun('bad thrice'),
        ...Array<string>(2).fill('bad thrice second'),
      ]);
      expect(linesOf(seen)).to.deep.equal(
        [1, 3].map((index) => `Record ${event.Records[index]!.messageId} failed (receive 1).`),
      );
    });
  }

  it('fifo goes on, one message after another, up to the first that fails for good', async () => {
    const seen = seeing();
    const event = sqsEvent(['a', 'b', 'bad thrice', 'c', 'd'], { fifo: true });
    const { answer, invocations } = await play(queueEntry(seen, { fifo: true }), event);

    expect(answer).to.deep.equal(reporting(event, 2, 3, 4));
    expect(invocations).to.be.above(2);
    expect(seen.steps).to.deep.equal([
      ...['a', 'b'].flatMap(all),
      ...begun('bad thrice'),
      ...Array<string>(2).fill('bad thrice second'),
    ]);
    expect(linesOf(seen)).to.deep.equal([
      `Record ${event.Records[2]!.messageId} failed (receive 1).`,
      '2 of 5 records were not run, because an earlier one failed; they are reported as failed.',
    ]);
  });

  it('skipGroupOnError goes on with the other groups, one message after another', async () => {
    const seen = seeing();
    const event = sqsEvent(['a1', 'b1 bad', 'a2', 'b2', 'c1'], { fifo: true, messageGroupId: (text) => text[0]! });
    const { answer, invocations } = await play(queueEntry(seen, { fifo: true, skipGroupOnError: true }), event);

    expect(answer).to.deep.equal(reporting(event, 1, 3));
    expect(invocations).to.be.above(2);
    expect(seen.steps).to.have.members([...['a1', 'a2', 'c1'].flatMap(all), ...begun('b1 bad')]);
    expect(linesOf(seen)).to.have.length(2);
  });

  for (const [what, options, failed] of [
    ["order: 'shard'", { order: 'shard' }, [1, 2, 3]],
    ["order: 'key', one key at a time,", { order: 'key', concurrency: 1 }, [1, 3]],
  ] as const) {
    it(`${what} goes on after each wait, and reports from the first failure on`, async () => {
      const seen = seeing();
      const event = kinesisEvent(['a1', 'b1 bad', 'a2', 'b2'], { partitionKey: (text) => text[0]! });
      const entry = createBatchHandler(
        { source: 'KinesisDataStreams', logger: seen.logger, ...options },
        async (record: KinesisStreamRecord, context: DurableContext) => {
          const text = Buffer.from(record.kinesis.data, 'base64').toString();
          await handle(text, record.kinesis.sequenceNumber, context, seen);
        },
      );
      const { answer, invocations } = await play(entry, event);

      expect(answer).to.deep.equal(reporting(event, ...failed));
      expect(invocations).to.be.above(2);
      expect(new Set(seen.steps).size).to.equal(seen.steps.length);
      expect(linesOf(seen)).to.have.length(2);
    });
  }

  it('payloads are read again at each replay, and what cannot be read is reported', async () => {
    const seen = seeing();
    const event = sqsEvent(['"a"', 'no JSON', '"b"']);
    const entry = createBatchHandler(
      { source: 'SQS', logger: seen.logger, payload: json<string>() },
      (text: string, context: DurableContext) => handle(text, text, context, seen),
    );
    const { answer, invocations } = await play(entry, event);

    expect(answer).to.deep.equal(reporting(event, 1));
    expect(invocations).to.be.above(1);
    expect(seen.steps).to.have.members(['a', 'b'].flatMap(all));
    expect(linesOf(seen)).to.have.length(1);
  });

  it('chunks are the same at each replay', async () => {
    const seen = seeing();
    const event = sqsEvent(['a', 'b', 'bad', 'c', 'd']);
    class Orders {
      @BatchHandler({ source: 'SQS', logger: seen.logger, chunk: chunksOf(2) })
      async handle(records: readonly SQSRecord[], context: DurableContext): Promise<void> {
        await handle(records.map(({ body }) => body).join(), records[0]!.messageId, context, seen);
      }
    }
    const { answer, invocations } = await play(lambdaHandler<'SQS', DurableContext>(new Orders(), 'handle'), event);

    expect(answer).to.deep.equal(reporting(event, 2, 3));
    expect(invocations).to.be.above(1);
    expect(seen.steps).to.have.members([...all('a,b'), ...begun('bad,c'), ...all('d')]);
  });

  it('a processor of the class API that is kept for the life of the module is as good at each replay', async () => {
    const seen = seeing();
    const processor = new BatchProcessor('SQS');
    const entry = async (event: Parameters<typeof processPartialResponse>[0], context: DurableContext) =>
      processPartialResponse(
        event as never,
        (record: SQSRecord) => handle(record.body, record.messageId, context, seen),
        processor,
        { context: context as never, logger: seen.logger },
      );
    for (const texts of [
      ['a', 'bad', 'b'],
      ['c', 'd bad', 'e'],
    ]) {
      const event = sqsEvent(texts);
      const { answer, invocations } = await play(entry, event);
      expect(answer).to.deep.equal(reporting(event, 1));
      expect(invocations).to.be.above(1);
    }
    expect(seen.steps).to.have.members([...['a', 'b', 'c', 'e'].flatMap(all), ...begun('bad'), ...begun('d bad')]);
    expect(linesOf(seen)).to.have.length(2);
  });

  it('a full failure fails the execution, and is answered where it is not to throw', async () => {
    const event = sqsEvent(['bad', 'bad too']);
    const thrown = await play(queueEntry(seeing()), event);
    expect(thrown.status).to.equal('FAILED');
    expect(thrown.error).to.have.property('errorType', 'FullBatchFailureError');

    const told = await play(queueEntry(seeing(), { throwOnFullBatchFailure: false }), event);
    expect(told.answer).to.deep.equal(reporting(event, 0, 1));
  });

  it('stopBeforeTimeout goes by the context of Lambda', async () => {
    const event = sqsEvent(['a', 'bad']);
    const { answer } = await play(queueEntry(seeing(), { stopBeforeTimeout: 1_000 }), event);
    expect(answer).to.deep.equal(reporting(event, 1));

    // More than the runner says is left: no record may start.
    const seen = seeing();
    const late = await play(queueEntry(seen, { stopBeforeTimeout: 900_000 }), event);
    expect(late.status).to.equal('FAILED');
    expect(seen.steps).to.deep.equal([]);
  });

  it('what is refused fails the execution by name, and runs nothing', async () => {
    const seen = seeing();
    const deliverTo = sinon.spy();
    const { status, error } = await play(
      queueEntry(seen, { nonRetryable: deadLetter({ deliverTo }) }),
      sqsEvent(['bad']),
    );

    expect(status).to.equal('FAILED');
    expect(error).to.have.property('errorMessage', 'nonRetryable: not for durable functions, which are replayed.');
    expect(seen.steps).to.deep.equal([]);
    sinon.assert.notCalled(deliverTo);
  });

  describe('whatever the time that each step takes, which is another at every replay,', () => {
    const texts = ['a', 'b bad', 'c', 'd', 'e bad', 'f'];
    /** Milliseconds, in the order in which they are asked for: of 20 executions, which run at once. */
    const times = fc.sample(fc.infiniteStream(fc.integer({ min: 0, max: 50 })), { numRuns: 20, seed: 1 });
    const taking = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

    /** Handles a record as a method has to that makes its operations within a child context. */
    const entryOf = (options: object, time: () => number) =>
      createBatchHandler(
        { source: 'SQS', logger: fakeLogger(), ...options } as { source: 'SQS' },
        async (record: SQSRecord, context: DurableContext) => {
          await context.runInChildContext(record.messageId, async (child) => {
            await taking(time());
            await child.step('first', () => taking(time()));
            await child.wait('pause', { seconds: 1 });
            await child.step(
              'second',
              async () => {
                await taking(time());
                if (record.body.includes('bad')) throw new Error('no');
              },
              once,
            );
            await taking(time());
            await child.wait('pause', { seconds: 1 });
          });
        },
      );

    for (const [what, options, failed] of [
      ['without order', {}, [1, 4]],
      ['two at a time', { concurrency: 2 }, [1, 4]],
      ['one at a time', { processInParallel: false }, [1, 4]],
      ['fifo', { fifo: true }, [1, 2, 3, 4, 5]],
      ['with one message group at a time', { fifo: true, skipGroupOnError: true }, [1, 4]],
    ] as const) {
      it(`records ${what} are answered right`, async () => {
        const event = sqsEvent([...texts], { fifo: true, messageGroupId: (text) => text[0]! });
        const endings = await Promise.all(
          times.map((stream) =>
            play(
              entryOf(options, () => stream.next().value as number),
              event,
            ),
          ),
        );

        for (const { status, answer, invocations } of endings) {
          expect(status).to.equal('SUCCEEDED');
          expect(answer).to.deep.equal(reporting(event, ...failed));
          expect(invocations).to.be.above(1);
        }
      });
    }

    it('would be seen to take another turn where they make operations in the order of their work', async () => {
      let round = 0;
      const entry = createBatchHandler(
        { source: 'SQS', logger: fakeLogger() },
        async ({ body }: SQSRecord, context: DurableContext) => {
          if (body === 'a') round++;
          // Now one is first, now the other.
          await taking((body === 'a') === (round === 1) ? 1 : 20);
          await context.step(`first of ${body}`, async () => body);
          await context.wait(`pause of ${body}`, { seconds: 1 });
        },
      );
      const { status, error } = await play(entry, sqsEvent(['a', 'b']));

      expect(status).to.equal('FAILED');
      expect(error).to.have.property('errorType', 'NonDeterministicExecutionError');
    });
  });
});
