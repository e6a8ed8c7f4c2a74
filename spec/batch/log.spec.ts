import { inspect } from 'node:util';

import { expect } from 'chai';
import sinon from 'sinon';

import type { Outcome } from '../../lib/engine/outcome';
import { StoppedBeforeTimeoutError } from '../../lib/errors';
import { toError } from '../../lib/errors/to-error';
import { type BatchLogger, FailureLog, logUnprocessed, logWarning, silent } from '../../lib/batch/log';
import { unhandledRejections } from '../support/engine';
import { hostileCalls } from '../support/hostile';
import { fakeLogger } from '../support/logger';

const secret = 'SECRET-4711';

const throwing = () => {
  throw new Error('hostile');
};

/** Logs one failure, as a batch with one record does. */
function logFailure(logger: BatchLogger, itemIdentifier: string | undefined, error: Error, receiveCount?: number) {
  const log = new FailureLog(logger);
  log.add({ itemIdentifier, receiveCount }, error);
  log.end();
}

describe('A failure', () => {
  it('is logged once, as an error, with identifier and error (3c 27)', () => {
    const logger = fakeLogger();
    const error = new Error('out of stock');
    logFailure(logger, 'id-a', error);

    sinon.assert.calledOnceWithExactly(
      logger.error,
      'Record id-a failed.',
      sinon.match({ message: 'out of stock', stack: error.stack }),
    );
    sinon.assert.notCalled(logger.warn);
    sinon.assert.notCalled(logger.debug);
  });

  it('is logged with how often the record was received, where that is counted', () => {
    const logger = fakeLogger();
    const error = new Error('out of stock', { cause: new Error('no link') });
    logFailure(logger, 'id-a', error, 3);

    sinon.assert.calledOnceWithExactly(
      logger.error,
      'Record id-a failed (receive 3).',
      sinon.match({ cause: { message: 'no link' } }),
    );
  });

  it('is logged too where the record has no identifier', () => {
    const logger = fakeLogger();
    const error = new Error('out of stock');
    logFailure(logger, undefined, error);

    sinon.assert.calledOnceWithExactly(
      logger.error,
      'Record (without identifier) failed.',
      sinon.match({ message: 'out of stock' }),
    );
  });

  /** All that a log line shows of what a record threw. */
  const lineOf = (thrown: unknown) => {
    const logger = fakeLogger();
    logFailure(logger, 'id', toError(thrown));
    sinon.assert.calledOnce(logger.error);
    return logger.error.firstCall.args.map((part) => inspect(part, { depth: null })).join(' ');
  };

  it('is logged without what JSON.parse quotes of the body (3c 27)', () => {
    let error: unknown;
    try {
      JSON.parse(secret);
    } catch (thrown) {
      error = thrown;
    }

    expect(lineOf(error)).not.to.include(secret);
    expect(lineOf(new Error('outer', { cause: error }))).not.to.include(secret);
  });

  it('is logged without the body where the record itself was thrown (3c 27)', () => {
    expect(lineOf({ messageId: 'id', body: secret })).not.to.include(secret);
  });

  it('is logged whatever its error is made of (3c 27)', () => {
    for (const property of ['cause', 'errors']) {
      expect(lineOf(Object.defineProperty(new Error('odd'), property, { get: throwing }))).to.include('odd');
    }
    expect(lineOf(new Proxy(new Error('proxied'), {}))).to.include('proxied');
  });

  for (const [what, log] of Object.entries(hostileCalls)) {
    it(`changes nothing with a logger ${what} (3c 16)`, async () => {
      const logger: BatchLogger = { debug: log, warn: log, error: log };
      const unhandled = await unhandledRejections(async () => {
        logFailure(logger, 'id', new Error('out of stock'));
        const log = new FailureLog(logger);
        for (const itemIdentifier of ['a', 'b']) log.add({ itemIdentifier, receiveCount: 1 }, new Error('same'));
        log.end();
        logWarning(logger, 'careful');
        logUnprocessed(logger, [{ status: 'unprocessed', cause: new Error('out of stock') }]);
      });

      expect(unhandled).to.be.empty;
    });
  }

  it('keeps the `this` of the logger', () => {
    const lines: unknown[] = [];
    class Logger {
      readonly #lines = lines;
      debug(): void {
        this.#lines.push('debug');
      }
      warn(message: unknown): void {
        this.#lines.push(message);
      }
      error(message: unknown): void {
        this.#lines.push(message);
      }
    }
    logFailure(new Logger(), 'id', new Error());
    logWarning(new Logger(), 'careful');

    expect(lines).to.deep.equal(['Record id failed.', 'careful']);
  });
});

