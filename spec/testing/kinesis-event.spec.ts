import type { KinesisStreamEvent } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';

import { kinesisEvent, type KinesisEventOptions } from '../../lib/testing/kinesis-event';
import { lambdaContext } from '../../lib/testing/lambda-context';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';

const numbersOf = ({ Records }: KinesisStreamEvent) => Records.map(({ kinesis }) => kinesis.sequenceNumber);
const dataOf = ({ Records }: KinesisStreamEvent) => Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64'));
const textsOf = (event: KinesisStreamEvent) => dataOf(event).map(String);

describe('kinesisEvent', () => {
  it('makes the event of a shard', () => {
    const [first, second] = kinesisEvent(['Hello', 'b']).Records;
    const { sequenceNumber } = first!.kinesis;

    expect(sequenceNumber).to.match(/^496\d{53}$/);
    expect(first).to.deep.equal({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '1',
        sequenceNumber,
        data: 'SGVsbG8=',
        approximateArrivalTimestamp: 1767225600,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000000:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/orders',
      awsRegion: 'eu-west-1',
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    });
    expect(second!.kinesis.approximateArrivalTimestamp).to.equal(1767225600.001);
    expect(second!.eventID).to.equal(`shardId-000000000000:${second!.kinesis.sequenceNumber}`);
  });

  it('makes an empty event of no records', () => {
    expect(kinesisEvent([])).to.deep.equal({ Records: [] });
  });

  it('takes strings and bytes as they are, and anything else as JSON', () => {
    const event = kinesisEvent<unknown>(['Grüße 🚚', '{"a": 1}', '', { a: [1] }, 7, null]);
    const bytes = [Uint8Array.of(0, 255, 128), Buffer.from('xyz').subarray(1), new Uint8Array()];

    expect(textsOf(event)).to.deep.equal(['Grüße 🚚', '{"a": 1}', '', '{"a":[1]}', '7', 'null']);
    expect(kinesisEvent(bytes).Records.map(({ kinesis }) => kinesis.data)).to.deep.equal(['AP+A', 'eXo=', '']);
  });

  it('takes bytes of any kind as they are', () => {
    const bytes = [Uint8Array.of(1, 2), Int8Array.of(1, 2), Uint8Array.of(1, 2).buffer];
    const views = [new DataView(Uint8Array.of(0, 1, 2).buffer, 1), Buffer.from([1, 2])];
    const { Records } = kinesisEvent<unknown>([...bytes, ...views]);

    expect(new Set(Records.map(({ kinesis }) => kinesis.data))).to.deep.equal(new Set(['AQI=']));
  });

  it('refuses a date that is none, and a seed that is no integer', () => {
    expect(() => kinesisEvent(['a'], { arrivedAt: new Date(NaN) })).to.throw(
      TypeError,
      'Expected arrivedAt to be a valid Date, received Invalid Date (object).',
    );
    expect(() => kinesisEvent(['a'], { seed: '1' as never })).to.throw(TypeError, "received '1' (string).");
  });

  it('refuses a partition key that is no string', () => {
    // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
    for (const partitionKey of ['', 'k'.repeat(257)]) {
      expect(() => kinesisEvent(['a'], { partitionKey })).to.throw(
        TypeError,
        'partitionKey to be of 1 to 256 characters',
      );
    }
    expect(() => kinesisEvent(['a'], { partitionKey: 'k'.repeat(256) })).not.to.throw();
    expect(() => kinesisEvent(['a'], { partitionKey: () => undefined as never })).to.throw(
      TypeError,
      'Expected partitionKey to be a string, received undefined (undefined).',
    );
  });

  it('refuses a stream and a shard that are no text', () => {
    for (const name of ['eventSourceARN', 'shardId']) {
      expect(() => kinesisEvent(['a'], { [name]: 5 })).to.throw(
        TypeError,
        `Expected ${name} to be a string, received 5 (number).`,
      );
    }
  });

  it('refuses a payload that has no JSON', () => {
    expect(() => kinesisEvent(['a', undefined])).to.throw(TypeError, 'received undefined (undefined).');
    expect(() => kinesisEvent([7n])).to.throw(TypeError, 'received 7n (bigint).');
  });

  it('tells the partition key of all records, or by a function of the payload and its index', () => {
    const keys = (partitionKey?: KinesisEventOptions<{ id: string }>['partitionKey']) =>
      kinesisEvent([{ id: 'x' }, { id: 'y' }], { partitionKey }).Records.map(({ kinesis }) => kinesis.partitionKey);

    expect(keys()).to.deep.equal(['1', '1']);
    expect(keys('tenant')).to.deep.equal(['tenant', 'tenant']);
    expect(keys(({ id }, index) => `${id}-${index}`)).to.deep.equal(['x-0', 'y-1']);
  });

  it('says which stream and shard the records are of, and when they arrived, in seconds', () => {
    const record = kinesisEvent(['a', 'b'], {
      eventSourceARN: 'arn:aws:kinesis:us-east-2:111122223333:stream/bills',
      shardId: 'shardId-000000000006',
      arrivedAt: new Date('2027-03-04T05:06:07.089Z'),
    }).Records[1]!;

    expect(record.eventSourceARN).to.equal('arn:aws:kinesis:us-east-2:111122223333:stream/bills');
    expect(record.awsRegion).to.equal('us-east-2');
    expect(record.eventID).to.equal(`shardId-000000000006:${record.kinesis.sequenceNumber}`);
    expect(record.kinesis.approximateArrivalTimestamp).to.equal(1804136767.09);
    expect(kinesisEvent(['a'], { eventSourceARN: 'bills' }).Records[0]!.awsRegion).to.equal('');
  });

  it('refuses options it does not know, and payloads that are no array', () => {
    const misspelt = { partitionkey: 'a' } as object;

    expect(() => kinesisEvent(['a'], misspelt)).to.throw(
      TypeError,
      'kinesisEvent: unknown option partitionkey; expected one of eventSourceARN, shardId, partitionKey, ',
    );
    expect(() => kinesisEvent(null as never)).to.throw(
      TypeError,
      'Expected payloads to be an array, received null (object).',
    );
  });

  it('makes the same event of the same seed, and other sequence numbers of another seed or shard', () => {
    const event = (options: KinesisEventOptions) => kinesisEvent<unknown>(['a', { b: 1 }], options);

    expect(event({ seed: 7 })).to.deep.equal(event({ seed: 7 }));
    expect(event({})).to.deep.equal(event({ seed: 1 }));
    for (const other of [event({ seed: 8 }), event({ seed: 7, shardId: 'shardId-000000000001' })]) {
      expect(other.Records).to.have.lengthOf(2);
      for (const sequenceNumber of numbersOf(other)) {
        expect(numbersOf(event({ seed: 7 }))).not.to.include(sequenceNumber);
      }
    }
  });

  it('gives neighbours sequence numbers that are the same JavaScript number, as in a real shard', () => {
    const numbers = numbersOf(kinesisEvent(Array.from({ length: 100 }, String)));

    expect(new Set(numbers)).to.have.property('size', 100);
    expect(new Set(numbers.map(Number))).to.have.property('size', 1);
  });

  it('keeps every payload, and gives sequence numbers of 56 digits that ascend', () => {
    const payload = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 20 }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 20 }), fc.integer(), (payloads, seed) => {
        const event = kinesisEvent<unknown>(payloads, { seed });
        const numbers = numbersOf(event);

        expect(dataOf(event)).to.deep.equal(
          payloads.map((given) =>
            given instanceof Uint8Array
              ? Buffer.from(given)
              : Buffer.from(typeof given === 'string' ? given : JSON.stringify(given)),
          ),
        );
        for (const [index, sequenceNumber] of numbers.entries()) {
          expect(sequenceNumber).to.match(/^496\d{53}$/);
          if (index > 0) expect(BigInt(sequenceNumber) > BigInt(numbers[index - 1]!)).to.equal(true);
        }
        expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
      }),
      { numRuns: 60 },
    );
  });

  describe('makes what @BatchHandler takes', () => {
    const logger = fakeLogger();
    const fail = ({ kinesis }: { kinesis: { data: string } }) => {
      if (Buffer.from(kinesis.data, 'base64').toString() === 'a1') throw new Error('This record fails.');
    };
    const event = kinesisEvent(['b0', 'a1', 'b1', 'a2'], { partitionKey: (data) => data[0]! });
    const reporting = (...indexes: number[]) => ({
      batchItemFailures: indexes.map((index) => ({ itemIdentifier: numbersOf(event)[index] })),
    });

    it('without order: it reports the sequence number of the record that failed', async () => {
      const handler = handlerFor({ source: 'KinesisDataStreams', logger }, fail);

      expect(await handler(event, lambdaContext())).to.deep.equal(reporting(1));
    });

    it('in order by key, or by shard: it reports what follows a failure', async () => {
      const byKey = handlerFor({ source: 'KinesisDataStreams', order: 'key', logger }, fail);
      const byShard = handlerFor({ source: 'KinesisDataStreams', order: 'shard', logger }, fail);

      expect(await byKey(event, lambdaContext())).to.deep.equal(reporting(1, 3));
      expect(await byShard(event, lambdaContext())).to.deep.equal(reporting(1, 2, 3));
    });
  });
});
