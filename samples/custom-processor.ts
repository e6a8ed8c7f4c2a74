/** A processor of one's own: it opens a connection for the batch, and tries each record twice before it has failed. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import {
  BasePartialBatchProcessor,
  type BaseRecord,
  EventType,
  type FailureResponse,
  processPartialResponse,
  type SuccessResponse,
} from '../lib';

class Warehouse {
  readonly #asked = new Set<string>();
  connected = false;

  /** Loses the first call for each parcel, and every call for one that it does not have. */
  async dispatch(parcel: string): Promise<string> {
    const lost = !this.#asked.has(parcel) || parcel.startsWith('unknown');
    this.#asked.add(parcel);
    if (!this.connected || lost) throw new Error(`The warehouse did not answer for parcel ${parcel}.`);
    return parcel;
  }
}

const warehouse = new Warehouse();

class RetryingProcessor extends BasePartialBatchProcessor {
  override prepare(): void {
    warehouse.connected = true;
  }

  override clean(): void {
    warehouse.connected = false;
  }

  async processRecord(record: BaseRecord): Promise<SuccessResponse | FailureResponse> {
    const message = record as SQSRecord;
    const handle = this.handler as (record: SQSRecord) => Promise<unknown>;
    try {
      return this.successHandler(message, await handle(message).catch(() => handle(message)));
    } catch (error) {
      return this.failureHandler(message, error as Error);
    }
  }

  processRecordSync(): never {
    throw new Error('RetryingProcessor is asynchronous.');
  }
}

const processor = new RetryingProcessor(EventType.SQS);
const dispatch = (record: SQSRecord) => warehouse.dispatch((JSON.parse(record.body) as { parcel: string }).parcel);

export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, dispatch, processor, { context });
