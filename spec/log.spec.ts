import { inspect } from 'node:util';

import { expect } from 'chai';
import sinon from 'sinon';

import type { Outcome } from '../lib/engine/outcome';
import { StoppedBeforeTimeoutError, toError } from '../lib/errors';
import { type BatchLogger, isThenable, logFailure, logUnprocessed, logWarning, quietly, silent } from '../lib/log';
import { revokedProxy, unhandledRejections } from './support/engine';
import { fakeLogger } from './support/logger';

const secret = 'SECRET-4711';

const throwing = () => {
  throw new Error('hostile');
};

/** Loggers that fail in every way a logger can. */
const hostileLoggers: Record<string, () => unknown> = {
  'that throws': throwing,
  'that throws nothing': () => {
    throw undefined;
  },
  'that rejects': () => Promise.reject(new Error('hostile')),
  'that returns a thenable that rejects': () => ({
    then: (_: unknown, reject: (reason: unknown) => void) => {
      reject(new Error('hostile'));
    },
  }),
  'that returns a thenable that throws': () => ({ then: throwing }),
  'that returns a thenable that cannot be read': () => Object.defineProperty({}, 'then', { get: throwing }),
  'that returns a revoked proxy': () => revokedProxy(),
};

describe('A failure', () => {
  it('is logged once, as an error, with identifier and error (3c 27)', () => {
    const logger = fakeLogger();
    const error = new Error('out of stock');
    logFailure(logger, 'id-a', error);

    sinon.assert.calledOnceWithExactly(logger.error, 'Record id-a failed.', error);
    sinon.assert.notCalled(logger.warn);
    sinon.assert.notCalled(logger.debug);
  });

  it('is logged too where the record has no identifier', () => {
    const logger = fakeLogger();
    const error = new Error('out of stock');
    logFailure(logger, undefined, error);

    sinon.assert.calledOnceWithExactly(logger.error, 'Record (without identifier) failed.', error);
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

  for (const [what, log] of Object.entries(hostileLoggers)) {
    it(`changes nothing with a logger ${what} (3c 16)`, async () => {
      const logger: BatchLogger = { debug: log, warn: log, error: log };
      const unhandled = await unhandledRejections(async () => {
        logFailure(logger, 'id', new Error('out of stock'));
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
      "2 of 3 records were not run, because the function's timeout was near; they are reported as failed.",
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

describe('quietly', () => {
  it('gives what the observer returns, also a promise', async () => {
    const promise = Promise.resolve('later');

    expect(quietly(() => 'now')).to.equal('now');
    expect(quietly(() => promise)).to.equal(promise);
    expect(await quietly(() => promise)).to.equal('later');
  });

  for (const [what, observe] of Object.entries(hostileLoggers)) {
    it(`survives an observer ${what} (3c 16)`, async () => {
      const unhandled = await unhandledRejections(async () => {
        void quietly(observe);
      });

      expect(unhandled).to.be.empty;
    });
  }
});

describe('isThenable', () => {
  it('knows promises, and objects and functions that have a then', () => {
    const callable = Object.assign(() => undefined, { then: () => undefined });

    for (const value of [Promise.resolve(), { then: () => undefined }, callable]) {
      expect(isThenable(value)).to.be.true;
    }
  });

  it('knows that other values are none', () => {
    for (const value of [undefined, null, 0, 'then', Symbol('then'), {}, { then: 'soon' }, () => undefined, []]) {
      expect(isThenable(value)).to.be.false;
    }
    expect(isThenable(Object.create(null))).to.be.false;
  });
});
