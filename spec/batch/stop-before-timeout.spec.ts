import { expect } from 'chai';
import sinon from 'sinon';

import { StoppedBeforeTimeoutError } from '../../lib/errors';
import { deadlineFor } from '../../lib/batch/stop-before-timeout';
import { lambdaContext } from '../support/events';

describe('stopBeforeTimeout', () => {
  it('makes no deadline where it is off, and asks the context nothing (3c 18)', () => {
    const remaining = sinon.stub().returns(0);

    expect(deadlineFor(undefined, lambdaContext(remaining)).reached()).to.be.false;
    expect(deadlineFor(undefined, undefined).reached()).to.be.false;
    sinon.assert.notCalled(remaining);
  });

  it('makes a deadline that is reached when only the reserve is left (3c 18)', () => {
    let left = 1_001;
    const deadline = deadlineFor(
      1_000,
      lambdaContext(() => left),
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
      ).reached(),
    ).to.be.true;
    expect(
      deadlineFor(
        1_000,
        lambdaContext(() => -5),
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

    expect(deadlineFor(1_000, context).reached()).to.be.true;
  });

  it('gives StoppedBeforeTimeoutError as reason, with the reserve in its message', () => {
    const reason = deadlineFor(1_500, lambdaContext()).reason();

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
      expect(() => deadlineFor(1_000, context)).to.throw(TypeError, /getRemainingTimeInMillis.*\{ context \}/);
    });
  }

  it('is reached where the context can tell the time no longer', () => {
    let tell = (): number => 5_000;
    const deadline = deadlineFor(
      1_000,
      lambdaContext(() => tell()),
    );
    expect(deadline.reached()).to.be.false;

    tell = () => {
      throw new Error('no clock');
    };
    expect(deadline.reached()).to.be.true;
  });
});
