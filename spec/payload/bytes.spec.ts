import { expect } from 'chai';

import { bytes } from '../../lib/payload';

describe('bytes()', () => {
  it('reads bytes as they are', () => {
    for (const raw of [Buffer.alloc(0), Buffer.of(0, 255), Buffer.alloc(1024 * 1024)])
      expect(bytes()(raw)).to.equal(raw);
  });
});
