import { expect } from 'chai';

import { allPages, proseOf } from './pages';

/** Words that stand for a term of the field, which is then the only one for it. */
const forbidden: readonly (readonly [word: RegExp, term: string])[] = [
  [/visibility (window|time|period)\b(?!out)/i, 'visibility timeout'],
  [/invisibility (timeout|period)/i, 'visibility timeout'],
  [/\bDLQs?\b/, 'dead-letter queue'],
  [/dead letter queue/i, 'dead-letter queue'],
  [/poison (pill|message)/i, 'a record that can never succeed'],
  [/(receive|delivery|delivered) counter|delivery count\b/i, 'receive count'],
  [/\b(event source|trigger) mappings?\b(?<!event source mappings?)/i, 'event source mapping'],
  [/event-source mapping/i, 'event source mapping'],
  [/\bESM\b/, 'event source mapping, or ES module'],
  [/message group (key|name)\b|\bgroup key\b/i, 'message group'],
  [/partitioning key|shard key/i, 'partition key'],
  [/(sequence|seq)[- ]id\b/i, 'sequence number'],
  [/\b(failed )?item ids?\b/i, 'item identifier'],
  [/\bcheck point/i, 'checkpoint'],
  [/partial batch (failure|success)/i, 'partial batch response'],
  [/exactly[- ]once/i, 'at least once'],
  [/\bbase 64\b|\bnode\.?js\b(?<!Node\.js)/, 'base64, Node.js'],
  [/\bTypescript\b|\bDynamoDb\b|\bCloudwatch\b|\bEventbridge\b/, 'the name as its owner writes it'],
];

describe('The terms of README and docs', () => {
  const pages = allPages();

  for (const [word, term] of forbidden) {
    it(`are the field's, and the same everywhere: ${term}, never ${word.source}`, () => {
      const found = pages.flatMap(({ file, text }) =>
        proseOf(text)
          .replace(/\]\([^)]*\)|`[^`\n]*`/g, '')
          .split('\n')
          .filter((line) => word.test(line))
          .map((line) => `${file}: ${line.slice(0, 160)}`),
      );

      expect(found).to.deep.equal([]);
    });
  }

  it('say what a dead-letter queue is, where README first names it', () => {
    const readme = pages.find(({ file }) => file === 'README.md')!.text;

    expect(/[^.|]*dead-letter queue[^.|]*/.exec(proseOf(readme))![0]).to.include('to which a queue moves');
  });

  it('would be noticed', () => {
    const rejects = (text: string): boolean => forbidden.some(([word]) => word.test(text));

    expect(
      ['the visibility window', 'a DLQ', 'an ESM', 'the trigger mapping'].filter((text) => !rejects(text)),
    ).to.deep.equal([]);
    expect(['its visibility timeout', 'the event source mapping', 'Node.js'].filter(rejects)).to.deep.equal([]);
  });
});
