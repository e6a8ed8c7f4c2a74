import { expect } from 'chai';

import { parseYaml } from '../../../lib/check/read/parse-yaml';

const valueOf = (text: string): unknown => parseYaml(text).value;

describe('parseYaml', () => {
  it('makes long forms of short ones, of texts, lists and objects', () => {
    expect(valueOf('a: !Ref B')).to.deep.equal({ a: { Ref: 'B' } });
    expect(valueOf('a: !Condition B')).to.deep.equal({ a: { Condition: 'B' } });
    expect(valueOf('a: !GetAtt B.Arn')).to.deep.equal({ a: { 'Fn::GetAtt': 'B.Arn' } });
    expect(valueOf('a: !If [B, !Ref C, [!Sub "${D}"]]')).to.deep.equal({
      a: { 'Fn::If': ['B', { Ref: 'C' }, [{ 'Fn::Sub': '${D}' }]] },
    });
    expect(valueOf('a: !Transform { Name: B }')).to.deep.equal({ a: { 'Fn::Transform': { Name: 'B' } } });
  });

  it('makes functions that are not known of tags that are not known', () => {
    expect(valueOf('a: !Rain::Embed b.txt')).to.deep.equal({ a: { 'Fn::Rain::Embed': 'b.txt' } });
  });

  it('follows anchors and merge keys', () => {
    expect(valueOf('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a')).to.deep.equal({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
      c: { x: 1, y: 2 },
    });
  });

  it('knows the lines of keys, but for those behind an anchor', () => {
    const { lineOf } = parseYaml('a: &a\n  b: 1\nc: *a\nd:\n  e: { f: 1 }\n');

    expect(lineOf(['a'])).to.equal(1);
    expect(lineOf(['a', 'b'])).to.equal(2);
    expect(lineOf(['d', 'e', 'f'])).to.equal(5);
    expect(lineOf(['c', 'b'])).to.equal(undefined);
    expect(lineOf(['a', 'x'])).to.equal(undefined);
    expect(lineOf(['a', 'b', 'x'])).to.equal(undefined);
    expect(lineOf([])).to.equal(undefined);
  });

  for (const [what, text] of Object.entries({
    'what is no YAML': 'a: [',
    'a list that begins with a comma': 'a: [ -, b ]',
    'a brace that closes nothing': 'a: 1\n}',
    'a key that is a list': '? [a]\n: b',
    'several documents': 'a: 1\n---\nb: 2',
    'a key that is there twice': 'a: 1\na: 2',
    'an anchor that is nowhere': 'a: *b',
    'an anchor that contains itself': 'a: &a\n  b: *a',
    'anchors that blow it up': bomb(),
    'lists in lists without end': `a: ${'['.repeat(50_000)}`,
    'blocks in blocks without end': `a:\n ${'- '.repeat(50_000)}b`,
    'more tags than anybody has': Array.from({ length: 600 }, (_, at) => `a${at}: !b${at} c`).join('\n'),
  })) {
    it(`refuses ${what}`, () => {
      expect(() => parseYaml(text)).to.throw(Error);
    });
  }

  it('says in which line something is wrong', () => {
    expect(() => parseYaml('a: 1\n}')).to.throw('at line 2');
    expect(() => parseYaml('a: 1\nb: [\n')).to.throw('at line 3');
    expect(() => parseYaml('a: 1\nb: { c: 1,\n c: 2 }')).to.throw('the key "c" is there twice, at line 3 again');
  });

  it('takes what is behind an anchor hundreds of times', () => {
    const aliases = Array<string>(999).fill('*a').join(', ');

    expect(valueOf(`a: &a { b: 1 }\nc: [${aliases}]`)).to.deep.include({ c: Array(999).fill({ b: 1 }) });
  });

  it('takes keys for texts', () => {
    expect(valueOf('1: a\ntrue: b')).to.deep.equal({ 1: 'a', true: 'b' });
  });
});

/** Ten lists of ten aliases each. */
function bomb(): string {
  const lists = Array.from(
    { length: 10 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`,
  );
  return ['a0: &a0 [x]', ...lists].join('\n');
}
