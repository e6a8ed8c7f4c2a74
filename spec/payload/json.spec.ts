import { type as ark } from 'arktype';
import { expect } from 'chai';
import * as v from 'valibot';
import { z } from 'zod';

import { json } from '../../lib/payload';
import { secret } from '../support/payload';
import { schemaOf, unread } from '../support/readers';

const schemas = {
  zod: z.object({ id: z.string(), total: z.string().transform(Number) }),
  valibot: v.object({ id: v.string(), total: v.pipe(v.string(), v.transform(Number)) }),
  arktype: ark({ id: 'string', total: 'string.numeric.parse' }),
};

describe('json()', () => {
  for (const text of ['{"a":[1,null,true]}', '[]', '"text"', '0', 'null', ' \n{} ']) {
    it(`reads ${JSON.stringify(text)}, from text and from bytes`, () => {
      expect(json()(text)).to.deep.equal(JSON.parse(text));
      expect(json()(Buffer.from(text))).to.deep.equal(JSON.parse(text));
      expect(json()(new TextEncoder().encode(text))).to.deep.equal(JSON.parse(text));
    });
  }

  it('does not mind a byte order mark, of which there is one at most', async () => {
    expect(json()('\ufeff{}')).to.deep.equal({});
    expect(json()(Buffer.from('\ufeff{}'))).to.deep.equal({});
    await unread(json(), '\ufeff\ufeff{}');
  });

  for (const text of ['', ' ', secret, `{"a": "${secret}"`, `{"a": ${secret}}`, 'NaN', "{'a':1}", '{}{}', '\0']) {
    it(`fails the record for ${JSON.stringify(text)}`, async () => {
      expect(await unread(json(), text)).to.have.property('message', 'The payload is no JSON.');
      expect(await unread(json(), Buffer.from(text))).to.have.property('message', 'The payload is no JSON.');
    });
  }

  it('fails the record for bytes that are no UTF-8', async () => {
    const latin1 = Buffer.from('{"a": "é"}', 'latin1');
    expect(await unread(json(), latin1)).to.have.property('message', 'The payload is no UTF-8.');
  });

  it('reads prototype keys as properties, and changes no prototype', () => {
    const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    for (const read of [json()(text), json(schemaOf((value) => ({ value })))(text)]) {
      expect(Object.keys(read as object)).to.deep.equal(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(read)).to.equal(Object.prototype);
    }
    expect({}).not.to.have.property('polluted');
  });

  it('fails the record where 1 MiB of brackets is no JSON, and where it is too deep for its schema', async () => {
    const depth = 500_000;
    const nested: z.ZodType = z.lazy(() => z.array(nested));
    await unread(json(), '['.repeat(depth));
    await unread(json(nested), '['.repeat(depth) + ']'.repeat(depth));
  });

  it('reads a text of 32 MiB', () => {
    expect(json()(`"${'a'.repeat(2 ** 25)}"`)).to.have.length(2 ** 25);
  });

  for (const [library, schema] of Object.entries(schemas)) {
    describe(`with a schema of ${library}`, () => {
      it('gives what the schema makes of the payload', async () => {
        expect(await json(schema)('{"id":"a","total":"7"}')).to.deep.equal({ id: 'a', total: 7 });
      });

      it('fails the record for what does not fit, and names the path', async () => {
        const error = await unread(json(schema), `{"id":["${secret}"],"total":"7"}`);
        expect(error.message).to.equal('The payload does not fit its schema at id.');
        expect(error.issues).to.have.length(1);
      });

      it('names no path where the payload as a whole does not fit', async () => {
        for (const text of ['null', '1', `"${secret}"`]) {
          const error = await unread(json(schema), text);
          expect(error).to.have.property('message', 'The payload does not fit its schema.');
        }
      });

      it('does not ask it about what is no JSON', async () => {
        expect(await unread(json(schema), '{')).to.have.property('issues', undefined);
      });
    });
  }

  it('waits for a schema that is async', async () => {
    const schema = z.object({ id: z.string().refine(async (id) => id !== 'no') });
    const read = json(schema)('{"id":"a"}');
    expect(read).to.be.a('promise');
    expect(await read).to.deep.equal({ id: 'a' });
    expect(await unread(json(schema), '{"id":"no"}'))
      .to.have.property('message')
      .that.includes('at id');
  });

  it('refuses what is no schema', () => {
    for (const schema of [null, {}, 'schema', () => true, { '~standard': {} }, { parse: JSON.parse }]) {
      expect(() => json(schema as never)).to.throw(TypeError, 'json(): expected a Standard Schema');
    }
  });
});
