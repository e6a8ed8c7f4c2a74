import { expect } from 'chai';

import { readBatch } from '../../lib/batch/batch';
import { UnexpectedBatchTypeError } from '../../lib/errors';
import { type SourceName, sourceNames, sourceOf } from '../../lib/sources';
import { dynamodbRecord, kinesisRecord, sqsEvent, sqsRecord } from '../support/events';

const secret = 'SECRET-4711';

/** The error of records that are refused. */
function refusal(read: () => unknown): Error {
  try {
    read();
  } catch (error) {
    expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
    return error as Error;
  }
  throw new Error('Expected the batch to be refused, but it was read.');
}
const refusedRecords = (name: SourceName, ...records: unknown[]) =>
  refusal(() => readBatch(sourceOf(name), records)).message;

describe('readBatch', () => {
  const records: Record<SourceName, (index: number) => object> = {
    SQS: (index) => sqsRecord(String(index)),
    KinesisDataStreams: (index) => kinesisRecord('a', index),
    DynamoDBStreams: (index) => dynamodbRecord('a', index),
  };

  for (const [what, records] of [
    ['a promise', Promise.resolve([])],
    ['a set', new Set()],
    ['an object', { a: 1 }],
  ] as const) {
    it(`refuses ${what} for the records: a row in JavaScript may give it`, () => {
      const made = { ...sourceOf('SQS'), name: 'Webhooks', hasShape: () => true };
      expect(refusal(() => readBatch(made, records as never)).message).to.equal(
        'Expected an array of records of Webhooks, received an object.',
      );
    });
  }

  for (const name of sourceNames) {
    it(`reads records of ${name}, with their identifiers in order`, () => {
      const given = [records[name](2), records[name](0), records[name](1)];
      const batch = readBatch(sourceOf(name), given);

      expect(batch.source).to.equal(sourceOf(name));
      expect(batch.records).to.deep.equal(given);
      expect(batch.identifiers).to.deep.equal(given.map((record) => sourceOf(name).itemIdentifier(record)));
      expect(batch.identifiers).to.satisfy((all: unknown[]) => all.every((one) => typeof one === 'string'));
    });

    it(`reads an empty batch of ${name} (3c 23)`, () => {
      expect(readBatch(sourceOf(name), [])).to.deep.equal({ source: sourceOf(name), records: [], identifiers: [] });
    });

    for (const other of sourceNames.filter((candidate) => candidate !== name)) {
      it(`refuses records of ${other} for ${name}, also one among others (3c 23)`, () => {
        const { eventSource } = sourceOf(other);

        expect(refusedRecords(name, records[other](0))).to.equal(
          `Expected records of ${name} (${sourceOf(name).eventSource}), received at index 0 one whose eventSource is '${eventSource}'.`,
        );
        expect(refusedRecords(name, records[name](0), records[other](1))).to.include('at index 1');
      });
    }

    it(`goes by the shape of a record of ${name} that does not say its source, as in a unit test (3c 23)`, () => {
      for (const eventSource of [undefined, null]) {
        const record = { ...records[name](0), eventSource };
        expect(readBatch(sourceOf(name), [record]).records).to.deep.equal([record]);
        for (const other of sourceNames.filter((candidate) => candidate !== name)) {
          expect(refusedRecords(other, record)).to.match(/at index 0 one /);
        }
      }
    });
  }

  const strangers: Record<string, [record: unknown, received: string]> = {
    undefined: [undefined, 'undefined'],
    null: [null, 'null'],
    'a number': [7, 'a value of type number'],
    'an empty object': [{}, 'one of unknown shape'],
    'an array': [[], 'one of unknown shape'],
    "eventSource: 'constructor'": [{ eventSource: 'constructor' }, "one whose eventSource is 'constructor'"],
    "eventSource: '__proto__'": [{ eventSource: '__proto__' }, "one whose eventSource is '__proto__'"],
    "eventSource: ''": [{ eventSource: '', messageId: 'id' }, "one whose eventSource is ''"],
    'an eventSource that is a number': [{ eventSource: 7 }, 'one whose eventSource is a value of type number'],
    'an eventSource that is an array': [{ eventSource: ['aws:sqs'] }, 'one whose eventSource is an array'],
    'a record of SNS': [{ EventSource: 'aws:sns', Sns: {} }, "one whose eventSource is 'aws:sns'"],
    'a record of S3': [{ eventSource: 'aws:s3', s3: {} }, "one whose eventSource is 'aws:s3'"],
    'an eventSource that is long': [{ eventSource: 'x'.repeat(50) }, `one whose eventSource is '${'x'.repeat(40)}'.`],
  };
  for (const [what, [record, received]] of Object.entries(strangers)) {
    it(`refuses ${what} for a record, before any other is run (3c 23)`, () => {
      for (const name of sourceNames) {
        expect(refusedRecords(name, records[name](0), record))
          .to.match(/ at index 1 /)
          .and.to.include(received);
      }
    });
  }

  it('says that a source goes by shape where it has no event source', () => {
    const source = { ...sourceOf('SQS'), eventSource: undefined, hasShape: () => false };
    expect(refusal(() => readBatch(source, [{}])).message).to.equal(
      'Expected records of SQS (by shape), received at index 0 one of unknown shape.',
    );
  });

  it('refuses a hole', () => {
    const holey = new Array<unknown>(3);
    holey[0] = sqsRecord('a');
    holey[2] = sqsRecord('c');

    expect(refusal(() => readBatch(sourceOf('SQS'), holey)).message).to.include('at index 1 undefined');
  });

  it('quotes no payload where a record is a text', () => {
    expect(refusedRecords('SQS', secret)).not.to.include(secret);
  });

  it('quotes nothing of a record that is refused but its event source', () => {
    const refused = refusedRecords('SQS', { eventSource: 'aws:s3', body: secret, [secret]: secret });

    expect(refused).to.include("'aws:s3'").and.not.to.include(secret);
  });

  it('reads records without a prototype', () => {
    const record: unknown = Object.assign(Object.create(null), { messageId: 'id' });

    expect(readBatch(sourceOf('SQS'), [record]).identifiers).to.deep.equal(['id']);
  });

  it('keeps records and identifiers as they were received, whatever is done to them later (3c 14)', () => {
    const event = sqsEvent('a', 'b');
    const [first, second] = event.Records;
    const batch = readBatch(sourceOf('SQS'), event.Records);
    first!.messageId = 'changed';
    event.Records.reverse();
    event.Records.length = 1;

    expect(batch.records).to.have.lengthOf(2);
    expect(batch.records[0]).to.equal(first);
    expect(batch.records[1]).to.equal(second);
    expect(batch.identifiers).to.deep.equal(['id-a', 'id-b']);
  });

  it('copies each record with its own identifier, whatever the array does when it is iterated', () => {
    const given = [sqsRecord('a'), sqsRecord('b')];
    Object.defineProperty(given, Symbol.iterator, { value: () => [given[1]][Symbol.iterator]() });
    const batch = readBatch(sourceOf('SQS'), given);

    expect(batch.identifiers).to.deep.equal(['id-a', 'id-b']);
    expect(batch.records).to.have.lengthOf(2);
    expect(batch.records[0]).to.equal(given[0]);
  });

  it('has no identifier where a record has none that Lambda could know (3c 14)', () => {
    for (const messageId of [undefined, null, '', 7, {}, ['id']]) {
      expect(readBatch(sourceOf('SQS'), [{ body: 'a', messageId }]).identifiers).to.deep.equal([undefined]);
    }
    const numeric = { kinesis: { sequenceNumber: 49590338271490256608 } };
    expect(readBatch(sourceOf('KinesisDataStreams'), [numeric]).identifiers).to.deep.equal([undefined]);
    expect(readBatch(sourceOf('DynamoDBStreams'), [{ dynamodb: {} }]).identifiers).to.deep.equal([undefined]);
  });

  it('keeps identifiers that occur twice (3c 28)', () => {
    expect(readBatch(sourceOf('SQS'), [sqsRecord('a'), sqsRecord('a')]).identifiers).to.deep.equal(['id-a', 'id-a']);
  });

  it('reads long batches', () => {
    const long = Array.from({ length: 200_000 }, (_, index) => ({ messageId: String(index) }));
    const { identifiers } = readBatch(sourceOf('SQS'), long);

    expect(identifiers).to.have.lengthOf(200_000);
    expect(identifiers.at(-1)).to.equal('199999');
  });
});
