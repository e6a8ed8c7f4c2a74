import { expect } from 'chai';

import { answerOf, errorsOf, isFullFailure, orderingMismatch } from '../lib/answer';
import { type Batch, readBatch } from '../lib/batch';
import type { Outcome } from '../lib/engine/outcome';
import {
  BatchProcessingError,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  StoppedBeforeTimeoutError,
  UnprocessedRecordError,
} from '../lib/errors';
import { planFor } from '../lib/plan';
import { dynamodbRecord, fifoRecord, kinesisRecord, reporting, sqsRecord } from './support/events';

const broken = new Error('broken');
const success: Outcome = { status: 'success' };
const failure: Outcome = { status: 'failure', error: broken };
const unprocessed: Outcome = { status: 'unprocessed', cause: broken };

const batchOf = (...bodies: string[]): Batch =>
  readBatch(
    'SQS',
    bodies.map((body) => sqsRecord(body)),
  );

describe('The answer', () => {
  it('reports all records that did not succeed, in record order (3c 1)', () => {
    const answer = answerOf(batchOf('a', 'b', 'c', 'd'), [failure, success, unprocessed, failure]);

    expect(answer).to.deep.equal(reporting('a', 'c', 'd'));
  });

  it('is an empty list for an empty batch and for one that succeeded', () => {
    expect(answerOf(batchOf(), [])).to.deep.equal({ batchItemFailures: [] });
    expect(answerOf(batchOf('a'), [success])).to.deep.equal({ batchItemFailures: [] });
  });

  it('is a fresh object each time (3c 3)', () => {
    const batch = batchOf('a');
    const first = answerOf(batch, [success]);
    first.batchItemFailures.push({ itemIdentifier: 'phantom' });

    expect(answerOf(batch, [success])).to.deep.equal({ batchItemFailures: [] });
    expect(answerOf(batch, [failure])).to.deep.equal(reporting('a'));
  });

  it('has the identifiers from before user code ran (3c 14)', () => {
    const record = sqsRecord('a');
    const batch = readBatch('SQS', [record]);
    record.messageId = 'changed';

    expect(answerOf(batch, [failure])).to.deep.equal(reporting('a'));
  });

  it('reports sequence numbers as the strings they are (3c 11)', () => {
    const record = kinesisRecord('a', 1);

    expect(answerOf(readBatch('KinesisDataStreams', [record]), [failure])).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }],
    });
  });

  it('is an error where a record to report has no identifier (3c 12, 3c 14)', () => {
    const nameless = [sqsRecord('a'), { body: 'b' }, { body: 'c', messageId: '' }, { body: 'd', messageId: null }];
    const batch = readBatch('SQS', nameless);

    expect(() => answerOf(batch, [success, failure, unprocessed, failure]))
      .to.throw(BatchProcessingError, /without an identifier.*\(index 1, 2, 3\).*whole batch/)
      .with.property('cause', broken);
    const change = readBatch('DynamoDBStreams', [{ eventSource: 'aws:dynamodb', dynamodb: {} }]);
    expect(() => answerOf(change, [failure])).to.throw(BatchProcessingError, /index 0/);
  });

  it('names as cause the error of a record that cannot be reported', () => {
    const batch = readBatch('SQS', [sqsRecord('a'), { body: 'b' }]);
    const other = new Error('of the record without identifier');

    expect(() => answerOf(batch, [failure, { status: 'failure', error: other }]))
      .to.throw(BatchProcessingError)
      .with.property('cause', other);
  });

  it('is an error too where the record without identifier was only not run', () => {
    const batch = readBatch('SQS', [{ body: 'a' }]);

    expect(() => answerOf(batch, [unprocessed])).to.throw(BatchProcessingError, /index 0/);
  });

  it('needs no identifier of a record that succeeded', () => {
    expect(answerOf(readBatch('SQS', [{ body: 'a' }, sqsRecord('b')]), [success, failure])).to.deep.equal(
      reporting('b'),
    );
  });
});

