import { expect } from 'chai';

import { rules } from '../../lib/check/rules';
import { breaches } from './breaches';
import { findingsIn, inject } from './inject';
import { type Synthesised, synthesiseAll } from './synthesise';

describe('The rules of lib/check on the templates', function () {
  this.timeout(120_000); // Two processes load aws-cdk-lib, and build every function

  let all: readonly Synthesised[];

  before(async () => {
    all = await synthesiseAll();
  });

  it('find nothing in them but hints, which are about what everyone decides for themselves', async () => {
    for (const synthesised of all) {
      const findings = await findingsIn(synthesised);
      const isQueue = synthesised.name.startsWith('sqs');
      const isPipe = synthesised.name === 'pipe';

      expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).to.have.members([
        ...(isQueue ? ['hint max-receive-count-low'] : []),
        ...(isPipe ? [] : ['hint no-stop-before-timeout']),
      ]);
    }
  });

  it('have a breach each', () => {
    expect(Object.keys(breaches)).to.have.members(rules.map(({ id }) => id));
  });

  for (const rule of Object.keys(breaches)) {
    it(`find the breach of ${rule} in each of them, and nothing else`, async () => {
      const injected = [];
      for (const synthesised of all) injected.push((await inject(rule, synthesised)) ?? []);
      const faults = injected.flat();

      expect(new Set(faults.map(({ tool }) => tool))).to.deep.equal(new Set(['SAM', 'CDK']));
      expect(faults).to.deep.equal(faults.map((each) => ({ ...each, before: false, found: true, falseAlarms: [] })));
    });
  }
});
