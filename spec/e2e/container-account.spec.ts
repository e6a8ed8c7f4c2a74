import { expect } from 'chai';

import { containerAccountOf, describeContainerAccount } from '../../samples/local/container-account';

const sent = ['a1', 'b1', 'a2', 'b2'].map((id) => ({ id, group: id[0]! }));
const runOf = (lines: string, exitCode: number | null = 0) => ({ lines: lines.split(', '), exitCode });

describe('The account of a container', () => {
  it('counts what was done before the end, what was interrupted, what failed and what came twice', () => {
    const account = containerAccountOf(
      sent,
      [
        runOf('began a1, failed a1, began b1, succeeded b1, began a1, succeeded a1, began a2'),
        runOf('began b1, succeeded b1, began a2, succeeded a2, began b2, succeeded b2'),
      ],
      true,
    );

    expect(account).to.deep.equal({
      sent: 4,
      succeeded: 4,
      beforeEnd: 2,
      interrupted: 1,
      failed: 1,
      repeated: 1,
      groups: 2,
      faults: [],
    });
    expect(describeContainerAccount(account, 1_234)).to.equal(
      [
        '4 messages in 2 groups of a FIFO queue; SIGTERM came when 2 had succeeded.',
        'Succeeded: 4, of them more than once: 1. Failed, and came again: 1.',
        'Running when the grace period was over, and came again: 1.',
        'Nothing is lost, and each group is in order (1.2 s).',
      ].join('\n'),
    );
  });

  it('sees what is lost, what is out of order, what is left, and a process that did not end by itself', () => {
    const account = containerAccountOf(
      sent,
      [runOf('began a2, succeeded a2, began a1, succeeded a1'), runOf('began b2, began b1, succeeded b1', null)],
      false,
    );

    expect(account.faults).to.deep.equal([
      'b2 never succeeded',
      'a2 began before a1, sent earlier in a, succeeded',
      'b2 began before b1, sent earlier in b, succeeded',
      'the queue is not empty',
      'process 2 ended with exit code null',
    ]);
    expect(describeContainerAccount(account, 0)).to.match(/FAULT: b2 never succeeded\.\n[^]*\nFaults: 5\.$/);
  });
});
