import { expect } from 'chai';

import * as room from '../../lib/sqs-consumer';

describe('lambda-batch-handler/sqs-consumer', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(room).sort()).to.deep.equal(['ConsumerStoppedError', 'sqsConsumer']);
  });

  it('has a function under each name, of that name', () => {
    for (const [name, value] of Object.entries(room)) expect(value).to.be.a('function').with.property('name', name);
  });
});
