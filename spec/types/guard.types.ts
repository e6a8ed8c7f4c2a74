// Compiled, not run: under both dialects every line must type-check, and every @ts-expect-error must be needed.
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import { BatchHandler, BatchProcessor, createBatchHandler, observe, processPartialResponse } from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { type Guard, partialResponses, type PartialResponsesOptions } from '../../lib/guard';
import { kafka, type KafkaRecord } from '../../lib/kafka';
import { json } from '../../lib/payload';
import { pipe } from '../../lib/pipes';
import { delayBy } from '../../lib/retry-delay';
import { ledger, type LedgerEntry } from '../support/made-up-source';

interface Item {
  readonly id: string;
}

/** It fits every source, and changes nothing of what the method takes. */
export class Fitting {
  @BatchHandler({ source: 'SQS', guard: partialResponses() })
  async sqs(_record: SQSRecord): Promise<void> {
    // fits
  }

  @BatchHandler({
    source: 'SQS',
    payload: json<Item>(),
    nonRetryable: deadLetter({
      deliverTo: (record) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>();
      },
    }),
    retryDelay: delayBy(() => 60),
    observers: [observe({})],
    guard: partialResponses({ client: new LambdaClient({}) }),
  })
  async payload(_item: Item, _context: Context): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'SQS', payload: json<Item>(), chunk: chunksOf(25), guard: partialResponses() })
  async chunk(_items: readonly Item[]): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', guard: partialResponses() })
  async kinesis(_record: KinesisStreamRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: 'DynamoDBStreams', guard: partialResponses() })
  async dynamodb(_record: DynamoDBRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: kafka, order: 'partition', guard: partialResponses() })
  async kafka(_record: KafkaRecord): Promise<void> {
    // fits
  }

  @BatchHandler({ source: ledger, guard: partialResponses() })
  async row(_entry: LedgerEntry): Promise<void> {
    // fits
  }

  @BatchHandler({ source: pipe('SQS'), guard: partialResponses() })
  async pipe(_record: SQSRecord): Promise<void> {
    // fits
  }
}

export const handler = createBatchHandler({ source: 'SQS', guard: partialResponses() }, ({ body }) => body);

export const refused = [
  // @ts-expect-error partialResponses() makes it
  () => BatchHandler({ source: 'SQS', guard: true }),
  // @ts-expect-error nor is it the options of what makes it
  () => BatchHandler({ source: 'SQS', guard: { client: new LambdaClient({}) } }),
  // @ts-expect-error a value for another option
  () => BatchHandler({ source: 'SQS', guard: delayBy(() => 1) }),
  // @ts-expect-error a value for another option
  () => BatchHandler({ source: 'SQS', retryDelay: partialResponses() }),
  // @ts-expect-error one value, not a list
  () => BatchHandler({ source: 'SQS', guard: [partialResponses()] }),
  // @ts-expect-error the same without a decorator
  () => createBatchHandler({ source: 'SQS', guard: {} }, () => undefined),
  // @ts-expect-error a client can send
  () => partialResponses({ client: {} }),
  // @ts-expect-error there is no such option
  () => partialResponses({ timeout: 5 }),
];

expectTypeOf(partialResponses()).toEqualTypeOf<Guard>();
expectTypeOf(partialResponses).parameter(0).toEqualTypeOf<PartialResponsesOptions | undefined>();

export const inTheClassApi = () =>
  processPartialResponse({ Records: [] }, () => undefined, new BatchProcessor('SQS'), { guard: partialResponses() });
