import { expect } from 'chai';

import { BatchProcessingError, StoppedBeforeTimeoutError } from '../../lib';
import { ConsumerStoppedError } from '../../lib/sqs-consumer';

describe('ConsumerStoppedError', () => {
  it('is one of those of a deadline, and says which', () => {
    const error = new ConsumerStoppedError(20);

    expect(error).to.be.an.instanceOf(StoppedBeforeTimeoutError).and.an.instanceOf(BatchProcessingError);
    expect(error.name).to.equal('ConsumerStoppedError');
    expect(error.message).to.equal(
      'Not finished 20 s after the consumer was told to stop, when its grace period was over.',
    );
    expect(Object.keys(error)).to.deep.equal([]);
  });

  it('is told from others of a deadline', () => {
    expect(new StoppedBeforeTimeoutError(1)).not.to.be.an.instanceOf(ConsumerStoppedError);
  });
});
