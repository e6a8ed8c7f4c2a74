import { deepStrictEqual, rejects, strictEqual, throws } from 'node:assert';

import type { SQSRecord } from 'aws-lambda';
import {
  BatchHandler,
  createBatchHandler,
  FullBatchFailureError,
  lambdaHandler,
  type LambdaHandler,
  ParsingError,
} from 'lambda-batch-handler';
import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';
import { json } from 'lambda-batch-handler/payload';
import { lambdaContext, simulateQueue, SimulatedSqs, sqsEvent } from 'lambda-batch-handler/testing';

import { it, spyOn } from './runner';

const silent = (): void => undefined;
const logger = { debug: silent, warn: silent, error: silent };
const sqs = new SimulatedSqs();
const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';

class Orders {
  readonly placed: string[] = [];

  @BatchHandler({ source: 'SQS', logger })
  async handle({ body }: SQSRecord): Promise<void> {
    if (body === 'sold out') throw new Error('not now');
    this.placed.push(body);
  }

  @BatchHandler({
    source: 'SQS',
    payload: json<{ readonly id: string }>(),
    nonRetryable: deadLetter({ errors: [ParsingError, RangeError], deliverTo: sqsQueue({ queueUrl, client: sqs }) }),
    logger,
  })
  async handleRead({ id }: { readonly id: string }): Promise<void> {
    if (id === 'sold out') throw new Error('not now');
    if (id === '') throw new RangeError('no id'); // of whatever realm the runner has
    this.placed.push(id);
  }
}

it('spies on the entry, which keeps its instance when it is detached', async () => {
  const orders = new Orders();
  const calls = spyOn(orders);
  const { handle } = orders as unknown as { handle: LambdaHandler<'SQS'> };

  const { deadLettered } = await simulateQueue({ handler: handle, messages: ['hat', 'sold out'], maxReceiveCount: 2 });
  strictEqual(calls(), 2);
  await lambdaHandler(orders, 'handle')(sqsEvent(['scarf']), lambdaContext());
  strictEqual(calls(), 3);

  deepStrictEqual(orders.placed, ['hat', 'scarf']);
  deepStrictEqual(
    deadLettered.map(({ payload }) => payload),
    ['sold out'],
  );
  strictEqual(Object.hasOwn(new Orders(), 'handle'), process.env.DIALECT === 'standard');
});

it('reads payloads, and delivers elsewhere what cannot succeed', async () => {
  const orders = new Orders();
  const event = sqsEvent(['{"id":"hat"}', 'no JSON', '{"id":"sold out"}', '{"id":""}']);
  const { batchItemFailures } = await lambdaHandler<'SQS'>(orders, 'handleRead')(event, lambdaContext());

  deepStrictEqual(orders.placed, ['hat']);
  deepStrictEqual(batchItemFailures, [{ itemIdentifier: event.Records[2]!.messageId }]);
  deepStrictEqual(
    sqs.sent.map(({ body, attributes }) => [body, attributes.errorName]),
    [
      ['no JSON', 'ParsingError'],
      ['{"id":""}', 'RangeError'],
    ],
  );
});

it('says what was expected and what was received, also of a generator', async () => {
  const create = createBatchHandler as (options: object, handle: unknown) => (...args: unknown[]) => Promise<unknown>;
  throws(() => create({ source: 'SQS', concurrency: 'many' }, silent), {
    name: 'TypeError',
    message: "createBatchHandler: expected concurrency to be a positive integer or Infinity, received 'many' (string).",
  });
  throws(() => create({ source: 'SQS', observers: [{ onBatchEnd: silent }] }, silent), {
    name: 'TypeError',
    message: /an array of what observe\(\) makes, or openTelemetry\(\), received \[ \[Object\] \] \(object\)\.$/,
  });
  function* generator(): Generator {
    yield 1;
  }
  throws(() => create({ source: 'SQS' }, generator), {
    name: 'TypeError',
    message:
      'Expected the record handler to be a function, received a generator function, which runs nothing when it is called.',
  });
  const entry = create({ source: 'SQS', logger }, () => generator());
  await rejects(entry(sqsEvent(['hat']), lambdaContext()), ({ name, recordErrors }: FullBatchFailureError) => {
    deepStrictEqual(
      [name, recordErrors[0]!.message],
      ['FullBatchFailureError', 'The method returned a generator, of which nothing has run: await what it does.'],
    );
    return true;
  });
});
