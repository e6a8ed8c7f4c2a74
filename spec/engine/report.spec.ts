import { expect } from 'chai';

import type { Outcome } from '../../lib/engine/outcome';
import { report } from '../../lib/engine/report';

const success: Outcome = { status: 'success' };
const failure: Outcome = { status: 'failure', error: new Error('it failed') };
const unprocessed: Outcome = { status: 'unprocessed', cause: new Error('an earlier one failed') };

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
});
