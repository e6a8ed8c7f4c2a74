/** A stream handed on to Firehose with one PutRecordBatch for up to 500 records; what it rejects is the checkpoint. */
import { BatchHandler } from '../lib';
import { chunksOf, failedIn } from '../lib/chunk';
import { bytes } from '../lib/payload';

export interface Batch {
  DeliveryStreamName: string;
  Records: { Data: Uint8Array }[];
}

/** What is needed of Firehose: the Firehose of `@aws-sdk/client-firehose` has it. */
export interface DeliveryStreams {
  putRecordBatch(batch: Batch): Promise<Parameters<typeof failedIn.putRecordBatch>[0]>;
}

/** Stands in for Firehose where there is none; takes so many bytes a request, and rejects what does not fit any more. */
export class DeliveryStreamsInMemory implements DeliveryStreams {
  readonly taken: string[] = [];

  constructor(private readonly bytesPerRequest: number) {}

  async putRecordBatch({ Records }: Batch) {
    let room = this.bytesPerRequest;
    const RequestResponses = Records.map(({ Data }, index) => {
      if (Data.byteLength > room) return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
      room -= Data.byteLength;
      this.taken.push(Buffer.from(Data).toString());
      return { RecordId: `record-${index}` };
    });
    return { FailedPutCount: RequestResponses.filter(({ ErrorCode }) => ErrorCode).length, RequestResponses };
  }
}

export class ClickHandler {
  constructor(private readonly streams: DeliveryStreams) {}

  // All from the checkpoint on comes again, so no chunk is sent behind one of which a record was rejected: with
  // order: 'shard' no more is there twice than the rest of that chunk. A request can have 4 MiB.
  @BatchHandler({
    source: 'KinesisDataStreams',
    order: 'shard',
    payload: bytes(),
    chunk: chunksOf(500, { maxBytes: 4_000_000 }),
  })
  async handle(clicks: readonly Buffer[]): Promise<void> {
    const Records = clicks.map((Data) => ({ Data }));
    const failed = failedIn.putRecordBatch(
      await this.streams.putRecordBatch({ DeliveryStreamName: 'clicks', Records }),
    );
    if (failed !== undefined) throw failed;
  }
}

const streams = new DeliveryStreamsInMemory(150);

export const handler = new ClickHandler(streams).handle;
export const report = (): string[] => streams.taken.map((click) => `Firehose took ${click}`);
