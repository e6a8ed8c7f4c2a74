import { expect } from 'chai';
import fc from 'fast-check';

import { parseJson } from '../../../lib/check/read/parse-json';
import type { Parsed } from '../../../lib/check/read/parsed';

const parsed = (text: string): Parsed => parseJson(text) as Parsed;

describe('parseJson', () => {
  const backslashes = fc.nat({ max: 4 }).map((count) => '\\'.repeat(count));
  /** Strings of what tells the parts of JSON from each other. */
  const odd = fc
    .array(fc.oneof(backslashes, fc.constantFrom('"', ':', '{', '[', '}', ']', ',', '\n')))
    .map((all) => all.join(''));
  const text = '{\n "a": {\n  "b:{": 1, "c\\"": [{ "d": 1 }, "x,y"],\n  "e": {}\n },\n "f": 2\n}';

  it('gives what JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (value, space) => {
        const written = JSON.stringify(value, null, space);
        expect(parsed(written).value).to.deep.equal(JSON.parse(written));
      }),
    );
  });

  it('knows the lines of keys', () => {
    const { lineOf } = parsed(text);

    expect(lineOf(['a'])).to.equal(2);
    expect(lineOf(['a', 'b:{'])).to.equal(3);
    expect(lineOf(['a', 'c"'])).to.equal(3);
    expect(lineOf(['a', 'e'])).to.equal(4);
    expect(lineOf(['f'])).to.equal(6);
  });

  it('knows the lines of keys between whatever strings', () => {
    fc.assert(
      fc.property(fc.uniqueArray(odd), odd, (names, value) => {
        const { lineOf } = parsed(
          JSON.stringify(Object.fromEntries(names.map((name) => [`x${name}`, value])), null, 1),
        );

        expect(names.map((name) => lineOf([`x${name}`]))).to.deep.equal(names.map((_, at) => at + 2));
      }),
    );
  });

  it('reads a string of megabytes', () => {
    expect(parsed(JSON.stringify({ a: '"'.repeat(5_000_000), b: 1 }, null, 1)).lineOf(['b'])).to.equal(3);
  });

  it('knows no lines of what is not there, or in a list', () => {
    const { lineOf } = parsed(text);

    for (const path of [['x'], ['a', 'x'], ['f', 'x'], ['a', 'c"', 'd'], ['a', 'e', 'x']]) {
      expect(lineOf(path)).to.equal(undefined);
    }
  });

  it('is the error of JSON.parse where it is no JSON', () => {
    expect(parseJson('{ a: 1 }')).to.be.an.instanceOf(SyntaxError);
  });

  it('refuses lists in lists without end', () => {
    expect(() => parseJson('['.repeat(50_000) + ']'.repeat(50_000))).to.throw('nested more than 200 levels deep');
  });

  it('refuses a key that is there twice, by whatever escapes', () => {
    expect(() => parseJson('{ "a": 1,\n "\\u0061": 2 }')).to.throw('the key "a" is there twice, at line 2 again');
    expect(parsed('[{ "a": 1 }, { "a": 2 }]').value).to.deep.equal([{ a: 1 }, { a: 2 }]);
  });
});
