import type { AttributeValue } from 'aws-lambda';
import { expect } from 'chai';

import { itemSize } from '../../lib/testing/item-size';

/** What a value adds to an item, without its name. */
const sizeOf = (value: AttributeValue): number => itemSize({ name: value }) - 'name'.length;

describe('The size of an item', () => {
  it('is that of its names and values in UTF-8', () => {
    expect(itemSize({ id: { S: 'a' }, größe: { S: 'ü' } })).to.equal(2 + 1 + 7 + 2);
  });

  it('is none where there is no item', () => {
    expect(itemSize(undefined)).to.equal(0);
    expect(itemSize({})).to.equal(0);
  });

  const sizes: [what: string, value: AttributeValue, size: number][] = [
    ['a boolean', { BOOL: false }, 1],
    ['null', { NULL: true }, 1],
    ['an empty text', { S: '' }, 0],
    ['bytes, which are base64 in an event', { B: Buffer.of(1, 2, 3, 4).toString('base64') }, 4],
    ['a set of texts', { SS: ['a', 'bc'] }, 3],
    ['a set of numbers', { NS: ['1', '123'] }, 2 + 3],
    ['a set of bytes', { BS: ['AQ==', 'AQI='] }, 3],
    ['an empty list', { L: [] }, 3],
    ['a list', { L: [{ S: 'a' }, { NULL: true }] }, 3 + 2 + 2],
    ['an empty map', { M: {} }, 3],
    ['a map', { M: { ab: { S: 'c' } } }, 3 + 1 + 2 + 1],
  ];
  for (const [what, value, size] of sizes) {
    it(`counts ${size} bytes for ${what}`, () => {
      expect(sizeOf(value)).to.equal(size);
    });
  }

  for (const [number, size] of Object.entries({
    '0': 1,
    '7': 2,
    '12': 2,
    '-123': 3,
    '100': 2,
    '0.0012': 2,
    '1200.5': 4,
    '1.25e-30': 3,
    '3E+100': 2,
    '12345678901234567890123456789012345678': 20,
  })) {
    it(`counts ${size} bytes for the number ${number}: one for two significant digits, and one`, () => {
      expect(sizeOf({ N: number })).to.equal(size);
    });
  }
});
