import { expect } from 'chai';

import {
  BatchProcessingError,
  FullBatchFailureError,
  NonRetryableError,
  ParsingError,
  RecordTimeoutError,
  StopBatchError,
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  StoppedBeforeTimeoutError,
  UnexpectedBatchTypeError,
  UnprocessedRecordError,
} from '../../lib/errors';
import type * as errors from '../../lib/errors';
import { anotherCopyOf } from '../support/another-copy';
import { revokedProxy } from '../support/engine';
import { parseError, secret } from '../support/payload';

const throwing = () => {
  throw new Error('hostile');
};

describe('The errors', () => {
  const cause = new Error('underneath');

  for (const [error, Base, name] of [
    [new BatchProcessingError('it failed', { cause }), Error, 'BatchProcessingError'],
    [new UnprocessedRecordError({ cause }), BatchProcessingError, 'UnprocessedRecordError'],
    [new SqsFifoShortCircuitError({ cause }), UnprocessedRecordError, 'SqsFifoShortCircuitError'],
    [
      new SqsFifoMessageGroupShortCircuitError({ cause }),
      UnprocessedRecordError,
      'SqsFifoMessageGroupShortCircuitError',
    ],
    [new UnexpectedBatchTypeError('wrong', { cause }), BatchProcessingError, 'UnexpectedBatchTypeError'],
    [new FullBatchFailureError([cause]), BatchProcessingError, 'FullBatchFailureError'],
  ] as const) {
    it(`include ${name}, with its name, base and cause`, () => {
      expect(error).to.be.an.instanceOf(Base).and.an.instanceOf(BatchProcessingError);
      expect(error.name).to.equal(name);
      expect(error.cause).to.equal(cause);
      expect(error.stack).to.match(new RegExp(`^${name}: `));
      expect(error.message).not.to.equal('');
      expect(Object.keys(error)).to.deep.equal([]);
    });
  }

  it('include StoppedBeforeTimeoutError, which names the reserve', () => {
    const error = new StoppedBeforeTimeoutError(1_500);

    expect(error).to.be.an.instanceOf(BatchProcessingError);
    expect(error.name).to.equal('StoppedBeforeTimeoutError');
    expect(error.message).to.include('1500 ms');
  });

  it('include StoppedBeforeTimeoutError, which names a reserve that leaves no time', () => {
    expect(new StoppedBeforeTimeoutError(3_000, 2_990).message).to.equal(
      "stopBeforeTimeout (3000 ms) leaves no record any time: the batch began 2990 ms before the function's timeout.",
    );
  });

  it('include RecordTimeoutError, which names the time, and StopBatchError', () => {
    expect(new RecordTimeoutError(250)).to.be.an.instanceOf(BatchProcessingError);
    expect(new RecordTimeoutError(250)).to.deep.include({
      name: 'RecordTimeoutError',
      message: 'Not finished within the 250 ms of recordTimeout.',
    });
    expect(new StopBatchError('The bank is away.', { cause })).to.be.an.instanceOf(BatchProcessingError);
    expect(new StopBatchError('The bank is away.', { cause })).to.deep.include({ name: 'StopBatchError', cause });
  });

  it('can be made without arguments where the class API has them so', () => {
    for (const error of [
      new UnprocessedRecordError(),
      new SqsFifoShortCircuitError(),
      new SqsFifoMessageGroupShortCircuitError(),
      new UnexpectedBatchTypeError(),
      new FullBatchFailureError(),
    ]) {
      expect(error.message).to.match(/\.$/);
      expect(error.cause).to.be.undefined;
    }
  });

  it('say what was not run, each in its own words', () => {
    const messages = [
      new UnprocessedRecordError().message,
      new UnprocessedRecordError({}, 'it is a reason of its own').message,
      new SqsFifoShortCircuitError().message,
      new SqsFifoMessageGroupShortCircuitError().message,
    ];

    for (const message of messages) expect(message).to.match(/^Not run, /);
    expect(new Set(messages)).to.have.property('size', 4);
  });
});

