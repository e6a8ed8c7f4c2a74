import { expect } from 'chai';

import { ParsingError } from '../../lib';
import { attributesOf } from '../../lib/payload/attributes';
import { secret } from '../support/payload';
import { shown } from '../support/readers';

/** The plain value of one attribute; a number is its text. */
const plain = (value: unknown): unknown => attributesOf({ a: value }, (text) => text).a;

describe('Attributes of an item', () => {
  for (const [type, value, expected] of [
    ['a string', { S: '' }, ''],
    ['a number', { N: '1.50' }, '1.50'],
    ['a boolean', { BOOL: false }, false],
    ['null', { NULL: true }, null],
    ['a list', { L: [{ S: 'a' }, { L: [] }, { NULL: true }] }, ['a', [], null]],
    ['a map', { M: { b: { M: { c: { N: '1' } } } } }, { b: { c: '1' } }],
    ['strings', { SS: ['a', 'b'] }, new Set(['a', 'b'])],
    ['numbers', { NS: ['1', '2.0'] }, new Set(['1', '2.0'])],
    ['bytes', { B: 'AP8=' }, Buffer.of(0, 255)],
    ['no bytes', { B: '' }, Buffer.alloc(0)],
    ['sets of bytes', { BS: ['AA==', '/w=='] }, new Set([Buffer.of(0), Buffer.of(255)])],
    ['bytes in lists and maps', { L: [{ M: { b: { B: 'AA==' } } }] }, [{ b: Buffer.of(0) }]],
    ['keys of Object.prototype', { M: { constructor: { S: 'a' } } }, { constructor: 'a' }],
    ['a number that is one, as in a test', { N: 7 }, '7'],
  ] as const) {
    it(`are plain values of ${type}`, () => {
      expect(plain(value)).to.deep.equal(expected);
    });
  }

  it('have bytes where they are bytes, as in what GetRecords answers', () => {
    expect(plain({ B: Buffer.of(0, 255) })).to.deep.equal(Buffer.of(0, 255));
    expect(plain({ B: new Uint8Array([9, 1, 2, 9]).subarray(1, 3) })).to.deep.equal(Buffer.of(1, 2));
    expect(plain({ BS: [Uint8Array.of(1), 'Ag=='] })).to.deep.equal(new Set([Buffer.of(1), Buffer.of(2)]));
  });

  it('go by the type that has a value, whatever has none beside it', () => {
    expect(plain({ N: null, B: undefined, S: 'a', M: null })).to.equal('a');
    expect(plain({ S: 'a', L: undefined })).to.equal('a');
  });

  it('can have any name, and change no prototype', () => {
    const item = JSON.parse('{"__proto__":{"M":{"__proto__":{"S":"a"}}}}') as object;
    const read = attributesOf(item, String);
    expect(Object.getOwnPropertyNames(read)).to.deep.equal(['__proto__']);
    expect(Object.getPrototypeOf(read)).to.equal(Object.prototype);
    expect(JSON.stringify(read)).to.equal('{"__proto__":{"__proto__":"a"}}');
  });

  it('are none for an item without', () => {
    expect(attributesOf({}, String)).to.deep.equal({});
  });

  it('are read without a change of the item', () => {
    const item = { a: { B: 'AA==' }, b: { M: { c: { BS: ['AA=='] } } } };
    attributesOf(item, String);
    expect(item).to.deep.equal({ a: { B: 'AA==' }, b: { M: { c: { BS: ['AA=='] } } } });
  });

  const value = "expected attribute values such as { S: 'text' }, received ";
  for (const [what, read, message] of [
    ['an item that is text', () => attributesOf(secret, String), 'expected attributes, received other text: was it'],
    ['an item that is none', () => attributesOf(undefined, String), 'expected attributes, received undefined.'],
    [
      'a map that is text',
      () => plain({ M: secret }),
      'expected attributes, received other text: was it parsed before?',
    ],
    ['text that was unmarshalled before', () => plain(secret), `${value}other text: was it parsed before?`],
    ['a number that was', () => plain(4711), `${value}a value of type number: was it parsed before?`],
    ['a map that was', () => plain({ street: secret }), `${value}an object: was it parsed before?`],
    ['a list that was', () => plain([secret]), `${value}an array: was it parsed before?`],
    ['null', () => plain(null), `${value}null.`],
    ['nothing', () => plain(undefined), `${value}undefined.`],
    ['no type', () => plain({}), `${value}an object: was it parsed before?`],
    ['a type without a value', () => plain({ S: null }), `${value}an object: was it parsed before?`],
    ['a type that does not exist', () => plain({ X: secret }), `${value}an object: was it parsed before?`],
    ['a list that is none', () => plain({ L: secret }), `${value}other text: was it parsed before?`],
    ['sets that are none', () => plain({ SS: {} }), `${value}an object: was it parsed before?`],
    ['numbers that are none', () => plain({ NS: 7 }), `${value}a value of type number: was it parsed before?`],
    ['bytes that are none', () => plain({ BS: 'AA==' }), `${value}other text: was it parsed before?`],
    [
      'text that is no base64',
      () => plain({ B: `${secret}!` }),
      'expected bytes, or text in base64, received other text',
    ],
    [
      'an object in place of bytes',
      () => plain({ BS: ['', {}] }),
      'expected bytes, or text in base64, received an object',
    ],
  ] as const) {
    it(`say what is wrong with ${what}, and quote nothing`, () => {
      expect(read)
        .to.throw(ParsingError, message)
        .that.satisfies((error: Error) => !shown(error).includes(secret));
    });
  }
});
