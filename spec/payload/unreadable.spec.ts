import { createHash } from 'node:crypto';

import type { KinesisStreamEvent } from 'aws-lambda';
import { expect } from 'chai';

import { createBatchHandler } from '../../lib';
import { kafka } from '../../lib/kafka';
import { unreadablePayload } from '../../lib/payload/unreadable';
import {
  base64,
  bytes,
  cloudWatchLogs,
  eventBridge,
  gunzip,
  json,
  reader,
  s3Event,
  sns,
  text,
} from '../../lib/payload';
import { fieldsOf } from '../../samples/aggregated';
import { kinesisRecord, lambdaContext } from '../support/events';
import { readingHandlerFor } from '../support/handler';
import { kafkaEvent, kafkaRecord, offsets } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { secret } from '../support/payload';
import { Deferred, settled } from '../support/promises';
import { schemaOf, shown, unread } from '../support/readers';

/** A field of protobuf that has a length. */
const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.of(number * 8 + 2), varint(content.length), content]);

const varint = (value: number): Buffer =>
  value < 128 ? Buffer.of(value) : Buffer.concat([Buffer.of(128 + (value % 128)), varint(Math.floor(value / 128))]);

/**
 * As in https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md: a magic number, the partition
 * keys and the records as protobuf, and the MD5 of that.
 */
function aggregated(...texts: readonly string[]): Buffer {
  const keys = [...new Set(texts.map((one) => one[0]!))];
  const message = Buffer.concat([
    ...keys.map((key) => field(1, Buffer.from(key))),
    ...texts.map((one) => field(3, Buffer.concat([Buffer.of(8, keys.indexOf(one[0]!)), field(3, Buffer.from(one))]))),
  ]);
  return Buffer.concat([Buffer.of(0xf3, 0x89, 0x9a, 0xc2), message, createHash('md5').update(message).digest()]);
}

/** A reader that takes records apart, as users write it: the data is field 3 of each record, and each record is field 3. */
const deaggregating = reader((data: Buffer): string[] =>
  fieldsOf(data.subarray(4, -16))
    .flatMap(fieldsOf)
    .map((text) => text.toString()),
);

const named =
  'The record holds several, aggregated by the Kinesis Producer Library: read it with a reader() that takes them apart.';

describe('A record in which the Kinesis Producer Library has aggregated others', () => {
  for (const [name, read] of Object.entries({
    text: text(),
    json: json(),
    'json with a schema': json(schemaOf((value) => ({ value }))),
    base64: base64(text()),
    gunzip: gunzip(json()),
    cloudWatchLogs: cloudWatchLogs(),
    sns: sns(text()),
    eventBridge: eventBridge(text()),
    s3Event: s3Event(),
  })) {
    it(`is named by ${name}(), which cannot read it`, async () => {
      expect(await unread(read, aggregated(secret, 'b1'))).to.have.property('message', named);
    });
  }

  it('is handed on by bytes(), for a reader that takes it apart', () => {
    const texts = ['a1', 'b1', `a${'2'.repeat(300)}`];
    const data = aggregated(...texts);
    expect(bytes()(data)).to.equal(data);
    expect(deaggregating(data)).to.deep.equal(texts);
  });

  it('is nothing that only begins alike', () => {
    for (const other of [[0xf3, 0x89, 0x9a], [0xf3, 0x89, 0x9a, 0xc3], [0xc2, 0x9a, 0x89, 0xf3], []]) {
      expect(unreadablePayload(Uint8Array.from(other), 'no UTF-8')).to.have.property('message', 'no UTF-8');
    }
  });

  /** Records of a shard that hold these, each with a partition key of its own, as a producer makes them. */
  const eventOf = (...records: readonly (readonly string[])[]): KinesisStreamEvent => ({
    Records: records.map((texts, index) => {
      const record = kinesisRecord('', index);
      const data = aggregated(...texts).toString('base64');
      return { ...record, kinesis: { ...record.kinesis, data, partitionKey: `container-${index}` } };
    }),
  });

  /** A handler that notes what it has seen, and waits where it is told to. */
  const noting = (order: 'shard' | 'key', seen: string[], at: (text: string) => unknown) =>
    readingHandlerFor(
      { source: 'KinesisDataStreams', order, payload: deaggregating, logger: fakeLogger() } as const,
      async (texts: string[]) => {
        for (const one of texts) {
          seen.push(one);
          await at(one);
        }
      },
    );

  it("keeps the order of every key inside with order: 'shard', and is reported as a whole", async () => {
    const event = eventOf(['a1', 'b1'], ['b2', 'a2'], ['a3']);
    const seen: string[] = [];
    const handler = noting('shard', seen, (one) => (one === 'a2' ? Promise.reject(new Error('no')) : undefined));
    expect(await handler(event, lambdaContext())).to.deep.equal({
      batchItemFailures: event.Records.slice(1).map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })),
    });
    expect(seen).to.deep.equal(['a1', 'b1', 'b2', 'a2']);
  });

  it("keeps that of its own key alone with order: 'key': those inside run side by side", async () => {
    const gate = new Deferred<void>();
    const seen: string[] = [];
    const answer = noting('key', seen, (one) => (one === 'a1' ? gate.promise : undefined))(
      eventOf(['a1'], ['a2']),
      lambdaContext(),
    );
    await settled();
    expect(seen).to.deep.equal(['a1', 'a2']);
    gate.resolve();
    expect(await answer).to.deep.equal({ batchItemFailures: [] });
  });
});

