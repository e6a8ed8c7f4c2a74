import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect } from 'chai';

import { decodeBase64 } from '../../lib/sources/base64';
import { base64, bytes, eventBridge, gunzip, images, json, sns, text } from '../../lib/payload';
import { dynamodbEvent } from '../../lib/testing';

/** JSON.stringify drops the sign of -0. */
const jsonValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const buffer = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const wellFormed = fc.string({ unit: 'binary' });

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => value + 0);
const beyondSafe = fc.bigInt({ min: 2n ** 53n, max: 10n ** 37n }).chain((big) => fc.constantFrom(big, -big));
const number = fc.oneof(finite, fc.maxSafeInteger(), beyondSafe);
const setOf = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 5 }).map((all) => new Set(all));
const name = wellFormed.filter((key) => key !== '__proto__');

/** Whatever DynamoDB can hold. */
const { attribute } = fc.letrec<{ attribute: unknown }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    wellFormed,
    number,
    fc.boolean(),
    fc.constant(null),
    buffer,
    setOf(wellFormed),
    setOf(finite),
    setOf(beyondSafe),
    buffer.map((one) => new Set([one])),
    fc.array(tie('attribute'), { maxLength: 4 }),
    fc.dictionary(name, tie('attribute'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const item = fc.dictionary(name, attribute, { maxKeys: 6, noNullPrototype: true });

const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => unknown): void => {
  fc.assert(fc.property(arbitrary, (value) => void check(value)));
};

/** What a text holds where that is an object as JSON, as the detail of a schedule's event; anything else as it is. */
function objectIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const inner = JSON.parse(value) as unknown;
    return Object(inner) === inner ? inner : value;
  } catch {
    return value;
  }
}

describe('What was encoded is what is read', () => {
  it('by text() and bytes()', () => {
    holds(wellFormed, (value) => expect(text()(Buffer.from(value))).to.equal(value));
    holds(buffer, (value) => expect(bytes()(value)).to.equal(value));
  });

  it('by json()', () => {
    holds(jsonValue, (value) => {
      expect(json()(JSON.stringify(value))).to.deep.equal(value);
      expect(json()(Buffer.from(JSON.stringify(value, null, 2)))).to.deep.equal(value);
    });
  });

  it('by base64(), in each alphabet, padded or not, in lines or not', () => {
    holds(fc.tuple(buffer, fc.constantFrom('base64', 'base64url'), fc.boolean()), ([value, encoding, inLines]) => {
      const encoded = value.toString(encoding);
      expect(base64(bytes())(inLines ? encoded.replace(/.{1,76}/g, '$&\r\n') : encoded)).to.deep.equal(value);
      expect(base64(bytes())(encoded.replace(/=+$/, ''))).to.deep.equal(value);
    });
  });

  it('by gunzip()', () => {
    holds(buffer, (value) => expect(gunzip(bytes())(gzipSync(value))).to.deep.equal(value));
  });

  it('by envelopes, and by readers in readers', () => {
    holds(jsonValue, (value) => {
      const inner = JSON.stringify(value);
      const event = JSON.stringify({ 'detail-type': 'a', detail: value });
      expect(eventBridge(json())(event)).to.deep.equal(objectIn(value));
      const message = gzipSync(inner).toString('base64');
      expect(sns(base64(gunzip(json())))(JSON.stringify({ Type: 'Notification', Message: message }))).to.deep.equal(
        value,
      );
    });
  });

  it('by images(): sets, bytes, lists, maps, and whole numbers of every size', () => {
    holds(fc.tuple(item, item), ([newImage, oldImage]) => {
      const { Records } = dynamodbEvent([{ eventName: 'MODIFY', keys: { id: '1' }, newImage, oldImage }]);
      expect(images()(Records[0]!)).to.deep.equal({
        eventName: 'MODIFY',
        keys: { id: '1' },
        newImage: { id: '1', ...newImage },
        oldImage: { id: '1', ...oldImage },
      });
    });
  });

  it('by images() with wrapNumbers: every digit', () => {
    const numbers = fc.stringMatching(/^[1-9][0-9]{0,20}\.[0-9]{0,16}[1-9]$/);
    const reader = images(undefined, { wrapNumbers: (digits) => digits });
    holds(numbers, (value) => {
      const change = { Keys: { id: { N: value } }, NewImage: { a: { NS: [value] } } };
      expect(reader({ eventName: 'INSERT', dynamodb: change })).to.deep.equal({
        eventName: 'INSERT',
        keys: { id: value },
        newImage: { a: new Set([value]) },
      });
    });
  });
});

describe('What is no base64', () => {
  /** Text that is nearly base64. */
  const nearly = fc.string({
    unit: fc.constantFrom('A', 'Q', 'g', '0', '9', '+', '/', '-', '_', '=', '\n', ' ', '!', 'Ł', '\0'),
  });
  const isBase64 = (value: string): boolean =>
    /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/.test(value.replace(/\s/g, ''));

  it('is never decoded, and what is base64 always is, to the bytes that Buffer makes of it', () => {
    holds(fc.oneof(nearly, wellFormed), (value) => {
      expect(decodeBase64(value)).to.deep.equal(isBase64(value) ? Buffer.from(value, 'base64') : undefined);
    });
  });
});
