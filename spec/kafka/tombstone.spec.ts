import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, BatchProcessorSync, createBatchHandler, processPartialResponse } from '../../lib';
import { kafka, type KafkaRecord, tombstone } from '../../lib/kafka';
import { base64, gunzip, images, json, reader, text } from '../../lib/payload';
import { pipe } from '../../lib/pipes';
import { lambdaContext } from '../support/events';
import { kafkaEvent, kafkaRecord, offsets } from '../support/kafka';
import { ledger } from '../support/made-up-source';
import { fakeLogger } from '../support/logger';

const { value: _none, ...absent } = kafkaRecord('t-0@1');
const isNull = kafkaRecord('t-0@2', { value: null });
const empty = kafkaRecord('t-0@3', { value: '' });

/** What a method sees of these records with a reader, and what is answered. */
async function read(payload: object, ...records: readonly KafkaRecord[]) {
  const seen: unknown[] = [];
  const options = { source: kafka, payload, logger: fakeLogger() } as unknown as { source: typeof kafka };
  const entry = createBatchHandler(options, (value: unknown, _context: Context) => {
    seen.push(value);
  });
  const event = kafkaEvent(kafkaRecord('t-0@0', { value: 'e30=' }), ...records);
  return { answer: await entry(event, lambdaContext()), seen };
}

describe('A tombstone', () => {
  it('fails, where its reader does not say otherwise', async () => {
    const { answer, seen } = await read(json(), absent, isNull);
    expect(answer).to.deep.equal(offsets('t-0@1', 't-0@2'));
    expect(seen).to.deep.equal([{}]);
  });

  it('is read as null by tombstone(), and an empty value is none', async () => {
    const { answer, seen } = await read(tombstone(text()), absent, isNull, empty);
    expect(answer).to.deep.equal(offsets());
    expect(seen).to.deep.equal(['{}', null, null, '']);
    expect((await read(tombstone(json()), empty)).answer).to.deep.equal(offsets('t-0@3'));
  });

  it('is read beside values that take their time', async () => {
    const slow = reader(async (raw: Buffer) => Promise.resolve(raw.length));
    expect((await read(tombstone(slow), absent)).seen).to.have.deep.members([2, null]);
  });

  it('is handed to record handlers of the class API as a value that is null', async () => {
    for (const processor of [
      new BatchProcessor(kafka, { payload: tombstone(text()) }),
      new BatchProcessorSync(kafka, { payload: tombstone(text()) }),
    ]) {
      const handle = sinon.fake();
      if (processor instanceof BatchProcessor) {
        await processPartialResponse<typeof kafka>(kafkaEvent(absent, empty), handle, processor);
      } else {
        processor.register([absent, empty] as never, handle).processSync();
      }
      expect(handle.args.map(([record]) => (record as KafkaRecord).value)).to.deep.equal([null, '']);
    }
  });

  it('is of a reader, which can also be called by itself', () => {
    expect(tombstone(text())(Buffer.from('a'))).to.equal('a');
    for (const wrong of [undefined, () => 1, {}]) {
      expect(() => tombstone(wrong as never)).to.throw(TypeError, 'tombstone(): expected a payload reader, such as');
    }
  });

  it('is of Kafka, also behind a pipe: for any other source it is refused, before a record could pass for one', () => {
    for (const source of ['SQS', 'KinesisDataStreams', 'DynamoDBStreams', pipe('SQS'), ledger] as const) {
      const payload = tombstone(json());
      expect(() => createBatchHandler({ source, payload } as never, (() => 1) as never)).to.throw(
        TypeError,
        'tombstone() is for records of Kafka, and those of this source have none',
      );
      expect(() => new BatchProcessor(source, { payload })).to.throw(TypeError, 'tombstone() is for records of Kafka');
    }
    expect(() =>
      createBatchHandler({ source: pipe(kafka), payload: tombstone(json()) }, () => undefined),
    ).not.to.throw();
  });

  it('goes around all other readers: within one it would never see that there is no value', () => {
    const inner = tombstone(json());
    for (const nest of [
      () => gunzip(inner as never),
      () => base64(inner as never),
      () => reader(inner as never),
      () => tombstone(inner),
    ]) {
      expect(nest).to.throw(TypeError);
    }
    expect(() => gunzip(inner as never)).to.throw('goes around all others, as tombstone() does');
  });

  it('has to fit the payload of its source within', () => {
    const change = tombstone(images() as never);
    expect(() => createBatchHandler({ source: kafka, payload: change } as never, (() => 1) as never)).to.throw(
      TypeError,
      'expected a reader of bytes, received a reader of change',
    );
  });
});
