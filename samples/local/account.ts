import type { Facts, Ledger, Rules } from './ledger';

/** What became of the messages of a source. */
export interface Account {
  readonly rules: Rules;
  readonly sent: number;
  /** Have succeeded, and left the source. */
  readonly succeeded: number;
  /** Were read from the dead-letter queue, and did not leave the source in another way. */
  readonly deadLettered: number;
  /** Those of them that were given up on for the sake of another message, which always fails. */
  readonly takenAlong: number;
  /** What was still in the source when the run was interrupted. */
  readonly unfinished: number;
  /** All else that was sent. */
  readonly unaccounted: number;
  /** Were delivered more than once, whatever became of them. */
  readonly retried: number;
  readonly groups: number;
  readonly groupsOutOfOrder: number;
  /** What must not be, a sentence each. */
  readonly faults: readonly string[];
  readonly invocations: number;
  readonly milliseconds: number;
}

type End = 'succeeded' | 'deadLettered' | 'unfinished' | 'unaccounted';

/** Draws up the account of a source. A run that was interrupted is not blamed for what it did not get to. */
export function accountOf(ledger: Ledger, milliseconds: number, isInterrupted: boolean): Account {
  const { rules } = ledger;
  const facts = ledger.facts();
  const endOf = (it: Facts): End => {
    if (it.deadLetters === 0 && !it.isDone) return isInterrupted ? 'unfinished' : 'unaccounted';
    if (it.deadLetters === 0) return it.runs?.firstSucceeded === undefined ? 'unaccounted' : 'succeeded';
    return it.isDone || it.deadLetters > 1 ? 'unaccounted' : 'deadLettered';
  };
  const counts = { succeeded: 0, deadLettered: 0, unfinished: 0, unaccounted: 0 };
  for (const it of facts) counts[endOf(it)]++;
  const groups = rules.orderedBy === undefined ? [] : byGroup(facts);
  const disorders = groups.map(disordersIn).filter(({ length }) => length > 0);
  return {
    rules,
    sent: facts.length,
    ...counts,
    takenAlong: facts.filter((it) => endOf(it) === 'deadLettered' && it.message.failures !== Infinity).length,
    retried: facts.filter(({ receives }) => receives > 1).length,
    groups: groups.length,
    groupsOutOfOrder: disorders.length,
    faults: [
      ...facts.filter((it) => endOf(it) === 'unaccounted').map(whyUnaccounted),
      ...facts.filter((it) => endOf(it) === 'deadLettered').flatMap((it) => wrongDeadLetter(it, rules)),
      ...ledger.strayLetters().map((identifier) => `${identifier} is dead-lettered, and was never sent`),
      ...disorders.flat(),
    ],
    invocations: ledger.invocations,
    milliseconds,
  };
}

function whyUnaccounted({ message: { id }, isDone, deadLetters }: Facts): string {
  if (deadLetters > 1) return `${id} is dead-lettered ${deadLetters} times`;
  if (deadLetters === 1) return `${id} is dead-lettered, and has left the source as a success as well`;
  return isDone ? `${id} has left the source, but never succeeded` : `${id} is neither done nor dead-lettered`;
}

/**
 * What is wrong with a dead letter. A queue gives up on a message after exactly its attempts, in each of which it failed
 * or, in a FIFO queue, had to wait behind a failure of its group. A stream gives up on a whole batch, for the sake of the
 * first record.
 */
function wrongDeadLetter(facts: Facts, { attempts, byBatch }: Rules): string[] {
  const { message, givenUpWith, receives, receivesAsFirst, receivesBehind, runs } = facts;
  if (byBatch && givenUpWith?.failures !== Infinity) {
    return [`${message.id} is dead-lettered, although the first record of its batch can succeed`];
  }
  if (!byBatch && runs?.firstSucceeded !== undefined) return [`${message.id} is dead-lettered, although it succeeded`];
  if (!byBatch && receives - (runs?.count ?? 0) > receivesBehind) {
    return [`${message.id} is dead-lettered, although it was not run, and nothing was in its way`];
  }
  const deliveries = byBatch ? receivesAsFirst : receives;
  if (givenUpWith !== message || deliveries === attempts) return [];
  return [`${message.id} is dead-lettered after ${deliveries} deliveries instead of ${attempts}`];
}

function byGroup(facts: readonly Facts[]): Facts[][] {
  const groups = new Map<string, Facts[]>();
  for (const it of facts) {
    const group = groups.get(it.message.group) ?? [];
    groups.set(it.message.group, group);
    group.push(it);
  }
  return [...groups.values()];
}

/**
 * Where a message of a group ran before one that was sent earlier had succeeded or, if it never did, had run for the
 * last time.
 */
function disordersIn(group: readonly Facts[]): string[] {
  const disorders: string[] = [];
  let latest = { moment: -1, id: '' };
  for (const { message, runs } of group) {
    if (runs === undefined) continue;
    if (runs.firstBegan < latest.moment) {
      disorders.push(`${message.id} ran before ${latest.id}, sent earlier in ${message.group}, was settled`);
    }
    const moment = runs.firstSucceeded ?? runs.lastBegan;
    if (moment > latest.moment) latest = { moment, id: message.id };
  }
  return disorders;
}
