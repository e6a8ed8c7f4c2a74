import { expect } from 'chai';

import { observe } from '../../lib';
import { silent } from '../../lib/batch/log';
import { planFor } from '../../lib/batch/plan';
import { settingsFor } from '../../lib/batch/settings';
import { deadLetter } from '../../lib/dead-letter';
import { partialResponses } from '../../lib/guard';
import { delayBy } from '../../lib/retry-delay';

const plan = planFor({});
const owner = {};

describe('The settings', () => {
  it('have no extensions, and throw on full failures, where no option says otherwise', () => {
    expect(settingsFor({}, plan, silent, owner)).to.deep.equal({
      plan,
      logger: silent,
      throwOnFullBatchFailure: true,
      extensions: [],
      owner,
    });
  });

  it('keep what they were given', () => {
    const settings = settingsFor({ throwOnFullBatchFailure: false }, plan, silent, owner);

    expect(settings.throwOnFullBatchFailure).to.equal(false);
    expect(settings.plan).to.equal(plan);
    expect(settings.logger).to.equal(silent);
    expect(settings.owner).to.equal(owner);
  });

  it('put dead letters around observers, in their order, whatever the order of the options', () => {
    const nonRetryable = deadLetter({ deliverTo: 'discard' });
    const observers = [observe({}), observe({})];
    const retryDelay = delayBy(() => 1);
    const guard = partialResponses();
    const { extensions } = settingsFor({ guard, retryDelay, observers, nonRetryable }, plan, silent, owner);

    expect(extensions).to.have.lengthOf(5);
    expect([...extensions]).to.deep.equal([nonRetryable, ...observers, retryDelay, guard]);
    expect(extensions[0]).to.equal(nonRetryable);
    expect(extensions[1]).to.equal(observers[0]);
    expect(extensions[2]).to.equal(observers[1]);
    expect(extensions[3]).to.equal(retryDelay);
    expect(extensions[4]).to.equal(guard);
  });

  it('leave out what is undefined', () => {
    const observer = observe({});
    const { extensions } = settingsFor(
      { nonRetryable: undefined, observers: [observer], retryDelay: undefined, guard: undefined },
      plan,
      silent,
      owner,
    );
    expect(extensions).to.have.lengthOf(1);
    expect(extensions[0]).to.equal(observer);
  });
});
