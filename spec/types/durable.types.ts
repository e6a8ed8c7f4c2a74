import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import { BatchHandler, createBatchHandler, type Delivery, lambdaHandler, type LambdaHandler } from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { json } from '../../lib/payload';

interface Order {
  readonly id: string;
}

/** What AWS's SDK hands to a durable function, as far as it matters. */
interface DurableContext {
  readonly lambdaContext: Context;
  step<T>(name: string, work: () => Promise<T>): PromiseLike<T>;
}

class Orders {
  @BatchHandler({ source: 'SQS' })
  async durable(record: SQSRecord, context: DurableContext): Promise<void> {
    await context.step('place', async () => record.body);
  }

  @BatchHandler({ source: 'SQS', payload: json<Order>() })
  async read(order: Order, context: DurableContext, delivery: Delivery<SQSRecord>): Promise<void> {
    await context.step(delivery.itemIdentifier!, async () => order.id);
  }

  @BatchHandler({ source: 'SQS', chunk: chunksOf(10) })
  async chunk(records: readonly SQSRecord[], context: DurableContext): Promise<void> {
    await context.step('place', async () => records.length);
  }

  @BatchHandler({ source: 'SQS' })
  both(_record: SQSRecord, _context: Context | DurableContext): void {
    // for Lambda
  }

  @BatchHandler({ source: 'SQS' })
  plain(_record: SQSRecord, _context: Pick<Context, 'awsRequestId'>): void {
    // for Lambda
  }

  @BatchHandler({ source: 'SQS' })
  none(_record: SQSRecord): void {
    // for Lambda
  }

  // @ts-expect-error the second parameter is no context
  @BatchHandler({ source: 'SQS' })
  wrong(_record: SQSRecord, _delivery: Delivery<SQSRecord>): void {
    // nothing
  }

  // @ts-expect-error the second parameter is no context
  @BatchHandler({ source: 'SQS' })
  text(_record: SQSRecord, _text: string): void {
    // nothing
  }

  // @ts-expect-error the second parameter is no context
  @BatchHandler({ source: 'SQS' })
  never(_record: SQSRecord, _never: never): void {
    // nothing
  }
}

const orders = new Orders();

// The entry of a method that needs the context of a durable function is for a durable function.
expectTypeOf(lambdaHandler(orders, 'durable')).parameters.toEqualTypeOf<[SQSEvent, DurableContext]>();
expectTypeOf(lambdaHandler<'SQS', DurableContext>(orders, 'read')).parameters.toEqualTypeOf<
  [SQSEvent, DurableContext]
>();
expectTypeOf(lambdaHandler<'SQS'>(orders, 'read')).parameters.toEqualTypeOf<[SQSEvent, Context]>();
for (const name of ['both', 'plain', 'none'] as const) {
  expectTypeOf(lambdaHandler(orders, name)).toEqualTypeOf<LambdaHandler<'SQS'>>();
}

const created = createBatchHandler({ source: 'SQS' }, async (record: SQSRecord, context: DurableContext) => {
  await context.step('place', async () => record.body);
});
expectTypeOf(created).parameters.toEqualTypeOf<[SQSEvent, DurableContext]>();

// What is written without types is called with the context of Lambda.
createBatchHandler({ source: 'SQS' }, (record, context, delivery) => {
  expectTypeOf(record).toEqualTypeOf<SQSRecord>();
  expectTypeOf(context).toEqualTypeOf<Context>();
  expectTypeOf(delivery).toEqualTypeOf<Delivery<SQSRecord>>();
});

// @ts-expect-error the second parameter is no context
createBatchHandler({ source: 'SQS' }, (_record: SQSRecord, _text: string) => undefined);
