import { expect } from 'chai';

import { isDurable, refuseInDurable } from '../../lib/batch/durable';
import { durableContext } from '../support/durable';
import { lambdaContext } from '../support/events';

const others: Record<string, unknown> = {
  'the context of Lambda': lambdaContext(),
  'one that has another within it': { ...lambdaContext(), lambdaContext: lambdaContext() },
  undefined: undefined,
  null: null,
  'a text': 'runInChildContext',
};

describe('A durable function', () => {
  it('is known by its context', () => {
    expect(isDurable(durableContext())).to.be.true;
  });

  it('is refused what it is not for, by name', () => {
    expect(() => {
      refuseInDurable(durableContext(), 'retryDelay');
    }).to.throw(TypeError, /^retryDelay: not for durable functions, which are replayed\.$/);
  });

  for (const [what, context] of Object.entries(others)) {
    it(`is not what is called with ${what}, to which nothing is refused`, () => {
      expect(isDurable(context)).to.be.false;
      refuseInDurable(context, 'retryDelay');
    });
  }
});
