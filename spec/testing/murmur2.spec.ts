import { expect } from 'chai';

import { murmur2 } from '../../lib/testing/murmur2';

describe('murmur2', () => {
  // Those that Kafka's own tests go by (UtilsTest.testMurmur2).
  const hashes: Record<string, number> = {
    21: -973932308,
    abc: 479470107,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  };
  for (const [text, hash] of Object.entries(hashes)) {
    it(`makes ${hash} of ${text}`, () => {
      expect(murmur2(Buffer.from(text))).to.equal(hash);
    });
  }

  it('makes an integer of 32 bits of any bytes, none included', () => {
    for (const bytes of [[], [255], [0, 128], [255, 255, 255], [255, 255, 255, 255]]) {
      const hash = murmur2(Buffer.from(bytes));
      expect(hash | 0).to.equal(hash);
    }
  });
});
