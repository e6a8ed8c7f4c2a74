import { expect } from 'chai';

import * as room from '../../lib/retry-delay';

describe('lambda-batch-handler/retry-delay', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(room).sort()).to.deep.equal(['delayBy', 'exponentialBackoff']);
  });

  it('has a function under each name, of that name', () => {
    for (const [name, value] of Object.entries(room)) expect(value).to.be.a('function').with.property('name', name);
  });
});
