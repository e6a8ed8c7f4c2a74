import { expect } from 'chai';
import sinon from 'sinon';

import { lambdaHandler } from '../../lib';
import { kinesisEvent, lambdaContext, simulateStream } from '../../lib/testing';
import { type Batch, ClickHandler, type DeliveryStreams } from '../../samples/chunk-firehose';

describe('Testing a handler of chunks: PutRecordBatch', () => {
  let stream: DeliveryStream;

  beforeEach(() => {
    stream = new DeliveryStream();
    sinon.stub(console, 'error');
    sinon.stub(console, 'warn');
  });

  afterEach(() => {
    sinon.restore();
  });

  const handler = () => lambdaHandler<'KinesisDataStreams'>(new ClickHandler(stream), 'handle');

  it('reports exactly what Firehose has rejected, and what stands behind it', async () => {
    stream.rejected = (click) => click === 'c-2';
    const event = kinesisEvent(clicks(5));

    const answer = await handler()(event, lambdaContext());

    expect(answer).to.deep.equal({
      batchItemFailures: event.Records.slice(2).map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })),
    });
    expect(stream.taken).to.deep.equal(['c-0', 'c-1', 'c-3', 'c-4']);
  });

  it('sends no request behind one of which a record was rejected', async () => {
    stream.rejected = (click) => click === 'c-499';

    await handler()(kinesisEvent(clicks(1_200)), lambdaContext());

    expect(stream.requests).to.deep.equal([500]);
  });

  it('sends requests of at most 500 records', async () => {
    const answer = await handler()(kinesisEvent(clicks(1_200)), lambdaContext());

    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(stream.requests).to.deep.equal([500, 500, 200]);
    expect(stream.taken).to.deep.equal(clicks(1_200));
  });

  it('sends requests of at most four megabytes', async () => {
    const large = Array.from({ length: 9 }, (_, index) => Buffer.alloc(900_000, index));

    const answer = await handler()(kinesisEvent(large), lambdaContext());

    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(stream.requests).to.deep.equal([4, 4, 1]);
  });

  it('goes on from the checkpoint once Firehose has room again: all is there, and what stood behind it twice', async () => {
    let isBusy = true;
    stream.rejected = (click) => {
      const isRejected = isBusy && click === 'c-2';
      if (isRejected) isBusy = false;
      return isRejected;
    };

    const { remaining, deadLettered } = await simulateStream({ handler: handler(), records: clicks(5) });

    expect([...remaining, ...deadLettered]).to.deep.equal([]);
    expect(stream.taken).to.deep.equal(['c-0', 'c-1', 'c-3', 'c-4', 'c-2', 'c-3', 'c-4']);
  });
});

const clicks = (count: number): string[] => Array.from({ length: count }, (_, index) => `c-${index}`);

/** Has the limits of PutRecordBatch. */
class DeliveryStream implements DeliveryStreams {
  readonly taken: string[] = [];
  readonly requests: number[] = [];
  rejected: (click: string) => boolean = () => false;

  async putRecordBatch({ Records }: Batch) {
    const bytes = Records.reduce((sum, { Data }) => sum + Data.byteLength, 0);
    if (Records.length > 500 || bytes > 4 * 1024 * 1024) throw new Error('InvalidArgumentException');
    this.requests.push(Records.length);
    const RequestResponses = Records.map(({ Data }, index) => {
      const click = Buffer.from(Data).toString();
      if (this.rejected(click)) return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
      this.taken.push(click);
      return { RecordId: String(index) };
    });
    return { FailedPutCount: RequestResponses.filter(({ ErrorCode }) => ErrorCode).length, RequestResponses };
  }
}
