// Compiled, not run: what users of @aws-lambda-powertools/batch write, with only the import changed.
import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
import { expectTypeOf } from 'expect-type';

import {
  BasePartialBatchProcessor,
  BasePartialProcessor,
  BatchProcessingError,
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  FullBatchFailureError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
  UnexpectedBatchTypeError,
} from '../../lib';
import type {
  BaseRecord,
  BatchProcessingOptions,
  EventSourceDataClassTypes,
  FailureResponse,
  ParsedRecord,
  PartialItemFailureResponse,
  PartialItemFailures,
  SuccessResponse,
} from '../../lib/types';

// Processors kept for the life of the module.
const processor = new BatchProcessor(EventType.SQS);
export const annotated: BatchProcessor = new BatchProcessor('SQS');
export const kinesisProcessor: BatchProcessor = new BatchProcessor(EventType.KinesisDataStreams);
export const syncProcessor: BatchProcessorSync = new BatchProcessorSync(EventType.DynamoDBStreams);
export const fifoProcessor: SqsFifoPartialProcessor = new SqsFifoPartialProcessor();
export const asyncFifoProcessor: SqsFifoPartialProcessorAsync = new SqsFifoPartialProcessorAsync();
expectTypeOf(EventType.SQS).toEqualTypeOf<'SQS'>();

const recordHandler = async (record: SQSRecord, context?: Context): Promise<number> => {
  const payload = JSON.parse(record.body) as { id: number };
  return payload.id + (context?.getRemainingTimeInMillis() ?? 0);
};

const syncRecordHandler = (record: KinesisStreamRecord): string => record.kinesis.data;

export const handler: SQSHandler = async (event, context) =>
  processPartialResponse(event, recordHandler, processor, { context });

export const annotatedHandler = async (event: SQSEvent, context: Context): Promise<PartialItemFailureResponse> => {
  const options: BatchProcessingOptions = { context, throwOnFullBatchFailure: false, processInParallel: false };
  const response = await processPartialResponse(event, recordHandler, annotated, options);
  expectTypeOf(response).toEqualTypeOf<PartialItemFailureResponse>();
  const failures: PartialItemFailures[] = response.batchItemFailures;
  expectTypeOf(failures[0]!.itemIdentifier).toEqualTypeOf<string>();
  return response;
};

/** Every option, each in the API that it is for. */
export const withOptions = async (event: SQSEvent, context: Context): Promise<PartialItemFailureResponse[]> => [
  await processPartialResponse(event, recordHandler, processor, {
    context,
    throwOnFullBatchFailure: true,
    processInParallel: true,
  }),
  await processPartialResponse<BatchProcessor>(event, recordHandler, processor, { processInParallel: false }),
  await processPartialResponse(event, recordHandler, asyncFifoProcessor, { context, skipGroupOnError: true }),
  processPartialResponseSync(event, syncRecordHandler, fifoProcessor, { context, skipGroupOnError: true }),
  processPartialResponseSync(event, syncRecordHandler, syncProcessor, { throwOnFullBatchFailure: false }),
];

export const wrong = (event: SQSEvent) => [
  // @ts-expect-error the event is a batch
  () => processPartialResponse({ records: [] }, recordHandler, processor),
  // @ts-expect-error a record handler is a function
  () => processPartialResponse(event, 'handler', processor),
  // @ts-expect-error a processor is needed
  () => processPartialResponse(event, recordHandler, {}),
  // @ts-expect-error a processor is needed
  () => processPartialResponse(event, recordHandler),
  // @ts-expect-error it is a boolean
  () => processPartialResponse(event, recordHandler, processor, { throwOnFullBatchFailure: 'no' }),
  // @ts-expect-error there is no such source
  () => new BatchProcessor('SNS'),
];

// What types tell of a function that has several signatures.
expectTypeOf<ReturnType<typeof processPartialResponse>>().toEqualTypeOf<Promise<PartialItemFailureResponse>>();
expectTypeOf<ReturnType<typeof processPartialResponseSync>>().toEqualTypeOf<PartialItemFailureResponse>();
expectTypeOf<Parameters<typeof processPartialResponse>[0]>().toEqualTypeOf<{ Records: BaseRecord[] }>();

