import { expect } from 'chai';

import * as room from '../../lib/guard';

describe('lambda-batch-handler/guard', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(room).sort()).to.deep.equal(['partialResponses']);
  });

  it('has a function under each name, of that name', () => {
    for (const [name, value] of Object.entries(room)) expect(value).to.be.a('function').with.property('name', name);
  });
});
