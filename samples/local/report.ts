import { align } from '../support/print';
import type { Account } from './account';
import type { Ledger, Rules } from './ledger';

/** How many faults of a source are told one by one. */
const TOLD = 10;

const list = new Intl.ListFormat('en-GB');

/** How far the sources have got, in a line. */
export const describeProgress = (ledgers: readonly Ledger[]): string =>
  ledgers
    .map(({ rules, done, size, invocations }) => `${rules.title} ${done}/${size} in ${invocations} invocations`)
    .join(' · ');

/** The accounts as a table, with what is to be said about them. */
export function describeAccounts(accounts: readonly Account[]): string {
  return [
    ...align(
      Object.keys(columns),
      accounts.map((account) => Object.values(columns).map((cellOf) => cellOf(account))),
    ),
    '',
    ...accounts.filter(({ takenAlong }) => takenAlong > 0).map(explainDeadLetters),
    ...accounts.flatMap(describeFaults),
    conclusionOf(accounts),
  ].join('\n');
}

const columns: Record<string, (account: Account) => string> = {
  source: ({ rules }) => rules.title,
  sent: ({ sent }) => String(sent),
  succeeded: ({ succeeded }) => String(succeeded),
  'dead-lettered': ({ deadLettered }) => String(deadLettered),
  unaccounted: ({ unaccounted }) => String(unaccounted),
  retried: ({ retried }) => String(retried),
  'order kept': ({ rules, groups, groupsOutOfOrder }) =>
    rules.orderedBy === undefined ? '-' : `in ${groups - groupsOutOfOrder} of ${groups} ${rules.orderedBy}s`,
  invocations: ({ invocations }) => String(invocations),
  time: ({ milliseconds }) => `${(milliseconds / 1000).toFixed(1)} s`,
};

function explainDeadLetters({ rules, takenAlong, deadLettered }: Account): string {
  return `${rules.title}: ${takenAlong} of the ${deadLettered} dead letters could have succeeded. ${reasonOf(rules)}`;
}

const reasonOf = ({ byBatch }: Rules): string =>
  byBatch
    ? 'They were in a batch with a record that always fails, and Lambda gives up on a whole batch.'
    : 'They were received with a message of their group that always fails, and each receive counts.';

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
