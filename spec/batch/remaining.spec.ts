import { expect } from 'chai';

import { remainingOf } from '../../lib/batch/remaining';
import { durableContext } from '../support/durable';
import { lambdaContext } from '../support/events';

describe('The time that is left', () => {
  it('is what the context of Lambda tells, asked as its method', () => {
    const context = {
      left: 1_500,
      getRemainingTimeInMillis() {
        return this.left;
      },
    };
    expect(remainingOf(context)).to.equal(1_500);
  });

  it('is what the context of Lambda tells that a durable one has', () => {
    expect(remainingOf(durableContext(lambdaContext(() => 1_500)))).to.equal(1_500);
  });

  it('is 0 where none is left', () => {
    expect(remainingOf(lambdaContext(() => 0))).to.equal(0);
  });

  for (const [what, context] of Object.entries({
    undefined: undefined,
    null: null,
    'a context without a clock': {},
    'a context whose clock throws': lambdaContext(() => {
      throw new Error('no clock');
    }),
    'a durable context without a clock': durableContext({} as never),
  })) {
    it(`is NaN with ${what}`, () => {
      expect(remainingOf(context)).to.be.NaN;
    });
  }
});
