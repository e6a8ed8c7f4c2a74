import { expect } from 'chai';

import { bytesIn } from '../../lib/testing/bytes';

describe('bytesIn', () => {
  it('gives the bytes of what holds bytes, and of a part no more than the part', () => {
    const { buffer } = Uint8Array.of(1, 2, 3);

    for (const whole of [buffer, new Uint8Array(buffer), new DataView(buffer), Buffer.from([1, 2, 3])]) {
      expect([...bytesIn(whole)!]).to.deep.equal([1, 2, 3]);
    }
    expect([...bytesIn(new Uint8Array(buffer, 1, 1))!]).to.deep.equal([2]);
    expect([...bytesIn(new SharedArrayBuffer(2))!]).to.deep.equal([0, 0]);
  });

  it('gives none of anything else', () => {
    for (const other of ['text', [1, 2], { length: 1, 0: 1 }, null, undefined, 7]) {
      expect(bytesIn(other)).to.equal(undefined);
    }
  });
});
