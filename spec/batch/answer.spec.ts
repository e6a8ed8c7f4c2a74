import { expect } from 'chai';

import { answerOf, checkedAnswer, errorsOf, isFullFailure, orderingMismatch } from '../../lib/batch/answer';
import { type Batch, readBatch } from '../../lib/batch/batch';
import type { Outcome } from '../../lib/engine/outcome';
import {
  BatchProcessingError,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  StoppedBeforeTimeoutError,
  UnprocessedRecordError,
} from '../../lib/errors';
import { planFor } from '../../lib/batch/plan';
import { sourceOf } from '../../lib/sources';
import { dynamodbRecord, fifoRecord, kinesisRecord, reporting, sqsRecord } from '../support/events';

const broken = new Error('broken');
const success: Outcome = { status: 'success' };
const failure: Outcome = { status: 'failure', error: broken };
const unprocessed: Outcome = { status: 'unprocessed', cause: broken };

const batchOf = (...bodies: string[]): Batch =>
  readBatch(
    sourceOf('SQS'),
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
    const batch = readBatch(sourceOf('SQS'), [record]);
    record.messageId = 'changed';

    expect(answerOf(batch, [failure])).to.deep.equal(reporting('a'));
  });

  it('reports sequence numbers as the strings they are (3c 11)', () => {
    const record = kinesisRecord('a', 1);

    expect(answerOf(readBatch(sourceOf('KinesisDataStreams'), [record]), [failure])).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }],
    });
  });

  it('is an error where a record to report has no identifier (3c 12, 3c 14)', () => {
    const nameless = [sqsRecord('a'), { body: 'b' }, { body: 'c', messageId: '' }, { body: 'd', messageId: null }];
    const batch = readBatch(sourceOf('SQS'), nameless);

    expect(() => answerOf(batch, [success, failure, unprocessed, failure]))
      .to.throw(BatchProcessingError, /without an identifier.*\(index 1, 2, 3\).*whole batch/)
      .with.property('cause', broken);
    const change = readBatch(sourceOf('DynamoDBStreams'), [{ eventSource: 'aws:dynamodb', dynamodb: {} }]);
    expect(() => answerOf(change, [failure])).to.throw(BatchProcessingError, /index 0/);
  });

  it('names as cause the error of a record that cannot be reported', () => {
    const batch = readBatch(sourceOf('SQS'), [sqsRecord('a'), { body: 'b' }]);
    const other = new Error('of the record without identifier');

    expect(() => answerOf(batch, [failure, { status: 'failure', error: other }]))
      .to.throw(BatchProcessingError)
      .with.property('cause', other);
  });

  it('is an error too where the record without identifier was only not run', () => {
    const batch = readBatch(sourceOf('SQS'), [{ body: 'a' }]);

    expect(() => answerOf(batch, [unprocessed])).to.throw(BatchProcessingError, /index 0/);
  });

  it('names no more than ten records that cannot be reported', () => {
    const identifiers = new Array<undefined>(12).fill(undefined);
    const batch = { ...batchOf(...identifiers.map((_, index) => `${index}`)), identifiers };
    expect(() => answerOf(batch, new Array<Outcome>(12).fill(failure))).to.throw(
      '(index 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), so',
    );
  });

  it('names as cause what kept a record from running that cannot be reported', () => {
    const batch = { ...batchOf('a'), identifiers: [undefined] };
    expect(() => answerOf(batch, [unprocessed]))
      .to.throw(BatchProcessingError)
      .with.property('cause', broken);
  });

  it('has identifiers that are objects each once, by their text', () => {
    const offsets = [{ offset: 1 }, { offset: 2 }, { offset: 1 }];
    const source = {
      ...sourceOf('SQS'),
      textOf: (identifier: unknown) => `@${(identifier as { offset: number }).offset}`,
    };
    const batch = { ...batchOf('a', 'b', 'c'), source, identifiers: offsets };
    const { batchItemFailures } = answerOf(batch, [failure, failure, failure]);
    expect(batchItemFailures).to.deep.equal([{ itemIdentifier: { offset: 1 } }, { itemIdentifier: { offset: 2 } }]);
    expect(batchItemFailures[0]!.itemIdentifier).not.to.equal(offsets[0]);
  });

  it('is an error where one record failed, and nobody takes a part of a batch for done', () => {
    const batch = { ...batchOf('a', 'b'), source: { ...sourceOf('SQS'), isAllOrNothing: true } };
    expect(() => answerOf(batch, [success, failure])).to.throw(
      BatchProcessingError,
      /^SQS takes no partial answer, and records failed \(index 1\), so the whole batch is returned\.$/,
    );
    expect(answerOf(batch, [success, success])).to.deep.equal({ batchItemFailures: [] });
  });

  it('needs no identifier of a record that succeeded', () => {
    expect(answerOf(readBatch(sourceOf('SQS'), [{ body: 'a' }, sqsRecord('b')]), [success, failure])).to.deep.equal(
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

  it('say that there was no time left where that is why, in any plan (3c 18)', () => {
    const cause = new StoppedBeforeTimeoutError(1_000);
    for (const plan of [planFor({}), planFor({ fifo: true }), planFor({ fifo: true, skipGroupOnError: true })]) {
      const [error] = errorsOf([{ status: 'unprocessed', cause }], plan);

      expect(error).to.be.an.instanceOf(UnprocessedRecordError).with.property('cause', cause);
      expect(error).not.to.be.an.instanceOf(SqsFifoShortCircuitError);
      expect(error?.message).to.match(/there was no time left/);
    }
  });
});

describe('The ordering of a batch', () => {
  const fifo = readBatch(sourceOf('SQS'), [fifoRecord('a')]);

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
    const stream = readBatch(sourceOf('DynamoDBStreams'), [dynamodbRecord('a', 0)]);
    expect(orderingMismatch(stream, planFor({}))).to.be.undefined;
    expect(orderingMismatch(stream, planFor({ order: 'shard' }))).to.be.undefined;
  });
});

describe('An answer that somebody gave', () => {
  it('is taken as it is where it lists failures, were there none', () => {
    for (const answer of [reporting(), reporting('a')]) expect(checkedAnswer('handle', answer)).to.equal(answer);
  });

  it('is an error where it lists none, since that would be complete success to Lambda', () => {
    const received: [answer: unknown, what: string][] = [
      [undefined, 'undefined'],
      [null, 'null'],
      [{}, 'an object'],
      [{ batchItemFailures: 'a' }, 'an object'],
      [[], 'an array'],
    ];
    for (const [answer, what] of received) {
      expect(() => checkedAnswer('handle', answer))
        .to.throw(BatchProcessingError)
        .with.property(
          'message',
          `handle: expected the answer { batchItemFailures: [...] } to be returned, received ${what}.`,
        );
    }
  });
});
