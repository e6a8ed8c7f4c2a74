import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { buildSync } from 'esbuild';

import { bin, node, packed, project, readme, readmeConfig, root, run, work } from '../support/package';

/** The TypeScript blocks of README; the first is what a newcomer copies. */
const readmeBlocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

/** The test that README shows of a simulation, and those who can run it. */
const simulation = readmeBlocks.find((code) => code.includes('simulateQueue('))!;
const runners = [
  ['mocha', [bin('mocha/bin/mocha.js')], ''],
  ['node:test', ['--test', '--test-reporter', 'tap'], "import { it } from 'node:test';"],
] as const;
const passed = { mocha: /1 passing/, 'node:test': /# pass 1\n/ };

/** Calls the README's handler on two messages, one of which it cannot read. */
const program = `
import { handler } from './handler';
import { FullBatchFailureError, getBatchHandlerOptions } from 'lambda-batch-handler';

const record = (messageId: string, body: string) => ({ messageId, body, eventSource: 'aws:sqs' });
const entry = handler as unknown as (event: unknown, context: unknown) => Promise<unknown>;
console.error = () => undefined;
void entry({ Records: [record('1', '{"id":"order-1"}'), record('2', 'no JSON')] }, {}).then((answer) => {
  console.log(JSON.stringify({ answer, length: entry.length, named: [FullBatchFailureError.name, typeof getBatchHandlerOptions] }));
});
`;

describe('The package', () => {
  let tarball: string;

  before(() => {
    tarball = packed();
  });

  it('is what publint and attw find no fault with', () => {
    expect(node([bin('publint/src/cli.js'), 'run', tarball, '--strict'], work)).to.include('All good!');
    expect(node([bin('@arethetypeswrong/cli/dist/index.js'), tarball], work)).to.include('No problems found');
  });

  it('holds the build, README and LICENSE, and no more', () => {
    const files = run('tar', ['tzf', tarball], work).trim().split('\n');
    expect(files).to.include.members([
      'package/README.md',
      'package/LICENSE',
      'package/dist/index.js.map',
      'package/dist/payload/index.d.ts',
    ]);
    expect(files.filter((file) => !/^package\/(dist\/|README\.md|LICENSE|package\.json)/.test(file))).to.deep.equal([]);
    expect(files.filter((file) => /\.m?js$/.test(file))).to.have.members([
      'package/dist/index.js',
      'package/dist/index.mjs',
      'package/dist/payload.js',
      'package/dist/payload.mjs',
      'package/dist/peers.js',
      'package/dist/testing.js',
      'package/dist/types.js',
    ]);
  });

  for (const type of ['commonjs', 'module'] as const) {
    describe(`in an empty ${type} project`, () => {
      let folder: string;

      before(() => {
        folder = project(type);
      });

      it('installs reflect-metadata and two packages of types, and nothing else', () => {
        const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
          packages: object;
        };
        expect(Object.keys(packages).filter(Boolean).sort()).to.deep.equal([
          'node_modules/@standard-schema/spec',
          'node_modules/@types/aws-lambda',
          'node_modules/lambda-batch-handler',
          'node_modules/reflect-metadata',
        ]);
      });

      for (const dialect of ['experimental', 'standard'] as const) {
        it(`compiles the README example with ${dialect} decorators, and it answers`, () => {
          const source = join(folder, dialect);
          mkdirSync(source);
          writeFileSync(join(source, 'handler.ts'), readmeBlocks[0]!);
          writeFileSync(join(source, 'run.ts'), program.replace("'./handler'", "'./handler.js'"));
          // Declarations are checked once for both kinds of project.
          const skipLibCheck = type === 'module';
          const compilerOptions = { ...readmeConfig(dialect), rootDir: '.', outDir: 'out', skipLibCheck };
          writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
          node([bin('typescript/bin/tsc'), '-p', source], folder);

          const printed = node([join(source, 'out', 'run.js')], folder)
            .trim()
            .split('\n')
            .at(-1)!;
          expect(JSON.parse(printed)).to.deep.equal({
            answer: { batchItemFailures: [{ itemIdentifier: '2' }] },
            length: 2,
            named: ['FullBatchFailureError', 'function'],
          });
        });
      }

      it('gives require and import the same classes, every one by name', () => {
        const script = `
          import * as imported from 'lambda-batch-handler';
          import { createRequire } from 'node:module';
          const required = createRequire(import.meta.url)('lambda-batch-handler');
          const names = Object.keys(required).sort();
          const renamed = names.filter((name) => typeof required[name] === 'function' && required[name].name !== name);
          const others = names.filter((name) => imported[name] !== required[name]);
          console.log(JSON.stringify([others, renamed]), names.length > 15);
          await import('lambda-batch-handler/types');
          await import('lambda-batch-handler/testing');
        `;
        expect(node(['--input-type=module', '-e', script], folder).trim()).to.equal('[[],[]] true');
      });
    });
  }

  for (const dialect of ['experimental', 'standard'] as const) {
    it(`has a README whose every example compiles with ${dialect} decorators`, () => {
      const folder = join(work, `readme-${dialect}`);
      mkdirSync(folder);
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
      // The decorators of Powertools are written for experimentalDecorators, as README says.
      const examples = readmeBlocks.filter((code) => dialect === 'experimental' || !code.includes('@logger.'));
      examples.forEach((code, index) => writeFileSync(join(folder, `example${index}.ts`), code));
      const compilerOptions = {
        target: 'es2022',
        module: 'node20',
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ['node', 'mocha'],
        paths: {
          'lambda-batch-handler': [join(root, 'dist')],
          'lambda-batch-handler/payload': [join(root, 'dist', 'payload', 'index')],
          'lambda-batch-handler/testing': [join(root, 'dist', 'testing', 'index')],
        },
        experimentalDecorators: dialect === 'experimental',
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      expect(node([bin('typescript/bin/tsc'), '-p', folder], folder)).to.equal('');
      expect(examples).to.have.length.above(5);
    });
  }

  describe('in the commonjs project of above', () => {
    for (const [runner, command, preamble] of runners) {
      it(`has a README whose simulation is a test under ${runner}`, () => {
        const source = join(work, 'commonjs', runner.replace(':', '-'));
        mkdirSync(source);
        writeFileSync(join(source, 'redelivery.test.ts'), `${preamble}\n${simulation}`);
        const compilerOptions = {
          ...readmeConfig('standard'),
          rootDir: '.',
          outDir: 'out',
          skipLibCheck: true,
          types: ['node', ...(runner === 'mocha' ? ['mocha'] : [])],
          typeRoots: [join(work, 'commonjs', 'node_modules', '@types'), bin('@types')],
        };
        writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
        node([bin('typescript/bin/tsc'), '-p', source], source);

        expect(node([...command, join(source, 'out', 'redelivery.test.js')], source)).to.match(passed[runner]);
      });
    }
  });

  it('behaves the same bundled and minified: no decision rests on a name', () => {
    const folder = join(work, 'bundled');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'handler.ts'),
      `import { BatchHandler, BatchProcessor, FullBatchFailureError, processPartialResponseSync } from ${JSON.stringify(join(root, 'dist'))};
       class Orders {
         @BatchHandler({ source: 'SQS', fifo: true })
         async handle(record: { body: string }): Promise<void> {
           JSON.parse(record.body);
         }
       }
       const attempt = (run: () => unknown) => { try { return run(); } catch (error) { return (error as Error).name; } };
       const record = (messageId: string, body: string) => ({ messageId, body, eventSource: 'aws:sqs' });
       console.error = console.warn = () => undefined;
       const { handle } = new Orders() as unknown as { handle: (event: unknown, context: unknown) => Promise<unknown> };
       void handle({ Records: [record('1', '1'), record('2', 'no'), record('3', '3')] }, {}).then((answer) => {
         const sync = attempt(() => processPartialResponseSync({ Records: [{ ...record('1', '1') }] }, () => 1, new BatchProcessor('SQS')));
         console.log(JSON.stringify({ answer, sync, name: handle.name, error: new FullBatchFailureError([]).name }));
       });`,
    );
    for (const dialect of [true, false]) {
      buildSync({
        absWorkingDir: folder,
        entryPoints: ['handler.ts'],
        outfile: 'bundle.js',
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20',
        tsconfigRaw: { compilerOptions: { experimentalDecorators: dialect } },
      });
      expect(JSON.parse(node(['bundle.js'], folder))).to.deep.equal({
        answer: { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }] },
        sync: 'BatchProcessingError',
        name: 'handle',
        error: 'FullBatchFailureError',
      });
    }
  });
});
