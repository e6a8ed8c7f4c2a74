import { align } from '../support/print';
import type { Account } from './account';
import type { Ledger, Rules } from './ledger';

/** How many faults of a source are told one by one. */
const TOLD = 10;

const list = new Intl.ListFormat('en-GB');

/** How far the sources have got, in a line. */
export const describeProgress = (ledgers: readonly Ledger[]): string =>
  ledgers.map(({ rules, done, size }) => `${rules.title} ${Math.floor((100 * done) / size)}%`).join(' · ');

/** The accounts as a table, with what is to be said about them. */
export function describeAccounts(accounts: readonly Account[]): string {
  return [
    ...align(
      Object.keys(columns),
      accounts.map((account) => Object.values(columns).map((cellOf) => cellOf(account))),
    ),
    '',
    ...words,
    '',
    ...accounts.filter(({ takenAlong }) => takenAlong > 0).map(explainDeadLetters),
    ...accounts.flatMap(describeFaults),
    conclusionOf(accounts),
  ].join('\n');
}

/** What the columns are about. */
const words = [
  'done: succeeded, and deleted from its queue or passed by the checkpoint',
  'dead: delivered as often as it may be, and moved to where dead letters go',
  'lost: neither, which must not be; retried: delivered more than once',
  'order: in how many groups, keys or partitions it was kept; calls: invocations',
];

const columns: Record<string, (account: Account) => string> = {
  source: ({ rules }) => rules.title,
  sent: ({ sent }) => String(sent),
  done: ({ succeeded }) => String(succeeded),
  dead: ({ deadLettered }) => String(deadLettered),
  lost: ({ unaccounted }) => String(unaccounted),
  retried: ({ retried }) => String(retried),
  order: ({ rules, groups, groupsOutOfOrder }) =>
    rules.orderedBy === undefined ? '-' : `${groups - groupsOutOfOrder}/${groups}`,
  calls: ({ invocations }) => String(invocations),
  time: ({ milliseconds }) => `${(milliseconds / 1000).toFixed(1)} s`,
};

function explainDeadLetters({ rules, takenAlong, deadLettered }: Account): string {
  return `${rules.title}: ${takenAlong} of the ${deadLettered} dead letters could have succeeded.\n${reasonOf(rules)}`;
}

const reasonOf = ({ byBatch }: Rules): string =>
  byBatch
    ? '  They were in a batch with one that always fails: all of it is given up on.'
    : '  They came with one of their group that always fails: each receive counts.';

function describeFaults({ rules, faults }: Account): string[] {
  const more = faults.length - TOLD;
  return [
    ...faults.slice(0, TOLD).map((fault) => `FAULT: ${rules.title}: ${fault}.`),
    ...(more > 0 ? [`FAULT: ${rules.title}: and ${more} more.`] : []),
  ];
}

function conclusionOf(accounts: readonly Account[]): string {
  const total = (of: (account: Account) => number): number => accounts.reduce((sum, account) => sum + of(account), 0);
  const faults = total((account) => account.faults.length);
  if (faults > 0) return `Faults among ${total(({ sent }) => sent)} messages: ${faults}.`;
  const unfinished = total((account) => account.unfinished);
  if (unfinished > 0) return `Interrupted: ${unfinished} of ${total(({ sent }) => sent)} messages were not finished.`;
  const orders = new Set(accounts.flatMap(({ rules: { orderedBy } }) => orderedBy ?? []));
  const inOrder = orders.size === 0 ? '' : `, each ${list.format(orders)} in order`;
  return `All ${total(({ sent }) => sent)} messages are accounted for${inOrder}.`;
}
