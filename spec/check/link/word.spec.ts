import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { reports } from '../../../lib/check/link/word';
import { deployedIn, folderOf } from './functions';

const answer = 'exports.handler = async () => ({ batchItemFailures: [] });';
const none = 'exports.handler = async () => {};';

const reportsOf = (files: Readonly<Record<string, string>>, file?: string, isShared = false): boolean | undefined => {
  const folder = folderOf(files);
  return reports({ ...deployedIn(folder), isShared }, file && join(folder, file));
};

describe('Whether code answers which records failed', () => {
  it('is said by the word in the file of the handler', () => {
    expect(reportsOf({ 'index.js': answer }, 'index.js')).to.equal(true);
    expect(reportsOf({ 'index.js': none }, 'index.js')).to.equal(false);
  });

  it('is said by any file of a folder that only this function has', () => {
    expect(reportsOf({ 'index.js': none, 'src/deep/answer.mjs': answer }, 'index.js')).to.equal(true);
    expect(reportsOf({ 'src/answer.cts': answer })).to.equal(true);
  });

  it('is said by the code that stands in the template', () => {
    expect(reports({ kind: 'inline', text: answer }, undefined)).to.equal(true);
    expect(reports({ kind: 'inline', text: none }, undefined)).to.equal(false);
  });

  it('is not known of a folder that other functions have too, but for the file of the handler', () => {
    const files = { 'orders.js': answer, 'payments.js': none };

    expect(reportsOf(files, 'orders.js', true)).to.equal(true);
    expect(reportsOf(files, 'payments.js', true)).to.equal(undefined);
    expect(reportsOf(files, undefined, true)).to.equal(undefined);
  });

  it('is not known where there is no code', () => {
    expect(reports(undefined, undefined)).to.equal(undefined);
    expect(reports(undefined, '/nowhere/index.js')).to.equal(undefined);
    expect(reportsOf({})).to.equal(undefined);
    expect(reports(deployedIn('/nowhere'), undefined)).to.equal(undefined);
  });

  it('is not said by what is installed, by types, by texts, or by what a link leads to', () => {
    const folder = folderOf({
      'index.js': none,
      'node_modules/powertools/index.js': answer,
      'index.d.ts': answer,
      'README.md': answer,
      'index.js.map': answer,
    });
    symlinkSync(folderOf({ 'index.js': answer }), join(folder, 'link'), 'junction');

    expect(reports(deployedIn(folder), join(folder, 'index.js'))).to.equal(false);
  });

  for (const text of [
    `import { BatchHandler } from 'lambda-batch-handler';`,
    `import {\n  BatchProcessor,\n} from "@aws-lambda-powertools/batch"`,
    `const batch = require('@middy/sqs-partial-batch-failure');`,
    `import 'lambda-batch-handler'`,
    `await import ( 'lambda-batch-handler' )`,
  ]) {
    it(`is said by a package that gives such answers: ${text.replace(/\s+/g, ' ')}`, () => {
      expect(reportsOf({ 'index.ts': text }, 'index.ts')).to.equal(true);
    });
  }

  for (const text of [
    `import type { Delivery } from 'lambda-batch-handler';`,
    `import { simulateQueue } from 'lambda-batch-handler/testing';`,
    `const name = 'lambda-batch-handler';`,
  ]) {
    it(`is not said by ${text}`, () => {
      expect(reportsOf({ 'index.ts': text }, 'index.ts')).to.equal(false);
    });
  }

  it('is not known where there is more code than is read', () => {
    const many = folderOf({});
    for (let index = 0; index <= 2_000; index++) writeFileSync(join(many, `${index}.js`), '');
    const large = folderOf({ 'large.js': '' });
    truncateSync(join(large, 'large.js'), 50 * 1_024 * 1_024 + 1);

    expect(reports(deployedIn(many), undefined)).to.equal(undefined);
    expect(reports(deployedIn(large), undefined)).to.equal(undefined);
    expect(reports(deployedIn(large), join(large, 'large.js'))).to.equal(undefined);
  });

  it('is said by what was read before there is too much', () => {
    const folder = folderOf({ 'a.js': answer });
    for (let index = 0; index <= 2_000; index++) writeFileSync(join(folder, `b${index}.js`), '');

    expect(reports(deployedIn(folder), undefined)).to.equal(true);
  });

  it('is found out in no time in megabytes without a line end', () => {
    const large = `import type x from 'y'${'import type a from,'.repeat(100_000)}${'from "z",'.repeat(100_000)}`;

    expect(reportsOf({ 'index.ts': large }, 'index.ts')).to.equal(undefined); // z is not there
  });

  describe('is not known where a package that it imports', () => {
    for (const [what, files] of Object.entries({
      'gives such answers': { 'node_modules/kit/index.js': answer },
      'gives such answers, of a scope and by a subpath': {
        'index.js': `import { batch } from '@acme/kit/batch';`,
        'node_modules/@acme/kit/lib/batch.js': answer,
      },
      'is of one that gives them': { 'node_modules/kit/index.js': `require('lambda-batch-handler')` },
      'imports one that gives them': {
        'node_modules/kit/index.js': `require('deep')`,
        'node_modules/kit/node_modules/deep/index.js': answer,
      },
      'is not there': {},
    } as Record<string, Record<string, string>>)) {
      it(what, () => {
        expect(reportsOf({ 'index.js': `const { batch } = require('kit');`, ...files }, 'index.js')).to.equal(
          undefined,
        );
      });
    }

    it('is larger than what is read', () => {
      const folder = folderOf({ 'index.js': `require('kit')`, 'node_modules/kit/index.js': '' });
      truncateSync(join(folder, 'node_modules/kit/index.js'), 50 * 1_024 * 1_024 + 1);
      expect(reports(deployedIn(folder), undefined)).to.equal(undefined);
    });
  });

  it('is known where packages have no word of it, also where they import each other, and of what runtimes have', () => {
    const files = {
      'index.js': `
        require('kit'); require('fs'); require('node:path'); require('./other');
        require('@aws-sdk/client-sqs'); require('@smithy/core/x'); require('aws-sdk');
        import type { X } from 'nowhere';`,
      'node_modules/kit/index.js': `require('kit-too')`,
      'node_modules/kit-too/index.js': `require('kit')`,
    };
    expect(reportsOf(files, 'index.js')).to.equal(false);
  });
});
