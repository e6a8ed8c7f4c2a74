import { expect } from 'chai';
import sinon from 'sinon';

import { StoppedBeforeTimeoutError } from '../../lib/errors';
import { silent } from '../../lib/batch/log';
import { deadlineFor } from '../../lib/batch/stop-before-timeout';
import { durableContext } from '../support/durable';
import { lambdaContext } from '../support/events';
import { fakeLogger } from '../support/logger';

describe('stopBeforeTimeout', () => {
  it('makes no deadline where it is off, and asks the context nothing (3c 18)', () => {
    const remaining = sinon.stub().returns(0);

    expect(deadlineFor(undefined, lambdaContext(remaining), silent).reached()).to.be.false;
    expect(deadlineFor(undefined, undefined, silent).reached()).to.be.false;
    sinon.assert.notCalled(remaining);
  });

  it('makes a deadline that is reached when only the reserve is left (3c 18)', () => {
    let left = 1_001;
    const deadline = deadlineFor(
      1_000,
      lambdaContext(() => left),
      silent,
    );

    expect(deadline.reached()).to.be.false;
    left = 1_000;
    expect(deadline.reached()).to.be.true;
  });

  it('is reached at once where the time is over already', () => {
    expect(
      deadlineFor(
        1_000,
        lambdaContext(() => 0),
        silent,
      ).reached(),
    ).to.be.true;
    expect(
      deadlineFor(
        1_000,
        lambdaContext(() => -5),
        silent,
      ).reached(),
    ).to.be.true;
  });

  it('asks the context as its method, which may need `this`', () => {
    const context = {
      left: 500,
      getRemainingTimeInMillis() {
        return this.left;
      },
    };

    expect(deadlineFor(1_000, context, silent).reached()).to.be.true;
  });

  it('goes by the context of Lambda in a durable function', () => {
    let left = 1_001;
    const deadline = deadlineFor(1_000, durableContext(lambdaContext(() => left)), silent);

    expect(deadline.reached()).to.be.false;
    left = 1_000;
    expect(deadline.reached()).to.be.true;
  });

  it('is told of as what it is where it leaves no record any time, and only there', () => {
    const logger = fakeLogger();
    const message =
      "stopBeforeTimeout (3000 ms) leaves no record any time: the batch began 2990 ms before the function's timeout.";
    const deadline = deadlineFor(
      3_000,
      lambdaContext(() => 2_990),
      logger,
    );
    deadlineFor(
      3_000,
      lambdaContext(() => 3_001),
      logger,
    );

    sinon.assert.calledOnceWithExactly(logger.warn, message);
    expect(deadline.reason().message).to.equal(message);
  });

  it('gives StoppedBeforeTimeoutError as reason, with the reserve in its message', () => {
    const reason = deadlineFor(1_500, lambdaContext(), silent).reason();

    expect(reason).to.be.an.instanceOf(StoppedBeforeTimeoutError);
    expect(reason.message).to.include('1500 ms before');
  });

  for (const [what, context] of Object.entries({
    undefined: undefined,
    null: null,
    'an empty object': {},
    'a text': 'context',
    'an object with a number in its place': { getRemainingTimeInMillis: 3_000 },
    'one that tells nothing': { getRemainingTimeInMillis: () => undefined },
    'one that tells NaN': { getRemainingTimeInMillis: () => Number.NaN },
    'one that throws': {
      getRemainingTimeInMillis: () => {
        throw new Error('no clock');
      },
    },
  })) {
    it(`refuses ${what} for a context, before any record runs (3c 18)`, () => {
      expect(() => deadlineFor(1_000, context, silent)).to.throw(TypeError, /getRemainingTimeInMillis.*\{ context \}/);
    });
  }

  it('is reached where the context can tell the time no longer', () => {
    let tell = (): number => 5_000;
    const deadline = deadlineFor(
      1_000,
      lambdaContext(() => tell()),
      silent,
    );
    expect(deadline.reached()).to.be.false;

    tell = () => {
      throw new Error('no clock');
    };
    expect(deadline.reached()).to.be.true;
  });
});
