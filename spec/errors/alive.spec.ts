import { expect } from 'chai';

import { alive } from '../../lib/errors/alive';
import { anotherCopyOf } from '../support/another-copy';

describe('The count of batches that keep the process alive', () => {
  it('is one for all copies of the package, whichever is loaded first', () => {
    const before = alive.batches;
    const other = anotherCopyOf('errors/alive') as { readonly alive: typeof alive };
    expect(other.alive).to.equal(alive);
    expect(alive.batches).to.equal(before);
  });
});
