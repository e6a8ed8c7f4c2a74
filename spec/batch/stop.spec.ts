import { expect } from 'chai';

import { stopOf } from '../../lib/batch/stop';
import { StopBatchError, StoppedBeforeTimeoutError } from '../../lib/errors';

describe('Why a record was not run', () => {
  it('is told by the error that kept it from running', () => {
    expect(stopOf(new StoppedBeforeTimeoutError(1_000))).to.equal('timeout');
    expect(stopOf(new StopBatchError('The bank is away.'))).to.equal('stop-batch');
    expect(stopOf(new Error('no'))).to.equal('failure');
  });
});
