import { expect } from 'chai';

import { queueUrlOf } from '../../lib/sqs/queue-url';

describe('queueUrlOf', () => {
  for (const partition of ['aws', 'aws-cn', 'aws-iso']) {
    it(`tells account and name of a queue in partition ${partition}, and its region to emulators`, () => {
      expect(queueUrlOf(`arn:${partition}:sqs:some-region-1:123456789012:orders.fifo`)).to.equal(
        'https://sqs.some-region-1.amazonaws.com/123456789012/orders.fifo',
      );
    });
  }

  it('refuses what is no ARN of a queue', () => {
    expect(() => queueUrlOf('arn:aws:s3')).to.throw(Error, 'is not that of a queue: set queueUrl');
  });
});
