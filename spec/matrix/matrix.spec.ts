import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import * as library from '../../lib';
import * as deadLetter from '../../lib/dead-letter';
import * as openTelemetry from '../../lib/opentelemetry';
import * as payload from '../../lib/payload';
import * as chunk from '../../lib/chunk';
import * as guard from '../../lib/guard';
import * as kafka from '../../lib/kafka';
import * as pipes from '../../lib/pipes';
import * as retryDelay from '../../lib/retry-delay';
import * as sqsConsumer from '../../lib/sqs-consumer';
import * as kit from '../../lib/testing';
import { build, outputsOf } from './build';
import { bundle, bundlers, type Folder, peers, prepareHandlers } from './bundlers';
import { faultsIn } from './judge';
import type { Node } from './nodes';
import { caseNames } from './program/case-names';
import { runners, testCount, writeTest } from './runners';
import { type Row, table } from './table';
import { projects, toolchains } from './toolchains';
import { install, start, type Workplace, workplace } from './workplace';

describe('The packed library', () => {
  let work: Workplace;
  const tables: { titles: string[]; rows: Row[] }[] = [];

  before(async () => {
    work = workplace();
    await install(work);
  });

  after(() => {
    for (const { titles, rows } of tables) console.log(`\n${table(titles, rows, work.nodes)}`);
    rmSync(work.folder, { recursive: true, force: true });
  });

  /** A table that is printed at the end; gives how to add a row. */
  function tableOf(...titles: string[]): (...labels: string[]) => Row {
    const rows: Row[] = [];
    tables.push({ titles, rows });
    return (...labels) => {
      const row = { labels, cells: new Map<number, string>() };
      rows.push(row);
      return row;
    };
  }

  /** Fills a row: each Node, from a version on, is asked what is wrong there. */
  async function onEveryNode(row: Row, good: string, faultsOn: (node: Node) => Promise<string[]>, from = 0) {
    const faults: Record<string, string[]> = {};
    await Promise.all(
      work.nodes.map(async (node) => {
        const isOld = node.major < from;
        const found = isOld ? [] : await faultsOn(node);
        if (found.length > 0) faults[node.version] = found;
        row.cells.set(node.major, isOld ? `needs ${from}` : found.length === 0 ? good : `${found.length} FAILED`);
      }),
    );
    expect(faults).to.deep.equal({});
  }

  describe('behaves the same', () => {
    const rowOf = tableOf('compiled by', 'dialect', 'output');

    it('which is not said of a case that failed or did not run, nor of another dialect', () => {
      const facts = { dialect: 'standard', designTypes: false, decoratorMetadata: true } as const;
      const results = Object.fromEntries(caseNames.map((name) => [name, 'ok']));
      const faults = (found: object) => faultsIn(JSON.stringify({ facts, results, ...found }), facts);
      const [first, second] = caseNames;

      expect(faults({})).to.deep.equal([]);
      expect(faults({ results: { ...results, [first]: 'AssertionError', [second]: undefined } })).to.deep.equal([
        `${first}: AssertionError`,
        `${second}: did not run`,
      ]);
      expect(faults({ facts: { ...facts, dialect: 'experimental' } })).to.have.lengthOf(1);
      expect(faultsIn('', facts)).to.have.lengthOf(1);
    });

    for (const [index, toolchain] of toolchains.entries()) {
      const { name, dialect, project } = toolchain;
      const out = `out${index}`;

      describe(`compiled by ${name} with ${dialect} decorators`, () => {
        before(() => build(toolchain, out, work));

        for (const [output, file] of Object.entries(outputsOf(toolchain, out))) {
          const row = rowOf(name, dialect, output);

          it(`as ${output}`, () =>
            onEveryNode(row, `${caseNames.length} ok`, async ({ path }) => {
              const { ok, stdout, stderr } = await start(path, [file], join(work.folder, project));
              return ok ? faultsIn(stdout, toolchain) : [stderr];
            }));
        }
      });
    }
  });

  describe('gives the same names to require and to import', () => {
    const rowOf = tableOf('read by', 'subpath');
    const subpaths = {
      '': Object.keys(library),
      '/types': [],
      '/payload': Object.keys(payload),
      '/dead-letter': Object.keys(deadLetter),
      '/retry-delay': Object.keys(retryDelay),
      '/opentelemetry': Object.keys(openTelemetry),
      '/chunk': Object.keys(chunk),
      '/guard': Object.keys(guard),
      '/sqs-consumer': Object.keys(sqsConsumer),
      '/kafka': Object.keys(kafka),
      '/pipes': Object.keys(pipes),
      '/testing': Object.keys(kit),
    };

    for (const [subpath, names] of Object.entries(subpaths)) {
      for (const reader of ['require', 'import'] as const) {
        const specifier = `'lambda-batch-handler${subpath}'`;
        const row = rowOf(reader, specifier.replaceAll("'", '`'));

        it(`as ${specifier}, by ${reader}`, () =>
          onEveryNode(row, `${names.length} names`, async ({ path }) => {
            const read = reader === 'require' ? `require(${specifier})` : `await import(${specifier})`;
            const script = `console.log(JSON.stringify(Object.keys(${read})))`;
            const type = reader === 'require' ? 'commonjs' : 'module';
            const args = [`--input-type=${type}`, '--eval', script];
            const { ok, stdout, stderr } = await start(path, args, join(work.folder, 'tools'));
            if (!ok) return [stderr];
            const found = JSON.parse(stdout) as string[];
            return names.filter((name) => !found.includes(name));
          }));
      }
    }
  });

  describe('is bundled without a warning, and answers', () => {
    const rowOf = tableOf('bundled by', 'handler', 'format');
    const handlers: readonly (readonly [handler: string, folder: Folder, printed: string[]])[] = [
      ['plain', 'alone', ['bad broken']],
      ['json', 'alone', ['bad broken']],
      ['features', 'peers', ['sent', 'delayed', '1 failed, 1 delivered', 'bad']],
    ];

    before(() => prepareHandlers(work));

    /** What a file prints on a Node, where that is not what it should. */
    const faultsOf = async (node: Node, file: string, cwd: string, expected: string[]): Promise<string[]> => {
      const invoke = join(work.folder, 'tools', 'bundlers', 'invoke.cjs');
      const { stdout, stderr } = await start(node.path, [invoke, file], cwd);
      return stdout.trim() === expected.join('\n') ? [] : [stdout + stderr];
    };

    for (const bundler of bundlers) {
      for (const [handler, folder, expected] of handlers) {
        const rows = { cjs: rowOf(bundler.name, handler, 'CommonJS'), mjs: rowOf(bundler.name, handler, 'ES module') };

        it(`as a ${handler} handler, by ${bundler.name}`, async () => {
          const { warnings, files, cwd } = await bundle(bundler, handler, folder, work);
          expect(warnings).to.deep.equal([]);
          for (const [index, row] of Object.values(rows).entries()) {
            await onEveryNode(row, 'ok', (node) => faultsOf(node, files[index]!, cwd, expected));
          }
        });
      }

      it(`with the optional peers in it, by ${bundler.name}`, async () => {
        const { files } = await bundle(bundler, 'features', 'peers', work);
        const taken = files.map((file) => readFileSync(file, 'utf8').includes('this is the SDK'));
        expect(taken).to.deep.equal([true, true]);
      });

      it(`as a handler with every feature where the optional peers are external and missing, by ${bundler.name}`, async () => {
        const { warnings, files, cwd } = await bundle(bundler, 'features', 'alone', work, peers);
        expect(warnings).to.deep.equal([]);
        const invoke = join(work.folder, 'tools', 'bundlers', 'invoke.cjs');
        for (const file of files) {
          const { stdout } = await start(work.nodes[0]!.path, [invoke, file], cwd);
          expect(stdout).to.match(/^openTelemetry\(\) needs @opentelemetry\/api: npm install @opentelemetry\/api/);
        }
      });

      it(`which is told of a missing package that a handler uses, if of anything, by ${bundler.name}`, async () => {
        const { warnings } = await bundle(bundler, 'features', 'alone', work);
        const missing = warnings.map((warning) => /^Module not found: Error: Can't resolve '(.*?)'/.exec(warning)?.[1]);
        expect(missing).to.have.members(bundler.tellsMissing ? peers : []);
      });
    }
  });

  describe('is run without being compiled', () => {
    const rowOf = tableOf('run by');

    it('by the type stripping of Node, with createBatchHandler', () =>
      onEveryNode(
        rowOf('type stripping'),
        'ok',
        async ({ path }) => {
          const args = ['--experimental-strip-types', 'stripped/orders.ts'];
          const { ok, stdout, stderr } = await start(path, args, join(work.folder, 'tools'));
          return ok && stdout === 'ok\n' ? [] : [stdout + stderr];
        },
        22,
      ));
  });

  describe('is tested by one decorated class, whose entry is spied on', () => {
    const rowOf = tableOf('runner', 'dialect');

    for (const [index, runner] of runners.entries()) {
      const { name, dialect, project, command, passed } = runner;
      const row = rowOf(name, dialect);

      it(`under ${name} with ${dialect} decorators`, () =>
        onEveryNode(
          row,
          `${testCount} passed`,
          async ({ path, major }) => {
            // A folder for each run: runners keep caches.
            const cwd = join(work.folder, project, 'runners', `${index}-${major}`);
            writeTest(runner, cwd);
            const { ok, stdout, stderr } = await start(path, command, cwd, { DIALECT: dialect });
            const output = stdout + stderr;
            return ok && passed.test(output) ? [] : [output];
          },
          projects[project],
        ));
    }
  });
});
