import { expect } from 'chai';

import type { Outcome } from '../../lib/engine/outcome';
import { report as reportBy } from '../../lib/engine/report';

const success: Outcome = { status: 'success' };
const failure: Outcome = { status: 'failure', error: new Error('it failed') };
const unprocessed: Outcome = { status: 'unprocessed', cause: new Error('an earlier one failed') };

/** The report on identifiers that are texts, which need no other one. */
const report = (identifiers: readonly (string | undefined)[], outcomes: readonly Outcome[]) =>
  reportBy<string>(identifiers, outcomes, () => {
    throw new Error('A text was asked for its text.');
  });

const listed = (...identifiers: string[]) => identifiers.map((itemIdentifier) => ({ itemIdentifier }));

describe('The report', () => {
  it('lists every record that did not succeed, in record order (3c 1)', () => {
    const { batchItemFailures } = report(['e', 'd', 'c', 'b', 'a'], [failure, success, unprocessed, success, failure]);

    expect(batchItemFailures).to.deep.equal(listed('e', 'c', 'a'));
  });

  it('is empty for an empty batch and for one in which all succeeded', () => {
    expect(report([], [])).to.deep.equal({ batchItemFailures: [], unidentified: [] });
    expect(report(['a', 'b'], [success, success])).to.deep.equal({ batchItemFailures: [], unidentified: [] });
  });

  it('lists an identifier once, though two of its records failed (3c 28)', () => {
    expect(report(['a', 'b', 'a'], [failure, failure, unprocessed]).batchItemFailures).to.deep.equal(listed('a', 'b'));
  });

  it('lists an identifier of which only one record failed (3c 28)', () => {
    expect(report(['a', 'a'], [success, failure]).batchItemFailures).to.deep.equal(listed('a'));
    expect(report(['a', 'a'], [failure, success]).batchItemFailures).to.deep.equal(listed('a'));
  });

  it('tells which of the records to report have no identifier', () => {
    expect(report([undefined, 'b', undefined, undefined], [failure, failure, success, unprocessed])).to.deep.equal({
      batchItemFailures: listed('b'),
      unidentified: [0, 3],
    });
  });

  it('counts a record without an outcome as failed', () => {
    expect(report(['a', 'b'], [success]).batchItemFailures).to.deep.equal(listed('b'));
  });

  it('takes identifiers that are names of Object.prototype for what they are', () => {
    const names = ['__proto__', 'constructor', 'toString', '__proto__'];

    expect(report(names, [failure, failure, success, failure]).batchItemFailures).to.deep.equal(
      listed('__proto__', 'constructor'),
    );
  });

  it('keeps sequence numbers beyond 2^53 apart, as strings (3c 11)', () => {
    const numbers = [
      '49590338271490256608559692538361571095921575989136580001',
      '49590338271490256608559692538361571095921575989136580002',
    ];

    expect(report(numbers, [failure, failure]).batchItemFailures).to.deep.equal(listed(...numbers));
  });

  it('is fresh each time (3c 3)', () => {
    const first = report(['a'], [success]);
    first.batchItemFailures.push({ itemIdentifier: 'phantom' });
    first.unidentified.push(7);

    expect(report(['a'], [success])).to.deep.equal({ batchItemFailures: [], unidentified: [] });
  });

  describe('on identifiers that are objects', () => {
    interface Place {
      readonly partition: string;
      readonly offset: number;
    }
    const place = (partition: string, offset: number): Place => ({ partition, offset });
    const textOf = ({ partition, offset }: Place): string => `${partition}@${offset}`;

    it('lists them as they are, in record order', () => {
      const places = [place('a', 1), place('a', 2), place('b', 1)];

      expect(reportBy(places, [failure, success, unprocessed], textOf).batchItemFailures).to.deep.equal([
        { itemIdentifier: { partition: 'a', offset: 1 } },
        { itemIdentifier: { partition: 'b', offset: 1 } },
      ]);
    });

    it('lists one once that occurs twice, by its text', () => {
      const places = [place('a', 1), place('b', 1), place('a', 1)];

      expect(reportBy(places, [failure, failure, failure], textOf).batchItemFailures).to.deep.equal([
        { itemIdentifier: place('a', 1) },
        { itemIdentifier: place('b', 1) },
      ]);
    });

    it('gives copies, so that who changes the answer does not change the batch (3c 3)', () => {
      const known = place('a', 1);
      const [first] = reportBy([known], [failure], textOf).batchItemFailures;
      Object.assign(first!.itemIdentifier, { offset: 7 });

      expect(known).to.deep.equal(place('a', 1));
    });
  });
});