describe('Failures of one batch', () => {
  const failuresOf = (count: number, errorOf: (index: number) => Error) => {
    const logger = fakeLogger();
    const log = new FailureLog(logger);
    for (let index = 0; index < count; index++) {
      log.add({ itemIdentifier: `id-${index}`, receiveCount: 1 }, errorOf(index));
    }
    log.end();
    return logger.error.args.map(([line]) => line);
  };

  it('are logged one by one where their errors differ', () => {
    expect(failuresOf(3, (index) => new Error(`error ${index}`))).to.deep.equal([
      'Record id-0 failed (receive 1).',
      'Record id-1 failed (receive 1).',
      'Record id-2 failed (receive 1).',
    ]);
  });

  it('are told apart by the name of the error, not by its message alone', () => {
    expect(failuresOf(2, (index) => (index === 0 ? new TypeError('same') : new RangeError('same')))).to.have.length(2);
  });

  it('are counted where their errors are the same', () => {
    expect(failuresOf(4, (index) => new Error(index === 1 ? 'other' : 'same'))).to.deep.equal([
      'Record id-0 failed (receive 1).',
      'Record id-1 failed (receive 1).',
      '2 more failed with the error of record id-0: id-2, id-3.',
    ]);
  });

  it('are two lines where 10,000 have the same error, which name ten of the others', () => {
    const names = Array.from({ length: 10 }, (_, index) => `id-${index + 1}`).join(', ');

    expect(failuresOf(10_000, () => new Error('same'))).to.deep.equal([
      'Record id-0 failed (receive 1).',
      `9999 more failed with the error of record id-0: ${names} and others.`,
    ]);
  });

  it('have a line each up to the fiftieth, and the others are counted by name, with the first identifiers', () => {
    const failures = failuresOf(10_000, (index) => new (index % 2 === 0 ? RangeError : TypeError)(`no item ${index}`));

    expect(failures).to.have.length(52);
    expect(failures[49]).to.equal('Record id-49 failed (receive 1).');
    expect(failures[50]).to.match(
      /^4975 more failed with other errors \(RangeError\): id-50, id-52, .*, id-68 and others\.$/,
    );
    expect(failures[51]).to.match(/^4975 more failed with other errors \(TypeError\): id-51, .* and others\.$/);
  });

  it('are counted with the error that they repeat, also behind the fiftieth line', () => {
    const failures = failuresOf(62, (index) => new Error(`no item ${Math.min(index, 60) % 60}`));

    expect(failures.slice(50)).to.deep.equal([
      '2 more failed with the error of record id-0: id-60, id-61.',
      '10 more failed with other errors (Error): id-50, id-51, id-52, id-53, id-54, id-55, id-56, id-57, id-58, id-59.',
    ]);
  });

  it('name exactly ten others and say nothing of more', () => {
    expect(failuresOf(11, () => new Error('same'))[1]).to.match(/^10 more .* id-9, id-10\.$/);
  });

  it('are logged even where the name of an error is no string', () => {
    const odd = Object.assign(new Error('odd'), { name: Symbol('odd') as unknown as string });

    expect(failuresOf(1, () => odd)).to.deep.equal(['Record id-0 failed (receive 1).']);
  });

  it('cost nothing where nobody listens', () => {
    const receiveCount = sinon.stub().returns(1);
    const delivery = Object.defineProperty({ itemIdentifier: 'id', receiveCount: 1 }, 'receiveCount', {
      get: receiveCount,
    });
    const log = new FailureLog(silent);
    log.add(delivery, new Error('failed'));
    log.end();

    sinon.assert.notCalled(receiveCount);
  });
});

describe('Records that were not run', () => {
  const success: Outcome = { status: 'success' };
  const failure: Outcome = { status: 'failure', error: new Error('broken') };
  const unprocessed: Outcome = { status: 'unprocessed', cause: new Error('broken') };

  it('are counted in one line, as a warning, with no error (3c 27)', () => {
    const logger = fakeLogger();
    logUnprocessed(logger, [success, failure, unprocessed, unprocessed]);

    sinon.assert.calledOnceWithExactly(
      logger.warn,
      '2 of 4 records were not run, because an earlier one failed; they are reported as failed.',
    );
    sinon.assert.notCalled(logger.error);
  });

  it('make no line where there are none', () => {
    const logger = fakeLogger();
    logUnprocessed(logger, []);
    logUnprocessed(logger, [success, failure]);

    sinon.assert.notCalled(logger.warn);
    sinon.assert.notCalled(logger.error);
  });

  it('are said to have met the timeout where that is why (3c 18)', () => {
    const logger = fakeLogger();
    const late: Outcome = { status: 'unprocessed', cause: new StoppedBeforeTimeoutError(1_000) };
    logUnprocessed(logger, [success, late, late]);

    sinon.assert.calledOnceWithExactly(
      logger.warn,
      '2 of 3 records were not run, because there was no time left; they are reported as failed.',
    );
  });
});

describe('A warning', () => {
  it('is one line', () => {
    const logger = fakeLogger();
    logWarning(logger, 'careful');

    sinon.assert.calledOnceWithExactly(logger.warn, 'careful');
  });
});

describe('The silent logger', () => {
  it('takes every line and says nothing', () => {
    expect(silent.debug('a')).to.be.undefined;
    expect(silent.warn('a')).to.be.undefined;
    expect(silent.error('a')).to.be.undefined;
  });
});