describe('A full failure', () => {
  it('is a batch with records of which none succeeded (3c 6)', () => {
    expect(isFullFailure([failure])).to.be.true;
    expect(isFullFailure([failure, unprocessed])).to.be.true;
    expect(isFullFailure([unprocessed, unprocessed])).to.be.true;
  });

  it('is no batch in which one succeeded, and no empty one', () => {
    expect(isFullFailure([failure, success, unprocessed])).to.be.false;
    expect(isFullFailure([])).to.be.false;
  });
});

describe('The errors of a batch', () => {
  it('are those of the records, by index', () => {
    const other = new Error('other');
    const errors = errorsOf([failure, success, { status: 'failure', error: other }], planFor({}));

    expect(errors).to.have.lengthOf(3);
    expect(errors[0]).to.equal(broken);
    expect(errors[1]).to.be.undefined;
    expect(errors[2]).to.equal(other);
  });

  for (const [name, plan, Unprocessed] of [
    ['a FIFO batch', planFor({ fifo: true }), SqsFifoShortCircuitError],
    ['a message group', planFor({ fifo: true, skipGroupOnError: true }), SqsFifoMessageGroupShortCircuitError],
    ['a shard', planFor({ order: 'shard' }), UnprocessedRecordError],
  ] as const) {
    it(`of what was not run in ${name} have the first failure as cause (3c 7, 3c 8)`, () => {
      const [, error] = errorsOf([failure, unprocessed], plan);

      expect(error).to.be.an.instanceOf(Unprocessed).with.property('cause', broken);
      expect(error?.name).to.equal(Unprocessed.name);
    });
  }

  it('are shared by what the same failure stopped, and apart for another', () => {
    const other = new Error('other');
    const outcomes: Outcome[] = [failure, unprocessed, unprocessed, { status: 'unprocessed', cause: other }];
    const [, second, third, fourth] = errorsOf(outcomes, planFor({ order: 'key' }));

    expect(second).to.equal(third);
    expect(fourth).not.to.equal(second);
    expect(fourth).to.have.property('cause', other);
  });

  it('say that the timeout was near where that is why, in any plan (3c 18)', () => {
    const cause = new StoppedBeforeTimeoutError(1_000);
    for (const plan of [planFor({}), planFor({ fifo: true }), planFor({ fifo: true, skipGroupOnError: true })]) {
      const [error] = errorsOf([{ status: 'unprocessed', cause }], plan);

      expect(error).to.be.an.instanceOf(UnprocessedRecordError).with.property('cause', cause);
      expect(error).not.to.be.an.instanceOf(SqsFifoShortCircuitError);
      expect(error?.message).to.match(/timeout was near/);
    }
  });
});

describe('The ordering of a batch', () => {
  const fifo = readBatch('SQS', [fifoRecord('a')]);

  it('is compared with its queue (3c 10)', () => {
    expect(orderingMismatch(fifo, planFor({}))).to.include('set fifo: true');
    expect(orderingMismatch(fifo, planFor({ processInParallel: false }))).to.include('set fifo: true');
    expect(orderingMismatch(fifo, planFor({ fifo: true }))).to.be.undefined;
    expect(orderingMismatch(fifo, planFor({ fifo: true, skipGroupOnError: true }))).to.be.undefined;
    expect(orderingMismatch(batchOf('a'), planFor({ fifo: true }))).to.include('standard queue');
    expect(orderingMismatch(batchOf('a'), planFor({}))).to.be.undefined;
  });

  it('fits an empty batch, and a stream, always', () => {
    expect(orderingMismatch(batchOf(), planFor({ fifo: true }))).to.be.undefined;
    const stream = readBatch('DynamoDBStreams', [dynamodbRecord('a', 0)]);
    expect(orderingMismatch(stream, planFor({}))).to.be.undefined;
    expect(orderingMismatch(stream, planFor({ order: 'shard' }))).to.be.undefined;
  });
});