describe('The errors of another copy of the package', () => {
  const other = anotherCopyOf('errors') as typeof errors;

  it('are ours, each of its class and of the classes above it', () => {
    expect(new other.SqsFifoShortCircuitError())
      .to.be.an.instanceOf(SqsFifoShortCircuitError)
      .and.an.instanceOf(UnprocessedRecordError)
      .and.an.instanceOf(BatchProcessingError)
      .and.not.an.instanceOf(SqsFifoMessageGroupShortCircuitError);
    expect(new other.ParsingError()).to.be.an.instanceOf(ParsingError).and.not.an.instanceOf(NonRetryableError);
  });

  it('are ours where they are of a subclass of a user, and the other way round', () => {
    class Poison extends other.NonRetryableError {}
    class OwnPoison extends NonRetryableError {}

    expect(new Poison()).to.be.an.instanceOf(NonRetryableError).and.not.an.instanceOf(ParsingError);
    expect(new Poison()).to.be.an.instanceOf(Poison).and.not.an.instanceOf(OwnPoison);
    expect(new OwnPoison()).to.be.an.instanceOf(OwnPoison).and.not.an.instanceOf(Poison);
    expect(new other.NonRetryableError()).not.to.be.an.instanceOf(OwnPoison);
  });

  it('are told from all else', () => {
    for (const value of [undefined, null, 7, 'NonRetryableError', {}, new Error(), () => 1, { name: 'ParsingError' }]) {
      expect(value instanceof BatchProcessingError).to.be.false;
    }
  });

  it('have classes whose names no minifier changes: the runtime logs them as errorType', () => {
    for (const name of Object.keys(other)) {
      expect(other[name as keyof typeof other]).to.have.own.property('name', name);
    }
  });
});

describe('FullBatchFailureError', () => {
  const first = new TypeError('first');
  const notRun = new SqsFifoShortCircuitError({ cause: first });
  const error = new FullBatchFailureError([first, notRun, notRun]);

  it('has every original error in record order, also as AggregateError has them (3c 6)', () => {
    expect(error.recordErrors).to.deep.equal([first, notRun, notRun]);
    expect(error.recordErrors[0]).to.equal(first);
    expect(error.errors).to.equal(error.recordErrors);
    expect(error.cause).to.equal(first);
  });

  it('tells how many failed and how many were not run (3c 7)', () => {
    expect(error.message).to.include('1 failed, 2 not run');
    expect(new FullBatchFailureError([first]).message).to.include('1 failed, 0 not run');
    expect(new FullBatchFailureError([]).message).to.include('0 failed, 0 not run');
  });

  it('copies the list that it is given', () => {
    const given = [first];
    const copy = new FullBatchFailureError(given);
    given.pop();

    expect(copy.recordErrors).to.deep.equal([first]);
  });

  it('can be read through JSON.stringify (3c 6)', () => {
    expect(JSON.parse(JSON.stringify(error))).to.deep.include({
      name: 'FullBatchFailureError',
      message: error.message,
      recordErrors: [
        { name: 'TypeError', message: 'first' },
        { name: 'SqsFifoShortCircuitError', message: notRun.message },
        { name: 'SqsFifoShortCircuitError', message: notRun.message },
      ],
    });
  });

  it("has in its JSON what Lambda's runtime adds to other errors, by which alarms know them", () => {
    expect(JSON.parse(JSON.stringify(error))).to.deep.include({
      errorType: 'FullBatchFailureError',
      errorMessage: error.message,
      stack: error.stack!.split('\n'),
      stackTrace: error.stack!.split('\n'),
    });
  });

  it('names the first error in its message, and not at any length', () => {
    expect(error.message).to.match(/ The first error is TypeError: first$/);
    expect(new FullBatchFailureError([new Error('x'.repeat(1_000))]).message).to.have.length.below(400);
  });

  it('names the first errors only in its JSON: a batch can have 10,000', () => {
    const many = new FullBatchFailureError(Array.from({ length: 10_000 }, (_, index) => new Error(`no ${index}`)));

    expect((JSON.parse(JSON.stringify(many)) as { recordErrors: object[] }).recordErrors)
      .to.have.length(10)
      .and.deep.include({ name: 'Error', message: 'no 9' });
  });

  it('quotes no payload through JSON.stringify, nor in its own message', () => {
    const leaky = new FullBatchFailureError([parseError(), new Error('outer', { cause: parseError() })]);

    expect(JSON.stringify(leaky)).not.to.include(secret);
    expect(leaky.message).not.to.include(secret);
    expect(leaky.stack).not.to.include(secret);
  });

  it('shows its errors to no one who copies enumerable properties', () => {
    expect(Object.assign({}, error)).to.deep.equal({});
  });

  it('can be read through JSON.stringify whatever its errors are made of', () => {
    const hostile = [
      Object.defineProperty(new Error('cause cannot be read'), 'cause', { get: throwing }),
      Object.defineProperty(new Error('errors cannot be read'), 'errors', { get: throwing }),
      Object.defineProperty(new Error('name cannot be read'), 'name', { get: throwing }),
      Object.assign(new Error('odd name'), { name: Symbol('name') }),
      Object.assign(new SyntaxError(secret), { stack: 5 }),
      Object.assign(new Error('revoked'), { cause: revokedProxy() }),
      Object.freeze(new Error('frozen')),
    ] as Error[];
    for (const one of hostile) {
      const { recordErrors } = JSON.parse(JSON.stringify(new FullBatchFailureError([one, first]))) as {
        recordErrors: object[];
      };
      expect(recordErrors[1]).to.deep.equal({ name: 'TypeError', message: 'first' });
    }
  });
});
