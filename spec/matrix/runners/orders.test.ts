import { deepStrictEqual, strictEqual } from 'node:assert';

import type { SQSRecord } from 'aws-lambda';
import { BatchHandler, lambdaHandler, type LambdaHandler } from 'lambda-batch-handler';
import { lambdaContext, simulateQueue, sqsEvent } from 'lambda-batch-handler/testing';

import { it, spyOn } from './runner';

const silent = (): void => undefined;

class Orders {
  readonly placed: string[] = [];

  @BatchHandler({ source: 'SQS', logger: { debug: silent, warn: silent, error: silent } })
  async handle({ body }: SQSRecord): Promise<void> {
    if (body === 'sold out') throw new Error('not now');
    this.placed.push(body);
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
