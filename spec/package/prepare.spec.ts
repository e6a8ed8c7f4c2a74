import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { bin, npm, packed, root, run, work } from '../support/package';

/** What the repository has of a build's sources. */
const sources = ['lib', 'build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

// npm runs `prepare` in a clone that it has installed, also one that it has made for `npm install git+https://...`, where it
// runs it once more before it packs: https://docs.npmjs.com/cli/v11/using-npm/scripts
describe('The script `prepare`', () => {
  let clone: string;
  const prepare = (): string => run(npm, ['run', 'prepare'], clone);

  before(() => {
    packed(); // so that no other build is going on
    clone = join(work, 'clone');
    mkdirSync(clone);
    for (const name of sources) cpSync(join(root, name), join(clone, name), { recursive: true });
    symlinkSync(bin(''), join(clone, 'node_modules'), 'junction');
  });

  it('builds what is missing, also where a build was broken off, and leaves a build as it is', () => {
    mkdirSync(join(clone, 'dist'));
    writeFileSync(join(clone, 'dist', 'index.js'), '');
    prepare();
    const { exports } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { exports: object };
    const targetsOf = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value as object).flatMap(targetsOf);
    expect(targetsOf(exports).filter((target) => !existsSync(join(clone, target)))).to.deep.equal([]);

    const kept = join(clone, 'dist', 'kept');
    writeFileSync(kept, '');
    prepare();
    expect(existsSync(kept)).to.equal(true);
  });
});