/** The three calls that processPartialResponse makes. */
export const inSteps = async (event: SQSEvent, context: Context): Promise<PartialItemFailureResponse> => {
  processor.register(event.Records, recordHandler, { context });
  const processed = await processor.process();
  for (const [status, result, record] of processed) {
    expectTypeOf(status).toEqualTypeOf<'success' | 'fail'>();
    expectTypeOf(result).toEqualTypeOf<unknown>();
    expectTypeOf(record).toEqualTypeOf<EventSourceDataClassTypes>();
  }
  expectTypeOf(processor.errors).toEqualTypeOf<Error[]>();
  expectTypeOf(processor.failureMessages).toEqualTypeOf<EventSourceDataClassTypes[]>();
  expectTypeOf(processor.successMessages).toEqualTypeOf<EventSourceDataClassTypes[]>();
  expectTypeOf(processor.records).toEqualTypeOf<BaseRecord[]>();
  return processor.response();
};

export const inStepsSync = (records: BaseRecord[]): (SuccessResponse | FailureResponse)[] =>
  syncProcessor.register(records, syncRecordHandler).processSync();

/** Counts what failed, and tells of it when the batch is over. */
export class CountingProcessor extends BatchProcessor {
  #failures = 0;

  public constructor(eventType: keyof typeof EventType) {
    super(eventType);
  }

  public override prepare(): void {
    this.#failures = 0;
    super.prepare();
  }

  public override clean(): void {
    super.clean();
    console.log(this.#failures, this.eventType, this.options?.context?.awsRequestId);
  }

  public override async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    const started = Date.now();
    try {
      const result: unknown = await this.handler(record, this.options?.context);
      return this.successHandler(record, result);
    } catch (error) {
      return this.failureHandler(record, error as Error);
    } finally {
      console.log(Date.now() - started);
    }
  }

  public override successHandler(record: EventSourceDataClassTypes, result: unknown): SuccessResponse {
    return super.successHandler(record, result);
  }

  public override failureHandler(record: EventSourceDataClassTypes, error: Error): FailureResponse {
    this.#failures += 1;
    console.log(record.eventSourceARN, error.message);
    return super.failureHandler(record, error);
  }

  public override async process(): Promise<(SuccessResponse | FailureResponse)[]> {
    return super.process();
  }

  public override response(): PartialItemFailureResponse {
    return super.response();
  }
}

/** The sync hook of the sync class. */
export class TracingProcessor extends BatchProcessorSync {
  public override processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    const response = super.processRecordSync(record);
    console.log(response[0]);
    return response;
  }

  public override failureHandler(record: SQSRecord, error: Error): FailureResponse {
    return ['fail', error.message, record];
  }
}

/** Writes all records of a batch at once, from scratch. */
export class TableProcessor extends BasePartialProcessor {
  readonly #table: string;
  #items: unknown[] = [];

  public constructor(table: string) {
    super();
    this.#table = table;
  }

  public prepare(): void {
    this.#items = [];
    this.errors = [];
    this.failureMessages = [];
    this.successMessages = [];
  }

  public async clean(): Promise<void> {
    await Promise.resolve([this.#table, this.#items]);
  }

  public async processRecord(_record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    throw new Error('Not implemented. Use the sync API instead.');
  }

  public processRecordSync(record: SQSRecord): SuccessResponse | FailureResponse {
    try {
      const result: unknown = this.handler(record, this.options?.context);
      this.#items.push(result);
      return this.successHandler(record, result);
    } catch (error) {
      return this.failureHandler(record, error as Error);
    }
  }
}

/** Knows its source, and runs records as it likes. */
export class OwnBatchProcessor extends BasePartialBatchProcessor {
  public constructor() {
    super(EventType.DynamoDBStreams);
  }

  public override prepare(): void {
    this.records = this.records.slice(0, 10);
    this.handler = (record: DynamoDBRecord): unknown => record.dynamodb;
  }

  public async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    return this.processRecordSync(record);
  }

  public processRecordSync(record: BaseRecord): SuccessResponse | FailureResponse {
    return this.successHandler(record, this.handler(record));
  }
}

export const ofOwnClasses = async (event: SQSEvent): Promise<PartialItemFailureResponse[]> => [
  await processPartialResponse(event, recordHandler, new CountingProcessor('SQS')),
  processPartialResponseSync(event, recordHandler, new TableProcessor('orders')),
  await processPartialResponse(event, recordHandler, new OwnBatchProcessor()),
];

export const onFailure = (error: unknown): Error[] => {
  if (error instanceof FullBatchFailureError) return error.recordErrors;
  return error instanceof UnexpectedBatchTypeError || error instanceof BatchProcessingError ? [error] : [];
};

export const parsedHandler = async ({ body }: ParsedRecord<SQSRecord, { id: number }>): Promise<number> => body.id;
