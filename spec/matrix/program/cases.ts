import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert';

import type { Context, SQSRecord } from 'aws-lambda';
import {
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  createBatchHandler,
  type Delivery,
  EventType,
  FullBatchFailureError,
  getBatchHandlerOptions,
  lambdaHandler,
  ParsingError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoShortCircuitError,
  UnexpectedBatchTypeError,
  UnprocessedRecordError,
} from 'lambda-batch-handler';
import { kinesisEvent, lambdaContext, simulateQueue, sqsEvent } from 'lambda-batch-handler/testing';

import { type CaseName } from './case-names';
import {
  Announced,
  Careful,
  Derived,
  Fields,
  Injected,
  logger,
  Offices,
  Orders,
  Prepared,
  Read,
  seen,
  Split,
  sqs,
  Strict,
  Wrapped,
} from './handlers';

type Answer = { batchItemFailures: { itemIdentifier: string }[] };
type Entry = (event: unknown, context: Context) => Promise<Answer>;

/** The entry as Lambda gets it from `export const handler = new Orders().handle`: without its instance. */
function detached(target: object, key: PropertyKey): Entry {
  // Not `target[key]`: where this function is inlined, a minifier may make a method call of it.
  return Reflect.get(target, key) as Entry;
}

/** The bodies of the messages that an answer reports. */
function reported(event: { Records: SQSRecord[] }, { batchItemFailures }: Answer): (string | undefined)[] {
  return batchItemFailures.map(
    ({ itemIdentifier }) => event.Records.find(({ messageId }) => messageId === itemIdentifier)?.body,
  );
}

/** Hands the entry a batch of these bodies, and gives those that it reports. */
async function failuresOf(entry: Entry, bodies: string[], options: object = {}): Promise<unknown> {
  const event = sqsEvent(bodies, options);
  return reported(event, await entry(event, lambdaContext()));
}

const fifo = { fifo: true, messageGroupId: (body: string) => body.charAt(0) };

