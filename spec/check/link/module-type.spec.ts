import { join, parse } from 'node:path';

import { expect } from 'chai';

import { isModule, isWithin } from '../../../lib/check/link/module-type';
import { folderOf } from './functions';

describe('An ES module', () => {
  const root = folderOf({
    'package.json': '{"type":"module"}',
    'build/index.js': '',
    'build/esm/package.json': '{"type":"module"}',
    'build/esm/deep/index.js': '',
    'build/cjs/package.json': '{"type":"commonjs"}',
    'build/none/package.json': '{}',
    'build/broken/package.json': '{',
    'build/null/package.json': 'null',
  });
  const build = join(root, 'build');

  it('is known by its extension', () => {
    expect(isModule(join(build, 'index.mjs'), build)).to.equal(true);
    for (const name of ['index.cjs', 'index', 'index.json', 'esm/index.cjs']) {
      expect(isModule(join(build, name), build)).to.equal(false);
    }
  });

  it('is known by the nearest package.json', () => {
    expect(isModule(join(build, 'esm/index.js'), build)).to.equal(true);
    expect(isModule(join(build, 'esm/deep/index.js'), build)).to.equal(true);
    for (const name of ['cjs', 'none', 'broken', 'null']) {
      expect(isModule(join(build, name, 'index.js'), build)).to.equal(false);
    }
  });

  it('is not known by a package.json above the root', () => {
    expect(isModule(join(build, 'index.js'), build)).to.equal(false);
    expect(isModule(join(build, 'index.js'), root)).to.equal(true);
  });

  it('is looked for up to the root of all files', () => {
    const none = folderOf({});
    expect(isModule(join(none, 'index.js'), parse(none).root)).to.equal(false);
  });
});

describe('A path', () => {
  it('is within a folder that is it, or above it', () => {
    expect(isWithin('/a/b', '/a/b')).to.equal(true);
    expect(isWithin('/a/b/c/d.js', '/a/b')).to.equal(true);
    expect(isWithin('/a/bc', '/a/b')).to.equal(false);
    expect(isWithin('/a', '/a/b')).to.equal(false);
  });
});
