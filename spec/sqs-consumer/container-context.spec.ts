import { expect } from 'chai';

import { extendsBatch } from '../../lib/batch/extension';
import { extension } from '../../lib/batch/extend';
import { containerContext } from '../../lib/sqs-consumer/container-context';
import { lambdaContext } from '../../lib/testing';

const arn = 'arn:aws:sqs:eu-west-1:123456789012:orders.fifo';
const hosting = extension('observers', () => ({}));

describe('The context of a call in a container', () => {
  it('has all that one of Lambda has, of the same types', () => {
    const context = containerContext(arn, () => 12, hosting);
    const typesOf = (value: object) => Object.fromEntries(Object.entries(value).map(([name, of]) => [name, typeof of]));

    expect(typesOf(context)).to.deep.equal(typesOf(lambdaContext()));
    expect(context).to.include({ functionName: 'orders.fifo', invokedFunctionArn: arn, logGroupName: '' });
    expect(context.getRemainingTimeInMillis()).to.equal(12);
  });

  it('has an id of its own for each call', () => {
    const ids = [1, 2, 3].map(() => containerContext(arn, () => 0, hosting).awsRequestId);

    expect(new Set(ids)).to.have.property('size', 3);
  });

  it('brings the extension, also in a copy that a wrapper makes', () => {
    const context = containerContext(arn, () => 0, hosting);

    expect({ ...context }).to.have.property(extendsBatch, hosting);
  });

  it('refuses the callbacks, for which nothing waits', () => {
    const { succeed } = containerContext(arn, () => 0, hosting) as unknown as Record<'succeed', () => void>;

    expect(succeed).to.throw('the callbacks of a context are not there');
  });
});
