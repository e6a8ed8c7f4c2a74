import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'chai';

const program = path.join(__dirname, '../../parts.mjs');

describe('npm test', function () {
  this.timeout(60_000); // npm takes its time
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'parts-'));
    const scripts = { one: 'node -p 1', two: 'node -e "process.exit(3)"', three: 'node -p 3' };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'parts', version: '1.0.0', scripts }));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (...parts: string[]) =>
    spawnSync(process.execPath, [program, ...parts], { cwd: folder, encoding: 'utf8' });

  it('says which part runs, and at the end how long each took', () => {
    const { stdout, status } = run('one', 'three');

    expect(stdout).to.match(/^\n== 1 of 2: npm run one\n/);
    expect(stdout).to.include('\n== 2 of 2: npm run three\n');
    expect(stdout).to.match(/\n +\d+\.\d s {2}one\n +\d+\.\d s {2}three\n$/);
    expect(status).to.equal(0);
  });

  it('stops at the part that fails, and fails as it did', () => {
    const { stdout, status } = run('one', 'two', 'three');

    expect(stdout).to.match(/\d s {2}one\n +\d+\.\d s {2}two: failed with exit code 3\n$/);
    expect(stdout).not.to.include('npm run three');
    expect(status).to.equal(3);
  });
});
