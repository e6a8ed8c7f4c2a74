import { createRequire } from 'node:module';

import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { BatchProcessingError, ParsingError } from '../../lib';
import { type UnmarshallOptions, unmarshaller } from '../../lib/payload/unmarshaller';
import { missingPackage } from '../support/missing-package';
import { secret } from '../support/payload';
import { shown } from '../support/readers';

/** What is made of one number. */
const numberOf = (text: string, options: UnmarshallOptions = {}): unknown =>
  unmarshaller(options)('newImage', { a: { N: text } }).a;

describe('The unmarshaller', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('reads items', () => {
    const item = { id: { S: 'a' }, total: { N: '7' }, tags: { SS: ['b'] } };
    expect(unmarshaller({})('keys', item)).to.deep.equal({ id: 'a', total: 7, tags: new Set(['b']) });
  });

  for (const options of [{}, { wrapNumbers: undefined }, { wrapNumbers: false }]) {
    describe(`with ${JSON.stringify(options)}`, () => {
      for (const [text, expected] of [
        ['0', 0],
        ['-0', -0],
        ['1.5', 1.5],
        ['1E+3', 1000],
        ['9007199254740991', 9007199254740991],
        ['9007199254740992', 9007199254740992n],
        ['-9007199254740993', -9007199254740993n],
        ['99999999999999999999999999999999999999', 99999999999999999999999999999999999999n],
        ['9'.repeat(400), BigInt('9'.repeat(400))],
        ['0.12345678901234567890123456789012345678', 0.12345678901234568],
        ['1e-130', 1e-130],
      ] as const) {
        it(`makes ${typeof expected} of ${text.slice(0, 40)}`, () => {
          expect(numberOf(text, options)).to.equal(expected);
        });
      }

      for (const text of ['12345678901234567890.5', '-9007199254740993.0', '1e30', '9.9E+125', '-1E+22', '1e400']) {
        it(`keeps every digit of ${text}, as the SDK's NumberValue`, () => {
          expect(numberOf(text, options)).to.be.an.instanceOf(NumberValueImpl).and.have.property('value', text);
        });
      }
    });
  }

  it('reads numbers in sets as those that are alone', () => {
    const { a } = unmarshaller({})('newImage', { a: { NS: ['1', '9007199254740993', '1e30'] } });
    const [small, whole, large] = a as Set<unknown>;
    expect([small, whole]).to.deep.equal([1, 9007199254740993n]);
    expect(large).to.have.property('value', '1e30');
  });

  it('gives no number that is off by more than the 17 digits that a number has', () => {
    const texts = fc.stringMatching(/^-?[1-9][0-9]{0,37}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$/);
    fc.assert(
      fc.property(texts, (text) => {
        const read = numberOf(text);
        if (typeof read === 'number') {
          expect(read).to.equal(Number(text)).and.to.be.within(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
        } else if (typeof read === 'bigint') expect(String(read)).to.equal(text);
        else expect(read).to.have.property('value', text);
      }),
    );
  });

  describe('with wrapNumbers', () => {
    const long = '0.12345678901234567890123456789012345678';

    it('keeps the text of numbers, also in sets', () => {
      expect(numberOf(long, { wrapNumbers: true }))
        .to.be.an.instanceOf(NumberValueImpl)
        .with.property('value', long);
      const { a } = unmarshaller({ wrapNumbers: (text) => text })('keys', { a: { NS: [long, '1'] } });
      expect(a).to.deep.equal(new Set([long, '1']));
      expect(numberOf('1e3', { wrapNumbers: Number })).to.equal(1000);
    });

    it('says so where it throws, for numbers that it was not made for', () => {
      const quoting = () => numberOf(`1.5${secret}`, { wrapNumbers: BigInt });
      expect(quoting)
        .to.throw(ParsingError, 'The newImage cannot be unmarshalled: wrapNumbers threw an error')
        .that.satisfies((error: Error) => !shown(error).includes(secret));
    });
  });

  it('works with releases of the SDK whose wrapNumbers took no function, and that refused what a number rounds', () => {
    // As in 3.0.0.
    const seen = sinon.fake((_: object, { wrapNumbers }: { wrapNumbers?: unknown }) => {
      if (wrapNumbers !== true) throw new Error('outside IEEE 754');
      return { number: { value: '1e30' } };
    });
    sinon.replace(createRequire(__filename)('@aws-sdk/util-dynamodb') as { unmarshall: unknown }, 'unmarshall', seen);
    expect(numberOf('0.12345678901234567890')).to.equal(0.12345678901234568);
    expect(numberOf('5', { wrapNumbers: (text) => `#${text}` })).to.equal('#5');
    expect(numberOf('1e30')).to.deep.equal({ value: '1e30' });
    sinon.assert.calledOnce(seen);
  });

  for (const [what, item, why] of [
    ['a number that is none', { a: { N: secret } }, 'a number is none.'],
    ['text that is no base64', { a: { B: `${secret}!` } }, 'expected bytes, or text in base64, received other text'],
    [
      'an item that was unmarshalled before',
      { a: secret },
      "expected attribute values such as { S: 'text' }, received",
    ],
    ['an item that is too deep', { a: deep(100_000) }, 'it is nested too deeply.'],
    ['an item that is text', secret, 'expected attributes, received other text: was it parsed before?'],
  ] as const) {
    it(`says where, and what is wrong with ${what}, and nothing of wrapNumbers`, () => {
      expect(() => unmarshaller({})('oldImage', item))
        .to.throw(ParsingError, `The oldImage cannot be unmarshalled: ${why}`)
        .that.satisfies((error: Error) => !/wrapNumbers|SECRET/.test(shown(error)));
    });
  }

  it('names the package where it is missing', () => {
    const missing = missingPackage('@aws-sdk/util-dynamodb');
    expect(() => unmarshaller({}))
      .to.throw(BatchProcessingError, 'npm install @aws-sdk/util-dynamodb')
      .with.property('cause', missing);
  });
});

/** A list in a list in a list. */
function deep(levels: number): object {
  let value: object = { S: secret };
  for (let level = 0; level < levels; level++) value = { L: [value] };
  return value;
}
