import { expect } from 'chai';
import sinon from 'sinon';

import { Patience } from '../../lib/batch/patience';
import { Deadline } from '../../lib/engine/deadline';
import { lambdaContext } from '../support/events';
import { rejection } from '../support/promises';

describe('Patience', () => {
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    sinon.restore();
  });

  for (const [what, remaining, mostMs, expected] of [
    ['half of the time that is left', () => 600, 5_000, 300],
    ['the most that it may, where more is left', () => 60_000, 5_000, 5_000],
    ['a moment, where nothing is left', () => 0, 5_000, 1],
    ['the most that it may, where the time that is left is no number', () => NaN, 5_000, 5_000],
  ] as const) {
    it(`lasts ${what}`, async () => {
      const patience = new Patience('SQS', lambdaContext(remaining), new Deadline(), mostMs);
      clock.tick(expected - 1);
      expect(patience.signal.aborted).to.equal(false);
      clock.tick(1);
      expect(patience.signal.aborted).to.equal(true);
      expect(await rejection(patience.over)).to.have.property('message', `SQS did not answer within ${expected} ms`);
      expect(patience.signal.reason).to.equal(await rejection(patience.over));
    });
  }

  for (const [what, left, expected] of [
    ['half of the time until the deadline', 200, 100],
    ['half of the time that is left, where the deadline has passed', 0, 300],
    ['the most that it may, where the deadline is far', 60_000, 5_000],
  ] as const) {
    it(`lasts ${what}`, () => {
      const deadline = new Deadline({ remaining: () => left, reserve: 0, reason: () => new Error() });
      const patience = new Patience(
        'SQS',
        lambdaContext(() => 600),
        deadline,
        5_000,
      );
      clock.tick(expected - 1);
      expect(patience.signal.aborted).to.equal(false);
      clock.tick(1);
      expect(patience.signal.aborted).to.equal(true);
    });
  }

  it('lasts for ever where nothing bounds it, or all is more than a timer takes', () => {
    new Patience('SQS', undefined, new Deadline(), Infinity);
    new Patience(
      'SQS',
      lambdaContext(() => 2 ** 33),
      new Deadline(),
      Infinity,
    );
    expect(clock.countTimers()).to.equal(0);
  });

  it('lasts half of what is left then, where the deadline is ended meanwhile', async () => {
    const performance = sinon.stub(globalThis.performance, 'now').returns(0);
    const deadline = new Deadline();
    let left = 60_000;
    const patience = new Patience(
      'SQS',
      lambdaContext(() => left),
      deadline,
      Infinity,
    );
    clock.tick(1_000);
    performance.returns(1_000);
    left = 5_000;
    deadline.end(new Error('the host stops'));
    clock.tick(2_499);
    expect(patience.signal.aborted).to.equal(false);
    clock.tick(1);
    expect(await rejection(patience.over)).to.have.property('message', 'SQS did not answer within 3500 ms');
  });

  it('is not begun anew by the end of the deadline once it is released', () => {
    const deadline = new Deadline();
    new Patience(
      'SQS',
      lambdaContext(() => 600),
      deadline,
      5_000,
    ).release();
    deadline.end(new Error('the host stops'));
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no timer once it is released', () => {
    const patience = new Patience(
      'SQS',
      lambdaContext(() => 600),
      new Deadline(),
      5_000,
    );
    patience.release();
    clock.tick(600);
    expect(patience.signal.aborted).to.equal(false);
    expect(clock.countTimers()).to.equal(0);
  });
});
