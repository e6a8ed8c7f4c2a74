import { expect } from 'chai';

import { decodeBase64 } from '../../lib/sources/base64';

describe('decodeBase64', () => {
  const good: Record<string, string> = {
    '': '',
    'YQ==': 'a',
    YQ: 'a',
    YWI: 'ab',
    'YWI=': 'ab',
    YWJj: 'abc',
    'Pz8/': '???',
    'Pj4+': '>>>',
    Pz8_: '???',
    'Pj4-': '>>>',
    'YW\r\nJj\n': 'abc',
    ' Y Q = = ': 'a',
  };
  for (const [text, decoded] of Object.entries(good)) {
    it(`decodes ${JSON.stringify(text)}`, () => {
      expect(decodeBase64(text)?.toString()).to.equal(decoded);
    });
  }

  const bad = ['a', 'abcde', '=', '==', '====', 'YWJj=', 'YQ=', 'YWI==', 'YQ===', 'YQ==YQ==', 'Y=Q=', '!@#$', 'YWJj.'];
  // Buffer.from takes letters of other alphabets for those whose low byte they share.
  for (const text of [...bad, '\0\0\0\0', 'éééé', 'ŁŁŁŁ', 'YWJjŁŁŁŁ', '😀😀', '{"a":1}']) {
    it(`knows that ${JSON.stringify(text)} is none`, () => {
      expect(decodeBase64(text)).to.equal(undefined);
    });
  }

  it('takes 16 MiB, good or bad, without a stack or time of its own', () => {
    const long = 'YWJj'.repeat(2 ** 22);
    expect(decodeBase64(long)).to.have.length(3 * 2 ** 22);
    expect(decodeBase64(`${long}!`)).to.equal(undefined);
    expect(decodeBase64('='.repeat(2 ** 24))).to.equal(undefined);
    expect(decodeBase64(' '.repeat(2 ** 24))).to.have.length(0);
  });
});
