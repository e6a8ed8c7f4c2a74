import { expect } from 'chai';

import { text } from '../../lib/payload';
import { unread } from '../support/readers';

describe('text()', () => {
  for (const value of ['', 'a', 'größe', '😀', '\0', '\ufeffmarked', ' \n']) {
    it(`reads ${JSON.stringify(value)} as it is, from text and from bytes`, () => {
      expect(text()(value)).to.equal(value);
      expect(text()(Buffer.from(value))).to.equal(value);
      expect(text()(new TextEncoder().encode(value))).to.equal(value);
    });
  }

  for (const [what, bytes] of Object.entries({
    'a byte that is never in UTF-8': [0xff],
    'Latin-1': [0xe9, 0x21],
    'a character that is cut off': [0x61, 0xe2, 0x82],
    'half a surrogate pair': [0xed, 0xa0, 0x80],
    'a zero of two bytes': [0xc0, 0x80],
    'UTF-16': [0xff, 0xfe, 0x61, 0],
  })) {
    it(`fails the record for ${what}, and not the next one`, async () => {
      expect(await unread(text(), Buffer.from(bytes))).to.have.property('message', 'The payload is no UTF-8.');
      expect(text()(Buffer.from('é'))).to.equal('é');
    });
  }
});