/**
 * As in https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format: a zero,
 * the id of the schema in four bytes, the most significant first, and what was serialised.
 */
function framed(schemaId: number, payload: string | Buffer): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(schemaId, 1);
  return Buffer.concat([frame, Buffer.from(payload)]);
}

const framedNamed =
  'The payload begins as a schema registry frames it (a zero byte, and a schema id): configure the registry on the event source mapping, or read it with a reader() that takes the frame off.';

describe('A value that a schema registry has framed, and that Lambda has not read with it', () => {
  // JSON Schema has JSON behind the frame; Avro begins a text with its length, here 11 of them, in zigzag.
  const avro = Buffer.concat([Buffer.of(22), Buffer.from(secret), Buffer.of(0xff, 0xfe)]);
  for (const [what, value] of Object.entries({
    'JSON, whose frame happens to be UTF-8': framed(42, `{"a":"${secret}"}`),
    'JSON, whose frame is no UTF-8': framed(0xc0_01, `{"a":"${secret}"}`),
    'Avro, which is no UTF-8': framed(100_042, avro),
    nothing: framed(1, ''),
  })) {
    for (const [name, read] of Object.entries({
      json: json(),
      'json with a schema': json(schemaOf((value) => ({ value }))),
      gunzip: gunzip(json()),
      cloudWatchLogs: cloudWatchLogs(),
      sns: sns(text()),
      eventBridge: eventBridge(text()),
      s3Event: s3Event(),
    })) {
      it(`is named by ${name}(), which cannot read it: ${what}`, async () => {
        for (const bytes of [value, Uint8Array.from(value)]) {
          expect(await unread(read, bytes)).to.have.property('message', framedNamed);
        }
      });
    }
  }

  it('is named by text() where it is no UTF-8, and else is the text that it is', async () => {
    for (const value of [framed(0xc0_01, secret), framed(100_042, avro)]) {
      expect(await unread(text(), value)).to.have.property('message', framedNamed);
    }
    expect(text()(framed(42, secret))).to.equal(`\0\0\0\0*${secret}`);
  });

  it('is handed on by bytes(), for a reader that takes the frame off', () => {
    const unframed = reader((value: Buffer): unknown => json()(value.subarray(5)));
    expect(bytes()(framed(42, '{}'))).to.deep.equal(framed(42, '{}'));
    expect(unframed(framed(42, '{"a":1}'))).to.deep.equal({ a: 1 });
  });

  it('is nothing shorter than its frame, and nothing that begins otherwise', () => {
    for (const other of [[], [0], [0, 0, 0, 0], [1, 0, 0, 0, 42, 123], [0x30, 0, 0, 0, 42, 123]]) {
      const both = [Uint8Array.from(other), Buffer.from(other).toString()];
      for (const raw of both) expect(unreadablePayload(raw, 'no JSON')).to.have.property('message', 'no JSON');
    }
  });

  it('fails its record of Kafka alone', async () => {
    const logger = fakeLogger();
    const entry = createBatchHandler({ source: kafka, payload: json(), logger }, () => undefined);
    const value = framed(42, `{"a":"${secret}"}`).toString('base64');
    const event = kafkaEvent(kafkaRecord('t-0@1', { value: 'e30=' }), kafkaRecord('t-0@2', { value }));
    expect(await entry(event, lambdaContext())).to.deep.equal(offsets('t-0@2'));
    expect(shown(logger.error.args)).to.include(framedNamed).and.not.include(secret);
  });
});
