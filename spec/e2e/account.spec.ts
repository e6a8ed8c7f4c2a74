import { expect } from 'chai';

import { accountOf } from '../../samples/local/account';
import type { Rules } from '../../samples/local/ledger';
import { Ledger } from '../../samples/local/ledger';
import type { Message } from '../../samples/local/workload';

const queue: Rules = { title: 'queue', orderedBy: 'group', byBatch: false, attempts: 2 };
const stream: Rules = { ...queue, byBatch: true };

const message = (id: string, failures = 0): Message => ({ id, group: 'a', payload: {}, failures });

describe('The account of a source', () => {
  const good = message('good');
  const bad = message('bad', Infinity);

  /** The ledger of a source that was sent the bad and the good message, in that order; identifiers are their names. */
  function ledgerOf(rules: Rules): Ledger {
    const ledger = new Ledger(rules, [bad, good], () => undefined);
    for (const it of [bad, good]) ledger.sent(it, it.id);
    return ledger;
  }

  const succeed = (ledger: Ledger) => ledger.attempt('good', async () => undefined);
  const fail = (ledger: Ledger) => ledger.attempt('bad', () => Promise.reject(new Error())).catch(() => undefined);
  const faultsOf = (ledger: Ledger, isInterrupted = false) => accountOf(ledger, 0, isInterrupted).faults;

  it('has no fault where what can succeed has, and the rest was given up on after its attempts', async () => {
    const ledger = ledgerOf(queue);
    for (let attempt = 1; attempt <= 2; attempt++) {
      ledger.received(['bad']);
      await fail(ledger);
    }
    ledger.deadLettered(['bad']);
    ledger.received(['good']);
    await succeed(ledger);
    ledger.finished(['good']);

    expect(accountOf(ledger, 0, false)).to.deep.include({
      ...{ sent: 2, succeeded: 1, deadLettered: 1, takenAlong: 0, unfinished: 0, unaccounted: 0 },
      ...{ retried: 1, groups: 1, groupsOutOfOrder: 0, invocations: 3, faults: [] },
    });
  });

  it('tells of messages of which nothing is known, unless the run was interrupted', () => {
    expect(faultsOf(ledgerOf(queue))).to.deep.equal([
      'bad is neither done nor dead-lettered',
      'good is neither done nor dead-lettered',
    ]);
    expect(accountOf(ledgerOf(queue), 0, true)).to.deep.include({ unfinished: 2, unaccounted: 0, faults: [] });
  });

  it('tells of what is done and dead-lettered, dead-lettered twice, or was never sent', async () => {
    const ledger = ledgerOf(queue);
    ledger.received(['good']);
    await succeed(ledger);
    ledger.finished(['good']);
    for (const letter of ['good', 'bad', 'bad', 'stray']) ledger.deadLettered([letter]);

    expect(faultsOf(ledger)).to.deep.equal([
      'bad is dead-lettered 2 times',
      'good is dead-lettered, and has left the source as a success as well',
      'stray is dead-lettered, and was never sent',
    ]);
  });

  it('tells of what was given up on after too few or too many attempts', async () => {
    for (const [rules, attempts] of [
      [queue, 1],
      [queue, 3],
      [stream, 3],
    ] as const) {
      const ledger = ledgerOf(rules);
      for (let attempt = 1; attempt <= attempts; attempt++) {
        ledger.received(['bad']);
        await fail(ledger);
      }
      ledger.deadLettered(['bad']);

      expect(faultsOf(ledger, true)).to.deep.equal([`bad is dead-lettered after ${attempts} deliveries instead of 2`]);
    }
  });

  it('tells of a message that ran before one of its group had its last attempt', async () => {
    const ledger = ledgerOf(queue);
    ledger.received(['bad', 'good']);
    await fail(ledger);
    await succeed(ledger);
    ledger.finished(['good']);
    ledger.received(['bad']);
    await fail(ledger);
    ledger.deadLettered(['bad']);

    expect(accountOf(ledger, 0, false)).to.deep.include({
      groupsOutOfOrder: 1,
      faults: ['good ran before bad, sent earlier in a, was settled'],
    });
  });

  it('does not mind what is given up on because something of its group always came before it', async () => {
    const ledger = ledgerOf(queue);
    for (let attempt = 1; attempt <= 2; attempt++) {
      ledger.received(['bad', 'good']);
      await fail(ledger);
    }
    ledger.deadLettered(['bad']);
    ledger.deadLettered(['good']);

    expect(accountOf(ledger, 0, false)).to.deep.include({ deadLettered: 2, takenAlong: 1, faults: [] });
  });

  it('takes the first record of each partition for the one that a batch of several is given up on for', async () => {
    const ledger = ledgerOf(stream);
    for (let attempt = 1; attempt <= 2; attempt++) {
      ledger.received(...(attempt === 1 ? [['good'], ['bad']] : [['bad']]));
      await fail(ledger);
    }
    await succeed(ledger);
    ledger.finished(['good']);
    ledger.deadLettered(['bad']);

    expect(accountOf(ledger, 0, false)).to.deep.include({ deadLettered: 1, invocations: 2, faults: [] });
  });

  it('does not mind what a stream gives up on with the batch of a record that always fails', async () => {
    const ledger = ledgerOf(stream);
    for (let attempt = 1; attempt <= 2; attempt++) {
      ledger.received(['bad', 'good']);
      await fail(ledger);
    }
    ledger.deadLettered(['bad', 'good']);

    expect(accountOf(ledger, 0, false)).to.deep.include({ deadLettered: 2, takenAlong: 1, faults: [] });
  });
});
