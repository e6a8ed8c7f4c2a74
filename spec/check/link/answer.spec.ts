import { expect } from 'chai';

import { answerIn } from '../../../lib/check/link/answer';
import { show } from '../../../lib/errors/show';

const entry = { source: 'SQS', fifo: false, chunkSize: 1, delaysRetries: false, deadLetterQueues: ['https://queue'] };
const ours = (...entries: unknown[]) => ({ kind: 'ours', entries });
const read = (value: unknown) => answerIn(JSON.stringify(value));

describe('The answer of a loader', () => {
  for (const value of [
    { kind: 'foreign' },
    { kind: 'missing', why: 'there is none' },
    { kind: 'failed', note: 'Error: no' },
    ours(entry),
    ours(entry, { ...entry, order: 'key', stopBeforeTimeout: 1_000, concurrency: 5, isPerCall: true }),
  ]) {
    it(`is taken as it is: ${JSON.stringify(value)}`, () => {
      expect(read(value)).to.deep.equal(value);
    });
  }

  const refused = { kind: 'failed', note: 'what was read of it is not what options are' };
  for (const value of [
    undefined,
    null,
    'foreign',
    { kind: 'unknown' },
    { kind: 'missing' },
    { kind: 'failed', note: 1 },
    { kind: 'ours' },
    ours(null),
    ours({ ...entry, source: undefined }),
    ours({ ...entry, source: 'x'.repeat(1_001) }),
    ours({ ...entry, fifo: 'yes' }),
    ours({ ...entry, order: 1 }),
    ours({ ...entry, stopBeforeTimeout: null }),
    ours({ ...entry, concurrency: '5' }),
    ours({ ...entry, chunkSize: null }),
    ours({ ...entry, delaysRetries: 0 }),
    ours({ ...entry, deadLetterQueues: 'https://queue' }),
    ours({ ...entry, deadLetterQueues: [1] }),
    ours({ ...entry, isPerCall: 1 }),
    ours(...Array.from({ length: 1_001 }, () => entry)),
  ]) {
    it(`is no answer in ${show(value).slice(0, 80)}`, () => {
      expect(read(value)).to.deep.equal(refused);
    });
  }

  it('is no answer where it is no JSON', () => {
    expect(answerIn('{"kind":"foreign"')).to.deep.equal(refused);
    expect(answerIn('')).to.deep.equal(refused);
  });

  it('is shown in one line, of what can be seen', () => {
    expect(read({ kind: 'failed', note: 'Error: \u001b[31mno\u0007\u202e\nat a.js' })).to.deep.equal({
      kind: 'failed',
      note: 'Error: [31mno',
    });
    expect(read({ kind: 'missing', why: '\r\n' })).to.deep.equal({ kind: 'missing', why: '' });
    expect(read({ kind: 'failed', note: 'é中 ∞'.repeat(100) }))
      .to.have.property('note')
      .with.lengthOf(203);
  });
});
