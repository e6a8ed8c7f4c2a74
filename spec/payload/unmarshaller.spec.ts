import type { AttributeValue } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError } from '../../lib';
import { unmarshaller } from '../../lib/payload/unmarshaller';
import { missingPackage } from '../support/missing-package';

/** The plain value of one attribute. */
const plain = (value: object, options = {}): unknown => unmarshaller(options)({ a: value as AttributeValue }).a;

describe('The unmarshaller', () => {
  afterEach(() => {
    sinon.restore();
  });

  for (const [type, value, expected] of [
    ['a string', { S: '' }, ''],
    ['a number', { N: '1.5' }, 1.5],
    ['a whole number beyond 2^53', { N: '9007199254740993' }, 9007199254740993n],
    ['a boolean', { BOOL: false }, false],
    ['null', { NULL: true }, null],
    ['a list', { L: [{ S: 'a' }, { L: [] }, { NULL: true }] }, ['a', [], null]],
    ['a map', { M: { b: { M: { c: { N: '1' } } } } }, { b: { c: 1 } }],
    ['strings', { SS: ['a', 'b'] }, new Set(['a', 'b'])],
    ['numbers', { NS: ['1', '9007199254740993'] }, new Set([1, 9007199254740993n])],
    ['bytes', { B: 'AP8=' }, Buffer.of(0, 255)],
    ['no bytes', { B: '' }, Buffer.alloc(0)],
    ['sets of bytes', { BS: ['AA==', '/w=='] }, new Set([Buffer.of(0), Buffer.of(255)])],
    ['bytes in lists and maps', { L: [{ M: { b: { B: 'AA==' } } }] }, [{ b: Buffer.of(0) }]],
    ['keys of Object.prototype', { M: { constructor: { S: 'a' } } }, { constructor: 'a' }],
  ] as const) {
    it(`makes plain values of ${type}`, () => {
      expect(plain(value)).to.deep.equal(expected);
    });
  }

  it('takes nothing for an item without attributes', () => {
    expect(unmarshaller({})({})).to.deep.equal({});
  });

  it('changes nothing of the item', () => {
    const item = { a: { B: 'AA==' }, b: { M: { c: { BS: ['AA=='] } } } };
    unmarshaller({})(item);
    expect(item).to.deep.equal({ a: { B: 'AA==' }, b: { M: { c: { BS: ['AA=='] } } } });
  });

  describe('with wrapNumbers', () => {
    const long = '0.12345678901234567890123456789012345678';

    it('keeps the text of numbers, also in sets', () => {
      expect(plain({ N: long }, { wrapNumbers: true })).to.have.property('value', long);
      expect(plain({ NS: [long, '1'] }, { wrapNumbers: (text: string) => text })).to.deep.equal(new Set([long, '1']));
      expect(plain({ N: '1e3' }, { wrapNumbers: Number })).to.equal(1000);
    });

    it('false reads numbers, and refuses those that no number or bigint can hold', () => {
      expect(plain({ N: '1' }, { wrapNumbers: false })).to.equal(1);
      expect(() => plain({ N: '12345678901234567890.5' }, { wrapNumbers: false })).to.throw();
    });
  });

  for (const [what, value] of Object.entries({
    'bytes that are no base64': { B: '!' },
    'a set of bytes that are no base64': { BS: ['AA==', '!'] },
    'bytes that are no text': { B: new Uint8Array(1) },
    'a type that does not exist': { X: 'a' },
    'no type': {},
    null: null,
    'a list that is none': { L: 'a' },
    'a map that is null': { M: null },
    'an attribute named __proto__': { M: JSON.parse('{"__proto__":{"M":{"polluted":{"BOOL":true}}}}') as object },
  })) {
    it(`refuses ${what}`, () => {
      expect(() => plain(value as object)).to.throw();
      expect({}).not.to.have.property('polluted');
    });
  }

  it('names the package where it is missing', () => {
    const missing = missingPackage('@aws-sdk/util-dynamodb');
    expect(() => unmarshaller({}))
      .to.throw(BatchProcessingError, 'npm install @aws-sdk/util-dynamodb')
      .with.property('cause', missing);
  });
});
