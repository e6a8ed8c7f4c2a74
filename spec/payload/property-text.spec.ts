import fc from 'fast-check';
import { expect } from 'chai';

import { propertyText } from '../../lib/payload/property-text';

/** How JSON can be written: with white space, escapes, and names that are there twice. */
const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const escaped = fc
  .array(fc.tuple(fc.nat(0xffff), fc.boolean()), { maxLength: 6 })
  .map((units) => units.map(([unit, isEscaped]) => written(unit, isEscaped)).join(''));
const string = fc
  .oneof(escaped, fc.constantFrom('', 'detail', '\\u0064etail', '{', '}', ',', ':', '\\"', '\\\\', '\\\\\\"'))
  .map((inside) => `"${inside}"`);
/** JSON.parse of Node 24 takes a name that is an escaped quotation mark for a backslash, where it has met others before. */
const name = string.filter((text) => !text.includes('\\"'));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('12345678901234567890', '1e400', '-0', '0.10'),
);
const joined = (open: string, close: string, items: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(fc.tuple(space, items, space), { maxLength: 4 }), space)
    .map(([all, empty]) => open + (all.length === 0 ? empty : all.map((one) => one.join('')).join(',')) + close);
const { value: json, object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    number,
    string,
    joined('[', ']', tie('value')),
    tie('object'),
  ),
  object: joined(
    '{',
    '}',
    fc
      .tuple(name, space, space, tie('value'))
      .map(([name, before, after, value]) => `${name}${before}:${after}${value}`),
  ),
}));

/** A UTF-16 unit inside a string. */
function written(unit: number, isEscaped: boolean): string {
  const text = String.fromCharCode(unit);
  return isEscaped || unit < 0x20 || text === '"' || text === '\\' ? `\\u${unit.toString(16).padStart(4, '0')}` : text;
}

describe('The text of a property', () => {
  for (const [text, expected] of [
    ['{"detail":{"a":[1,"}"]}}', '{"a":[1,"}"]}'],
    ['{ "detail" : 12345678901234567890 , "other": 1 }', '12345678901234567890'],
    ['{"detail":1e400}', '1e400'],
    ['{"detail":1,"detail":\t[2]\r\n}', '[2]'],
    ['\ufeff {"detail":"\\ufeff\\"\\\\"}', '"\\ufeff\\"\\\\"'],
    ['{"\\u0064\\u0065tail":true}', 'true'],
    ['{"a":{"detail":1},"b":["detail",{"detail":2}],"c":"\\"detail\\":3"}', undefined],
    ['{"detail ":1,"Detail":2,"\\\\detail":3}', undefined],
    ['{"detail":{},"a":{"detail":1}}', '{}'],
    ['{"__proto__":1,"detail":2}', '2'],
    ['{"\\"":1,"a\\"b":"\\"","detail":2}', '2'],
    ['{}', undefined],
    ['[{"detail":1}]', undefined],
    ['["detail",1]', undefined],
    ['"detail"', undefined],
    ['null', undefined],
  ] as const) {
    it(`of detail in ${JSON.stringify(text)} is ${String(expected)}`, () => {
      expect(propertyText(text, 'detail')).to.equal(expected);
    });
  }

  it('says what JSON.parse reads there, of every property, and keeps what it would change', () => {
    fc.assert(
      fc.property(object, (text) => {
        const parsed = JSON.parse(text) as Record<string, unknown>;
        for (const [name, value] of Object.entries(parsed)) {
          const found = propertyText(text, name)!;
          expect(text).to.include(found);
          expect(JSON.parse(found)).to.deep.equal(value);
        }
        if (!Object.hasOwn(parsed, 'detail')) expect(propertyText(text, 'detail')).to.equal(undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('is that of the last value that was written, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.tuple(json, json, json, string, space), ([first, last, other, name, white]) => {
        const text = `{"detail":${first},${white}"detail"${white}:${white}${last}${white},"a":${other},"b":${name}}`;
        expect(propertyText(text, 'detail')).to.equal(last);
      }),
      { numRuns: 500 },
    );
  });

  it('is undefined for whatever is no object', () => {
    fc.assert(
      fc.property(json, (text) => {
        if (!text.startsWith('{')) expect(propertyText(text, 'detail')).to.equal(undefined);
      }),
    );
  });

  it('takes 1 MiB of nesting, of escapes or of text without a stack of its own', () => {
    const deep = '['.repeat(2 ** 19) + ']'.repeat(2 ** 19);
    const long = `"${'\\"'.repeat(2 ** 19)}"`;
    for (const value of [deep, long])
      expect(propertyText(`{"a":${value},"detail":${value}}`, 'detail')).to.equal(value);
  });
});
