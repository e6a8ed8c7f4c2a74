import { expect } from 'chai';

import { BatchProcessingError, BatchProcessor, UnexpectedBatchTypeError } from '../../lib';
import { Invocation } from '../../lib/processors/invocation';
import type { Runnable } from '../../lib/processors/runnable';
import { batchOf, responseOf, resultOf } from '../../lib/processors/response';
import { reporting, sqsEvent, sqsRecord } from '../support/events';
import { failing } from '../support/processors';

const processor = () => new BatchProcessor('SQS');
const invocationOf = (...bodies: string[]) => new Invocation(sqsEvent(...bodies).Records, failing(), undefined);

describe('responseOf', () => {
  it('reports what is not in the list of successes, for a process() that fills no other', () => {
    const invocation = invocationOf('a', 'b', 'c');
    invocation.successMessages = [invocation.records[1] as never];
    expect(responseOf(processor(), invocation)).to.deep.equal(reporting('a', 'c'));
  });

  it('is an error before there is anything to report', () => {
    const running = invocationOf('a');
    running.successMessages = [running.records[0] as never];
    running.running = true;
    const unregistered = new Invocation([], failing(), undefined, false);
    for (const invocation of [invocationOf('a'), running, unregistered]) {
      expect(() => responseOf(processor(), invocation)).to.throw(BatchProcessingError, 'nothing to report yet');
    }
  });

  it('is empty for a batch without records', () => {
    expect(responseOf(processor(), invocationOf())).to.deep.equal(reporting());
  });

  it('is a fresh object each time', () => {
    const invocation = invocationOf();
    expect(responseOf(processor(), invocation)).not.to.equal(responseOf(processor(), invocation));
  });
});

describe('resultOf', () => {
  it('has what hooks have told the failure hook of since, and keeps the result as it was', () => {
    const invocation = invocationOf('a', 'b');
    const batch = batchOf(processor(), invocation.records);
    const outcomes = [{ status: 'success' }, { status: 'success' }] as const;
    invocation.result = { batch, outcomes, failures: 0 };
    expect(resultOf(processor(), invocation)).to.equal(invocation.result);

    const errors = [new Error('after all'), new Error('from elsewhere')];
    Object.assign(invocation, { errors, failureMessages: [invocation.records[1], sqsRecord('x')] });
    const { outcomes: changed, batch: larger, failures } = resultOf(processor(), invocation);
    expect(changed).to.deep.equal([
      { status: 'success' },
      { status: 'failure', error: errors[0] },
      { status: 'failure', error: errors[1] },
    ]);
    expect(larger.identifiers).to.deep.equal(['id-a', 'id-b', 'id-x']);
    expect(failures).to.equal(2);
    expect(invocation.result).to.deep.equal({ batch, outcomes, failures: 0 });
  });
});

describe('batchOf', () => {
  it('is a copy of the records, with their identifiers', () => {
    const { Records } = sqsEvent('a', 'b');
    const { records, identifiers, source } = batchOf(processor(), Records);
    expect(records).to.deep.equal(Records);
    expect(records).not.to.equal(Records);
    expect(identifiers).to.deep.equal(['id-a', 'id-b']);
    expect(source.name).to.equal('SQS');
  });

  it('has nothing to report by, and one lane, where nobody knows the source', () => {
    const sourceless = { '~source': undefined } as Runnable;
    const strangers = [{ id: 1 }, null];
    const { records, identifiers, source } = batchOf(sourceless, strangers);
    expect(records).to.deep.equal(strangers);
    expect(identifiers).to.deep.equal([undefined, undefined]);
    for (const record of strangers) {
      expect(source.hasShape(record)).to.equal(true);
      expect(source.itemIdentifier(record)).to.equal(undefined);
      expect(source.orderingKey(record)).to.equal(undefined);
    }
  });

  for (const records of [undefined, null, 'records', { 0: sqsRecord('a'), length: 1 }]) {
    it(`is refused where ${records === undefined ? 'nothing' : JSON.stringify(records).slice(0, 20)} is registered`, () => {
      expect(() => batchOf(processor(), records)).to.throw(UnexpectedBatchTypeError, 'Expected an array of records');
    });
  }
});
