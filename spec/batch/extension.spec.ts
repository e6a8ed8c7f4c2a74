import { expect } from 'chai';

import { observe } from '../../lib';
import { extension } from '../../lib/batch/extend';
import { isExtension } from '../../lib/batch/extension';
import { deadLetter } from '../../lib/dead-letter';
import { partialResponses } from '../../lib/guard';
import { delayBy, exponentialBackoff } from '../../lib/retry-delay';

describe('isExtension', () => {
  const made = {
    nonRetryable: [deadLetter({ deliverTo: 'discard' }), extension('nonRetryable', () => ({}))],
    retryDelay: [delayBy(() => 1), exponentialBackoff({ base: 1, max: 2 })],
    observers: [observe({}), extension('observers', () => ({}))],
    guard: [partialResponses(), extension('guard', () => ({}))],
  };
  const names = ['nonRetryable', 'retryDelay', 'observers', 'guard'] as const;

  for (const name of names) {
    it(`knows what was made for ${name}, and takes it for no other option's`, () => {
      for (const value of made[name]) {
        expect(names.filter((other) => isExtension(value, other))).to.deep.equal([name]);
      }
    });
  }

  it('takes nothing else for one', () => {
    for (const value of [undefined, null, 'observers', {}, [], () => ({}), observe, { ...observe({}) }]) {
      for (const name of names) expect(isExtension(value, name)).to.be.false;
    }
  });
});
