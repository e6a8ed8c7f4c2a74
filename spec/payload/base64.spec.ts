import { expect } from 'chai';

import { base64, bytes, gunzip, images, json, text } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

describe('base64()', () => {
  it('hands the decoded bytes to the inner reader, from text and from bytes', () => {
    const encoded = Buffer.from('{"a":"é"}').toString('base64');
    expect(base64(bytes())(encoded)).to.deep.equal(Buffer.from('{"a":"é"}'));
    expect(base64(json())(encoded)).to.deep.equal({ a: 'é' });
    expect(base64(text())(Buffer.from(encoded))).to.equal('{"a":"é"}');
  });

  it('decodes twice where it is there twice', () => {
    const twice = Buffer.from(Buffer.from('a').toString('base64')).toString('base64');
    expect(base64(base64(text()))(twice)).to.equal('a');
  });

  it('hands on nothing where there is nothing', async () => {
    expect(base64(text())('')).to.equal('');
    expect(await unread(base64(json()), '')).to.have.property('message', 'The payload is no JSON.');
  });

  for (const raw of ['YQ=', 'YQ==YQ==', `${secret}!`, 'ŁŁŁŁ', '{"a":1}']) {
    it(`fails the record for ${JSON.stringify(raw)}`, async () => {
      expect(await unread(base64(bytes()), raw)).to.have.property('message', 'The payload is no base64.');
    });
  }

  it('fails the record for bytes that are no text', async () => {
    expect(await unread(base64(bytes()), Buffer.of(0xff))).to.have.property('message', 'The payload is no UTF-8.');
  });

  it('refuses an inner reader that does not read bytes, and takes any other', () => {
    expect(() => base64(images() as never)).to.throw(TypeError, 'base64(): expected a reader of bytes');
    expect(() => base64('json' as never)).to.throw(TypeError, 'base64(): expected a payload reader (a function)');
    expect(base64(gunzip(text()))).to.be.a('function');
    expect(base64((raw) => raw.length)('YWI=')).to.equal(2);
  });
});
