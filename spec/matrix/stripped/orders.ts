/** Run as it is: Node takes the types away, and knows no decorators. */
import { deepStrictEqual, strictEqual, throws } from 'node:assert';

import type { SQSRecord } from 'aws-lambda';
import { createBatchHandler, getBatchHandlerOptions } from 'lambda-batch-handler';
import { json } from 'lambda-batch-handler/payload';
import { lambdaContext, sqsEvent } from 'lambda-batch-handler/testing';

interface Order {
  readonly id: string;
}

const silent = (): void => undefined;
const logger = { debug: silent, warn: silent, error: silent };
const placed: string[] = [];

async function place({ id }: Order): Promise<void> {
  if (id === 'bad') throw new Error('not accepted');
  placed.push(id);
}

async function accept(record: SQSRecord): Promise<void> {
  await place({ id: record.body });
}

const read = createBatchHandler({ source: 'SQS', payload: json<Order>(), logger }, place);
const inOrder = createBatchHandler({ source: 'SQS', fifo: true, logger }, accept);

async function main(): Promise<void> {
  const bodies = ['{"id":"a"}', '{"id":"bad"}', 'no JSON', '{"id":"b"}'];
  const event = sqsEvent(bodies);
  const failed = [1, 2].map((index) => ({ itemIdentifier: event.Records[index]!.messageId }));
  deepStrictEqual(await read(event, lambdaContext()), { batchItemFailures: failed });
  deepStrictEqual(placed, ['a', 'b']);

  const ordered = sqsEvent(['c', 'bad', 'd'], { fifo: true });
  const { batchItemFailures } = await inOrder(ordered, lambdaContext());
  strictEqual(batchItemFailures.length, 2);
  deepStrictEqual(placed, ['a', 'b', 'c']);

  deepStrictEqual([inOrder.name, inOrder.length], ['accept', 2]);
  deepStrictEqual(getBatchHandlerOptions(inOrder), { source: 'SQS', fifo: true, logger });
  throws(() => createBatchHandler({ source: 'SQS' }, function* () {} as never), TypeError);
  console.log('ok');
}

void main();