/** What a toolchain must not change, whatever it compiles, renames or bundles. */
export const cases: Record<CaseName, () => Promise<void> | void> = {
  'a detached entry keeps its instance and its private fields': async () => {
    const orders = new Orders('my ');
    deepStrictEqual(await failuresOf(detached(orders, 'handle'), ['a', 'bad', 'c']), ['bad']);
    deepStrictEqual(orders.handled, ['my a', 'my bad', 'my c']);
  },

  'an entry is one function, however often it is read': () => {
    const orders = new Orders();
    strictEqual(orders.handle, orders.handle);
    deepStrictEqual(Object.keys(orders), ['prefix']);
  },

  'an entry has two parameters and the name of its method': () => {
    for (const entry of [new Orders().handle, Orders.prototype.handle, Offices.handle]) {
      deepStrictEqual([entry.length, entry.name], [2, 'handle']);
    }
  },

  'two instances stay apart': async () => {
    const [one, two] = [new Orders('1 '), new Orders('2 ')];
    await failuresOf(detached(one, 'handle'), ['a']);
    await failuresOf(detached(two, 'handle'), ['b']);
    deepStrictEqual([one.handled, two.handled], [['1 a'], ['2 b']]);
  },

  'the method is given the record, the context and the delivery': async () => {
    const orders = new Orders();
    const event = sqsEvent(['a']);
    const context = lambdaContext();
    await detached(orders, 'handle')(event, context);
    const [record, given, delivery] = orders.last as [SQSRecord, Context, Delivery<SQSRecord>];
    strictEqual(record, event.Records[0]);
    strictEqual(given, context);
    deepStrictEqual([delivery.index, delivery.itemIdentifier, delivery.receiveCount], [0, record.messageId, 1]);
  },

  'a FIFO batch stops at its first failure': async () => {
    const orders = new Orders();
    const entry = detached(orders, 'handleInOrder');
    deepStrictEqual(await failuresOf(entry, ['a', 'bad', 'c', 'd'], fifo), ['bad', 'c', 'd']);
    deepStrictEqual(orders.handled, ['a', 'bad']);
  },

  'a message group stops alone': async () => {
    const orders = new Orders();
    const entry = detached(orders, 'handleByGroup');
    deepStrictEqual(await failuresOf(entry, ['a1', 'bad', 'b2', 'c1'], fifo), ['bad', 'b2']);
    deepStrictEqual(orders.handled, ['a1', 'bad', 'c1']);
  },

  'a stream keeps order within a key, on a static method': async () => {
    Offices.handled.length = 0;
    const event = kinesisEvent(['a1', 'bad', 'b2', 'a2'], { partitionKey: (data) => data.charAt(0) });
    const failed = [1, 2].map((index) => ({ itemIdentifier: event.Records[index]!.kinesis.sequenceNumber }));
    deepStrictEqual(await detached(Offices, 'handle')(event, lambdaContext()), { batchItemFailures: failed });
    deepStrictEqual([...Offices.handled].sort(), ['base a1', 'base a2', 'base bad']);
  },

  'a static method that is inherited runs on the subclass': async () => {
    Offices.handled.length = 0;
    await lambdaHandler(Derived, 'handle')(kinesisEvent(['a']), lambdaContext());
    deepStrictEqual(Offices.handled, ['derived a']);
  },

  'a subclass overrides the method and its options': async () => {
    const [strict, plain] = [new Strict(), new Orders()];
    deepStrictEqual(await failuresOf(detached(strict, 'handle'), ['a', 'bad', 'c'], fifo), ['bad', 'c']);
    deepStrictEqual(await failuresOf(detached(plain, 'handle'), ['a', 'bad', 'c']), ['bad']);
    deepStrictEqual(strict.handled, ['strict a', 'strict bad']);
  },

  'an override without a decorator calls the entry as super': async () => {
    const prepared = new Prepared();
    deepStrictEqual(await failuresOf((event, context) => prepared.handle(event as never, context), ['a', 'bad']), [
      'bad',
    ]);
    deepStrictEqual(prepared.handled, ['a', 'bad']);
    strictEqual(prepared.batches, 1);
  },

  'other decorators stand above and below': async () => {
    const wrapped = new Wrapped();
    deepStrictEqual(await failuresOf(detached(wrapped, 'handle'), ['a', 'bad']), ['bad']);
    deepStrictEqual(wrapped.calls, ['above', 'below', 'below']);
    deepStrictEqual(getBatchHandlerOptions(Wrapped, 'handle'), { source: 'SQS', concurrency: 1, logger });
  },

  'the class may be decorated too': async () => {
    const announced = new Announced();
    strictEqual(Reflect.getMetadata('announced', Announced), true);
    deepStrictEqual(await failuresOf(detached(announced, 'handle'), ['a', 'bad']), ['bad']);
    deepStrictEqual(announced.handled, ['a', 'bad']);
  },

  'fields are initialised as without the decorator, and may read the entry': async () => {
    const fields = new Fields('x');
    deepStrictEqual([fields.label, fields.count], ['x!', 1]);
    deepStrictEqual(await failuresOf(fields.entry as unknown as Entry, ['a', 'bad']), ['bad']);
    strictEqual(fields.count, 3);
  },

  'a collaborator comes in as parameter property': async () => {
    const placed: string[] = [];
    const injected = new Injected(async (body) => void placed.push(body));
    deepStrictEqual(await failuresOf(detached(injected, 'handle'), ['a', 'b']), []);
    deepStrictEqual(placed, ['a', 'b']);
  },

  'the options of a method are known': () => {
    const expected = { source: 'SQS', logger };
    for (const target of [Orders, new Orders(), Injected]) {
      deepStrictEqual(getBatchHandlerOptions(target, 'handle'), expected);
    }
    strictEqual(getBatchHandlerOptions(Prepared, 'handle'), undefined);
    deepStrictEqual(getBatchHandlerOptions(Strict, 'handle'), { source: 'SQS', fifo: true, logger });
    deepStrictEqual(getBatchHandlerOptions(Derived, 'handle'), { source: 'KinesisDataStreams', order: 'key', logger });
  },

  'an answer goes out before the timeout': async () => {
    const orders = new Orders();
    // The time is up when the first record has been handled.
    const context = lambdaContext({ getRemainingTimeInMillis: () => (orders.handled.length > 0 ? 0 : 60_000) });
    const event = sqsEvent(['a', 'b', 'c']);
    deepStrictEqual(reported(event, await detached(orders, 'handleInTime')(event, context)), ['b', 'c']);
    deepStrictEqual(orders.handled, ['a']);
  },

  'the class API answers, and takes hooks': async () => {
    class Counting extends BatchProcessor {
      failed = 0;
      override failureHandler(...given: Parameters<BatchProcessor['failureHandler']>) {
        this.failed++;
        return super.failureHandler(...given);
      }
    }
    const processor = new Counting(EventType.SQS);
    const event = sqsEvent(['a', 'bad']);
    const answer = await processPartialResponse(event, (record: SQSRecord) => new Orders().accept(record), processor);
    deepStrictEqual(reported(event, answer), ['bad']);
    strictEqual(processor.failed, 1);
    const sync = processPartialResponseSync(event, () => 1, new BatchProcessorSync('SQS'));
    deepStrictEqual(sync, { batchItemFailures: [] });
  },

  'a processor of the wrong kind is refused': () => {
    const call = () => processPartialResponseSync(sqsEvent(['a']), () => 1, new BatchProcessor('SQS') as never);
    throws(call, BatchProcessingError);
  },

  'a payload is read for the method, and one that cannot be read fails alone': async () => {
    const read = new Read();
    const bodies = ['{"id":"a"}', '{"id":', '{"id":"c"}'].map((text) => Buffer.from(text).toString('base64'));
    deepStrictEqual(await failuresOf(detached(read, 'handle'), bodies), [bodies[1]]);
    deepStrictEqual(read.ids, ['a', 'c']);
    await rejects(detached(read, 'handle')(sqsEvent(['no base64!']), lambdaContext()), ({ cause }: Error) => {
      ok(cause instanceof ParsingError && cause instanceof BatchProcessingError); // of one class across subpaths
      return true;
    });
  },

  'a payload is read by a function of the user': async () => {
    const split = new Split();
    deepStrictEqual(await failuresOf(detached(split, 'handle'), ['a b', 'a bad', 'c']), ['a bad']);
    deepStrictEqual(split.words, ['a', 'b', 'a', 'bad', 'c']);
  },

  'a record that cannot succeed is delivered elsewhere, others are delayed, and observers see both': async () => {
    const [good, bad, broken, never] = ['{"id":"a"}', '{"id":"bad"}', '{"id":', '{"id":"never"}'];
    const handler = lambdaHandler<'SQS'>(new Careful(), 'handle');
    const { deliveries } = await simulateQueue({
      handler,
      sqs,
      messages: [good, bad, broken, never],
      maxReceiveCount: 2,
      visibilityTimeoutMs: 30_000,
    });
    deepStrictEqual(
      sqs.sent.map(({ body }) => body),
      [broken, never],
    );
    deepStrictEqual([...seen].sort(), [
      '0 Error false',
      '1 Error false',
      '1 failed, 0 delivered',
      '1 failed, 2 delivered',
      '2 ParsingError true',
      '3 RangeError true',
    ]);
    // Not when its visibility timeout is over.
    deepStrictEqual(
      deliveries.filter(({ index }) => index === 1).map(({ at }) => at),
      [0, 60_000],
    );
  },

  'a function is an entry without a decorator': async () => {
    const placed: string[] = [];
    async function place({ body }: SQSRecord, _context: Context, { receiveCount }: Delivery<SQSRecord>): Promise<void> {
      if (body === 'bad') throw new Error('not accepted');
      placed.push(`${body} ${receiveCount}`);
    }
    const entry = createBatchHandler({ source: 'SQS', fifo: true, logger }, place);
    deepStrictEqual(await failuresOf(entry as Entry, ['a', 'bad', 'c'], fifo), ['bad', 'c']);
    deepStrictEqual(placed, ['a 1']);
    deepStrictEqual([entry.length, place.name === entry.name], [2, true]);
    deepStrictEqual(getBatchHandlerOptions(entry), { source: 'SQS', fifo: true, logger });
  },

  'errors are told by class and by name': async () => {
    const entry = detached(new Orders(), 'handleInOrder');
    await rejects(entry(sqsEvent(['bad', 'b'], { fifo: true }), lambdaContext()), (error: FullBatchFailureError) => {
      ok(error instanceof FullBatchFailureError && error instanceof BatchProcessingError);
      const [first, second] = error.recordErrors;
      strictEqual(error.cause, first);
      ok(second instanceof SqsFifoShortCircuitError && second instanceof UnprocessedRecordError);
      strictEqual(second.cause, first);
      deepStrictEqual([error.name, second.name], ['FullBatchFailureError', 'SqsFifoShortCircuitError']);
      return true;
    });
    await rejects(detached(new Orders(), 'handle')({ Records: [{}] }, lambdaContext()), UnexpectedBatchTypeError);
  },

  'options and places that are wrong are refused': () => {
    const decorate = BatchHandler as unknown as (options: object) => (...args: unknown[]) => unknown;
    for (const options of [{}, { source: 'SNS' }, { source: 'SQS', order: 'key' }, { source: 'SQS', fifoo: true }]) {
      throws(() => decorate(options), TypeError);
    }
    throws(() => decorate({ source: 'SQS' })({}, 'field', undefined), TypeError);
    throws(() => decorate({ source: 'SQS' })(undefined, { kind: 'field', name: 'field' }), TypeError);
    function* generator(): Generator {
      yield 1;
    }
    throws(() => decorate({ source: 'SQS' })({}, 'method', { value: generator }), TypeError);
    throws(() => lambdaHandler<'SQS'>(new Prepared(), 'handle'), TypeError);
  },

  'a simulated queue brings back what failed, until it is dead-lettered': async () => {
    const handler = lambdaHandler(new Orders(), 'handle');
    const { deleted, deadLettered } = await simulateQueue({ handler, messages: ['a', 'bad'], maxReceiveCount: 2 });
    deepStrictEqual(
      [deleted.map(({ payload }) => payload), deadLettered.map(({ payload }) => payload)],
      [['a'], ['bad']],
    );
  },
};
