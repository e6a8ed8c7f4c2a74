import { expect } from 'chai';

import type { Account } from '../../samples/local/account';
import { describeRun, nextSteps } from '../../samples/local/introduction';
import { Ledger, type Rules } from '../../samples/local/ledger';
import { describeAccounts, describeProgress } from '../../samples/local/report';
import { failuresIn, type Message, workloadOf } from '../../samples/local/workload';

const titles = [
  ['standard queue', undefined],
  ['FIFO queue', 'group'],
  ['Kinesis stream', 'key'],
  ['Kafka topic', 'partition'],
] as const;

const rulesOf = ([title, orderedBy]: (typeof titles)[number]): Rules => ({
  title,
  byBatch: title.startsWith('K'),
  attempts: 5,
  ...(orderedBy !== undefined && { orderedBy }),
});

/** The account with the longest numbers that there can be. */
const longest = (rules: Rules): Account => ({
  rules,
  sent: 10_000,
  succeeded: 10_000,
  deadLettered: 10_000,
  takenAlong: 9_999,
  unfinished: 0,
  unaccounted: 0,
  retried: 10_000,
  groups: 10_000,
  groupsOutOfOrder: 0,
  faults: [],
  invocations: 10_000,
  milliseconds: 1_000_000,
});

const tooLong = (text: string): string[] => text.split('\n').filter(({ length }) => length > 80);

describe('What npm start prints', () => {
  it('fits a terminal of 80 columns, at its longest', () => {
    expect(tooLong(describeAccounts(titles.map(rulesOf).map(longest)))).to.deep.equal([]);
    expect(tooLong(describeRun({ messages: 10_000, failing: 0.12345, groups: 10_000, seed: 1 }))).to.deep.equal([]);
    expect(tooLong(nextSteps)).to.deep.equal([]);
    const done: Message = { id: '1', group: '1', payload: {}, failures: 0 };
    const ledgers = titles.map((title) => new Ledger(rulesOf(title), [done], () => undefined));
    for (const ledger of ledgers) ledger.finished(['1']);
    expect(describeProgress(ledgers)).to.match(/^standard queue 100% · FIFO queue 100% /);
    expect(tooLong(describeProgress(ledgers))).to.deep.equal([]);
  });

  it('explains every column of its table', () => {
    const [titlesOfColumns, ...rest] = describeAccounts(titles.map(rulesOf).map(longest)).split('\n');
    const words = rest.join('\n');

    for (const column of titlesOfColumns!.split(/ +/).filter((each) => !['source', 'sent', 'time'].includes(each))) {
      expect(words).to.match(new RegExp(`(^|; )${column}: `, 'm'));
    }
  });

  it('counts the failures that the workload has', () => {
    for (const [messages, failing] of [
      [500, 0.02],
      [7, 0.5],
      [3, 0],
      [10, 1],
    ] as const) {
      const all = workloadOf('standard', { messages, failing, groups: 1, seed: 1 }).map(({ failures }) => failures);
      const count = (failures: number) => all.filter((each) => each === failures).length;
      expect(failuresIn({ messages, failing })).to.deep.equal({
        always: count(Infinity),
        once: count(1),
        twice: count(2),
      });
    }
  });

  it('says so where nothing is made to fail', () => {
    const text = describeRun({ messages: 1, failing: 0, groups: 1, seed: 1 });

    expect(text).to.include('Each source gets 1 message,').and.to.include('None of them is made to fail.');
  });
});
