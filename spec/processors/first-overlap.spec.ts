import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect } from 'chai';

import { reporting } from '../support/events';

// Promises that are older than the first AsyncLocalStorage of a process do not carry its store (Node 20 and 22): what
// continues one of them sees the store of whatever else runs in the same turn.
describe('the first two invocations of a process that overlap (L3)', () => {
  for (const [kind, title] of [
    ['whole', 'of processPartialResponse'],
    ['chain', 'of register(), process() and response()'],
  ] as const) {
    it(`stay apart in calls ${title}`, () => {
      const script = join(__dirname, '../support/first-overlap.ts');
      const env = { ...process.env };
      delete env.AWS_LAMBDA_MAX_CONCURRENCY;
      const out = execFileSync(process.execPath, ['-r', 'ts-node/register', script, kind], { env, encoding: 'utf8' });
      expect(JSON.parse(out)).to.deep.equal([reporting('a1'), reporting()]);
    }).timeout(60_000); // it compiles first
  }
});
