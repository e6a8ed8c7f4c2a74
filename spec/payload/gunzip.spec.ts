import { deflateSync, gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { base64, bytes, gunzip, images, json, text } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

const MiB = 1024 * 1024;

describe('gunzip()', () => {
  it('hands the inflated bytes to the inner reader', () => {
    expect(gunzip(bytes())(gzipSync('abc'))).to.deep.equal(Buffer.from('abc'));
    expect(gunzip(json())(new Uint8Array(gzipSync('{"a":1}')))).to.deep.equal({ a: 1 });
    expect(gunzip(gunzip(text()))(gzipSync(gzipSync('twice')))).to.equal('twice');
    expect(base64(gunzip(text()))(gzipSync('text').toString('base64'))).to.equal('text');
  });

  it('inflates to nothing, and to all members of a file', () => {
    expect(gunzip(text())(gzipSync(''))).to.equal('');
    expect(gunzip(text())(Buffer.concat([gzipSync('a'), gzipSync('b')]))).to.equal('ab');
  });

  const whole = gzipSync(secret.repeat(10));
  const damaged = Buffer.from(whole).fill(0xff, 12, 16);
  for (const [what, raw] of Object.entries({
    nothing: Buffer.alloc(0),
    'plain text': Buffer.from(secret),
    'the header alone': whole.subarray(0, 10),
    'a middle that is damaged': damaged,
    'an end that is cut off': whole.subarray(0, -1),
    'a wrong checksum': Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]),
    'another compression': deflateSync(secret),
    'something behind its end': Buffer.concat([whole, Buffer.from(secret)]),
  })) {
    it(`fails the record for ${what}`, async () => {
      const error = await unread(gunzip(bytes()), raw);
      expect(error).to.have.property('message', 'The payload is no gzip, or is cut off.');
    });
  }

  it('inflates 32 MiB by default, and fails the record for a byte more', async () => {
    expect(gunzip(bytes())(gzipSync(Buffer.alloc(32 * MiB)))).to.have.length(32 * MiB);
    const error = await unread(gunzip(bytes()), gzipSync(Buffer.alloc(32 * MiB + 1)));
    expect(error.message).to.equal(`The payload inflates to more than ${32 * MiB} bytes.`);
  });

  it('inflates to maxBytes, and no further, whatever the payload holds', async () => {
    const reader = gunzip(bytes(), { maxBytes: 1000 });
    expect(reader(gzipSync(Buffer.alloc(1000)))).to.have.length(1000);
    for (const size of [1001, 8 * MiB]) {
      const error = await unread(reader, gzipSync(Buffer.alloc(size)));
      expect(error.message).to.equal('The payload inflates to more than 1000 bytes.');
    }
  });

  it('counts what all members inflate to', async () => {
    await unread(gunzip(bytes(), { maxBytes: 3 }), Buffer.concat([gzipSync('ab'), gzipSync('cd')]));
  });

  for (const maxBytes of [0, -1, 1.5, NaN, Infinity, 2 ** 60, '10', null]) {
    it(`refuses maxBytes: ${String(maxBytes)}`, () => {
      expect(() => gunzip(bytes(), { maxBytes: maxBytes as number })).to.throw(TypeError, 'expected maxBytes to be');
    });
  }

  it('refuses an inner reader that does not read bytes', () => {
    expect(() => gunzip(images() as never)).to.throw(TypeError, 'gunzip(): expected a reader of bytes');
    expect(() => gunzip(undefined as never)).to.throw(TypeError, 'received undefined');
  });
});
