import { join, relative } from 'node:path';

import { expect } from 'chai';

import { handlerFile, isInLayer } from '../../../lib/check/link/handler-file';
import { folderOf } from './functions';

describe('The file of a handler', () => {
  const folder = folderOf({
    'index.js': '',
    'index.mjs': '',
    'module.mjs': '',
    'common.cjs': '',
    bare: '',
    'src/orders.js': '',
    'dist/a.js': '',
    'package/index.js': '',
    'typed.ts': '',
    'node_modules/wrapper/package.json': '{"main":"main.js"}',
    'node_modules/wrapper/main.js': '',
    'node_modules/@scope/wrapper/index.js': '',
  });

  const found: readonly (readonly [handler: string, file: string, exported: string])[] = [
    ['index.handler', 'index.js', 'handler'],
    ['module.handler', 'module.mjs', 'handler'],
    ['common.handler', 'common.cjs', 'handler'],
    ['bare.handler', 'bare', 'handler'],
    ['src/orders.handler', 'src/orders.js', 'handler'],
    ['./src/orders.handler', 'src/orders.js', 'handler'],
    ['/var/task/src/orders.handler', 'src/orders.js', 'handler'],
    ['dist/a.b.handler', 'dist/a.js', 'b.handler'],
    ['index.default.api.handler', 'index.js', 'default.api.handler'],
    ['package.handler', 'package/index.js', 'handler'],
    ['wrapper.handler', 'node_modules/wrapper/main.js', 'handler'],
    ['@scope/wrapper.handler', 'node_modules/@scope/wrapper/index.js', 'handler'],
  ];
  it('is found from a folder that is written from where the command runs, as a template beside one does', () => {
    const written = relative(process.cwd(), folder);

    expect(handlerFile('index.handler', written, true)).to.include({ file: join(folder, 'index.js') });
    expect(handlerFile('package.handler', written, true)).to.include({ file: join(folder, 'package/index.js') });
    expect(handlerFile('none.handler', written, true)).to.include({ kind: 'missing' });
  });

  for (const [handler, file, exported] of found) {
    it(`of ${handler} is ${file}, and its export ${exported}`, () => {
      expect(handlerFile(handler, folder, true)).to.deep.equal({ kind: 'file', file: join(folder, file), exported });
    });
  }

  it('may be one that a build makes the deployed one of, among sources alone', () => {
    const file = join(folder, 'typed.ts');

    expect(handlerFile('typed.handler', folder, false)).to.deep.equal({ kind: 'file', file, exported: 'handler' });
    expect(handlerFile('typed.handler', folder, true).kind).to.equal('missing');
  });

  for (const handler of ['nowhere.handler', 'src/nowhere.handler', 'src.orders', 'fs.readFile']) {
    it(`of ${handler} is not there`, () => {
      const why = `there is no file ${handler.replace(/\.[^.]+$/, '')}.js, .mjs or .cjs`;

      expect(handlerFile(handler, folder, true)).to.deep.equal({ kind: 'missing', why });
    });
  }

  for (const handler of ['index', 'index.', '.handler', '../index.handler', 'src/../index.handler', '']) {
    it(`is named by no handler ${handler}`, () => {
      const why = `the handler ${handler} names no file and export, as index.handler does`;

      expect(handlerFile(handler, folder, true)).to.deep.equal({ kind: 'missing', why });
    });
  }

  it('is in a layer where its path says so', () => {
    expect(isInLayer('/opt/nodejs/node_modules/datadog-lambda-js/handler.handler')).to.equal(true);
    expect(isInLayer('opt/index.handler')).to.equal(false);
  });
});
