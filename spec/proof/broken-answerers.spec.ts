import { expect } from 'chai';
import fc from 'fast-check';

import { brokenAnswerers } from './broken-answerers';
import { play } from './play';
import { broken, promises } from './promises';
import { scenarios } from './scenario';

describe('The proof that nothing is lost, given an entry that', () => {
  for (const { title, sources, breaks, makeEntry } of brokenAnswerers) {
    for (const promise of breaks) {
      it(`${title}, finds the promise broken that ${promise}`, async () => {
        const theirs = scenarios.filter(({ source }) => sources.includes(source));
        const keepsIt = fc.asyncProperty(theirs, async (scenario) => {
          const found = broken(await play(scenario, makeEntry));
          expect(found).not.to.have.property(promise);
        });
        const { failed, numRuns } = await fc.check(keepsIt, { seed: 7, numRuns: 300, endOnFailure: true });
        expect(failed, `after ${numRuns} scenarios`).to.equal(true);
      });
    }
  }

  it('is one of these, finds every promise broken that can be', () => {
    expect(new Set(brokenAnswerers.flatMap(({ breaks }) => breaks))).to.deep.equal(new Set(Object.keys(promises)));
  });
});
