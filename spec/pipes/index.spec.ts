import { expect } from 'chai';

import * as subpath from '../../lib/pipes';

describe('The subpath pipes', () => {
  it('has this name, and no more', () => {
    expect(Object.keys(subpath)).to.deep.equal(['pipe']);
  });
});
