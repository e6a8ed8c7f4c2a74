import { expect } from 'chai';

import { kafka } from '../../lib/kafka';
import { pipe } from '../../lib/pipes';
import { isRow, sourceOf } from '../../lib/sources';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';
import { ledger } from '../support/made-up-source';

describe('pipe()', () => {
  it('makes a row that is its source but for the name, the event and what a pipe knows records by', () => {
    for (const name of ['SQS', 'KinesisDataStreams', 'DynamoDBStreams'] as const) {
      const row = pipe(name);
      const { records: _records, name: _name, itemIdentifier: _identifier, ...same } = sourceOf(name);
      expect(isRow(row)).to.equal(true);
      expect(row).to.include({ ...same, name: `pipe(${name})` });
    }
  });

  it('knows messages by messageId, and records of streams by eventID', () => {
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html, eb-pipes-dynamodb.html
    expect(pipe('SQS').itemIdentifier(sqsRecord('a'))).to.equal('id-a');
    expect(pipe('DynamoDBStreams').itemIdentifier(dynamodbRecord('a', 0))).to.equal('event-a');
    expect(pipe('KinesisDataStreams').itemIdentifier(kinesisRecord('a', 0))).to.match(/^shardId-000000000000:/);
  });

  it('takes records as they are, and nests those of Kinesis without changing what was sent', () => {
    const sent = [sqsRecord('a')];
    expect(pipe('SQS').records(sent)).to.equal(sent);
    const { kinesis, ...rest } = kinesisRecord('a', 0);
    const flat = [{ ...kinesis, ...rest }];
    const before = structuredClone(flat);
    expect(pipe('KinesisDataStreams').records(flat)).to.deep.equal([kinesisRecord('a', 0)]);
    expect(flat).to.deep.equal(before);
  });

  it('leaves to who reads the batch what is no record', () => {
    const odd = [null, 'text', { id: 1 }, kinesisRecord('a', 0)];
    expect(pipe('KinesisDataStreams').records(odd as never)).to.deep.equal(odd);
  });

  it('is all or nothing for any other row, whose records keep their identifier for the log', () => {
    for (const row of [kafka, ledger]) {
      expect(pipe(row)).to.include({ isAllOrNothing: true, name: `pipe(${row.name})`, eventSource: undefined });
      expect(pipe(row).itemIdentifier).to.equal(row.itemIdentifier);
    }
    expect(pipe('SQS').isAllOrNothing).to.equal(undefined);
  });

  it('is of a source, and not of a pipe', () => {
    for (const source of ['SQS', 'KinesisDataStreams', kafka] as const) {
      expect(() => pipe(pipe(source))).to.throw(TypeError, 'pipe(): expected one of SQS');
    }
  });
});
