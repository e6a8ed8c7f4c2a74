import { expect } from 'chai';
import sinon from 'sinon';

import { extension } from '../../lib/batch/extend';
import { type ExtendedBatch, isExtension } from '../../lib/batch/extension';

describe('extension', () => {
  it('makes the value of its option, which can be called', () => {
    const participant = { begin: () => undefined };
    const participate = sinon.fake.returns(participant);
    const made = extension('observers', participate);
    const batch = {} as ExtendedBatch;

    expect(isExtension(made, 'observers')).to.be.true;
    expect(made(batch)).to.equal(participant);
    sinon.assert.calledOnceWithExactly(participate, batch);
  });

  it('leaves no enumerable property that a logger would copy', () => {
    expect(Object.keys(extension('observers', () => ({})))).to.deep.equal([]);
  });
});
