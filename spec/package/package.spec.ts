import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { expect } from 'chai';
import { buildSync } from 'esbuild';

import { bin, node, packed, project, readme, readmeConfig, root, run, work } from '../support/package';

const blocksOf = (text: string): string[] => [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

/** The TypeScript blocks of README; the first is what a newcomer copies. */
const readmeBlocks = blocksOf(readme);

/** Those of the pages of the site, which are all that there are: README has none that is not on a page as well. */
const docsBlocks = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md') && file !== 'durable-functions.md') // spec/durable compiles that
  .flatMap((file) => blocksOf(readFileSync(join(root, 'docs', file), 'utf8')));

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

/** Options that are undefined, or of the type that has all of them. */
const computed = `
import { BatchHandler, type BatchHandlerOptions, BatchProcessor, processPartialResponse } from 'lambda-batch-handler';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

const given = (name: string): number | undefined => (process.env[name] ? Number(process.env[name]) : undefined);
const options: BatchHandlerOptions = { source: 'SQS', concurrency: 5 };

export class Orders {
  @BatchHandler({ source: 'SQS', concurrency: given('A'), stopBeforeTimeout: given('B'), recordTimeout: given('C') })
  async handle(_record: SQSRecord): Promise<void> {}

  @BatchHandler(options)
  async others(_record: SQSRecord): Promise<void> {}
}

export const handler = (event: SQSEvent, context: Context, client?: { readonly context: Context }) =>
  processPartialResponse(event, () => undefined, new BatchProcessor('SQS'), {
    context: client?.context,
    concurrency: given('A'),
  });
`;

/** The subpaths that handlers import, by the name of their files. */
const subpaths = [
  'index',
  'payload',
  'dead-letter',
  'retry-delay',
  'opentelemetry',
  'kafka',
  'pipes',
  'chunk',
  'guard',
  'sqs-consumer',
];

/** The files of lib that load an optional peer, by the name of what is built of them. */
const peers = {
  'payload/util-dynamodb.ts': 'util-dynamodb',
  'sqs/client-sqs.ts': 'client-sqs',
  'guard/client-lambda.ts': 'client-lambda',
  'opentelemetry/api.ts': 'api',
};

/** The files of the test kit that the bridge to sqs-consumer goes by. */
const judging = [
  ...['check', 'event-batch', 'interpret-response', 'interpretation', 'partial-answer', 'payload-limit'],
  'reported-identifier',
];

const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

type Conditions = Readonly<Record<string, unknown>>;

interface Manifest {
  readonly exports: Readonly<Record<string, Conditions>>;
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, string[]>>>>;
  readonly sideEffects: string[];
}

describe('The package', () => {
  let tarball: string;

  before(() => {
    tarball = packed();
  });

  it('is what publint and attw find no fault with', () => {
    expect(node([bin('publint/src/cli.js'), 'run', tarball, '--strict'], work)).to.include('All good!');
    expect(node([bin('@arethetypeswrong/cli/dist/index.js'), tarball], work)).to.include('No problems found');
  });

  it('holds the build, the sources that its maps lead to, the papers, and no more', () => {
    const files = run('tar', ['tzf', tarball], work).trim().split('\n');
    expect(files).to.include.members([
      'package/README.md',
      'package/LICENSE',
      'package/CHANGELOG.md',
      'package/SECURITY.md',
      'package/dist/index.js.map',
      'package/dist/payload/index.d.ts',
      'package/lib/payload/index.ts',
    ]);
    expect(
      files.filter(
        (file) =>
          !/^package\/(dist\/|lib\/.*\.ts$|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|package\.json)/.test(file),
      ),
    ).to.deep.equal([]);
    // For bundlers a module for every file of lib, beside the peers' files and the kit for tests, but for what judges answers.
    const isInTree = (file: string) =>
      !/^(testing|check|cdk)\//.test(file) || judging.includes(file.replace(/^testing\/|\.ts$/g, ''));
    const tree = sources.filter((file) => isInTree(file) && !Object.keys(peers).includes(file));
    expect(files.filter((file) => /\.[cm]?js$/.test(file))).to.have.members([
      ...['testing', 'check', 'cdk', 'bin'].map((name) => `package/dist/${name}.js`),
      ...['read', 'loader', 'refuse', 'runner'].map((name) => `package/dist/check/${name}.js`),
      'package/dist/types.js',
      ...subpaths.flatMap((name) => [
        `package/dist/${name}.js`,
        `package/dist/${name}.import.cjs`,
        `package/dist/${name}.import.mjs`,
      ]),
      ...Object.values(peers).map((name) => `package/dist/peers/${name}.js`),
      ...tree.map((file) => `package/dist/esm/${file.replace(/ts$/, 'mjs')}`),
    ]);
    const mapped = files.filter(
      (name) => /\.[cm]?js$/.test(name) && !/\.import\.|dist\/(testing|check|cdk|bin)\.js$|dist\/check\//.test(name),
    );
    expect(mapped.filter((file) => !files.includes(`${file}.map`))).to.deep.equal([]);
    expect(files).not.to.include('package/dist/testing.js.map'); // large, and of no use to a function
  });

  it('has maps, of code and of declarations, that lead to sources which are in the package', () => {
    const folder = join(work, 'unpacked');
    mkdirSync(folder);
    run('tar', ['xzf', tarball, '-C', folder], work);
    const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.map'));
    const lost = maps.filter((file) => {
      const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { sources: string[] };
      return !sources.every((source) => existsSync(join(folder, dirname(file), source)));
    });

    expect(maps.filter((file) => file.endsWith('.d.ts.map')).length).to.be.above(150);
    expect(lost).to.deep.equal([]);
  });

  it('says the same of every subpath to all who ask for it, and of files that are there', () => {
    const { exports, typesVersions, sideEffects } = JSON.parse(
      run('tar', ['xzOf', tarball, 'package/package.json'], work),
    ) as Manifest;
    const names = Object.keys(exports).filter((name) => name !== './package.json');
    expect(names).to.deep.equal([
      '.',
      './types',
      './testing',
      './payload',
      './dead-letter',
      './retry-delay',
      './opentelemetry',
      './kafka',
      './pipes',
      './chunk',
      './guard',
      './check',
      './cdk',
      './sqs-consumer',
    ]);

    const files = new Set(run('tar', ['tzf', tarball], work).trim().split('\n'));
    const targetsOf = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : Object.values(value as object).flatMap(targetsOf);
    const targets = [exports, typesVersions].flatMap(targetsOf).concat(sideEffects);
    expect(targets.filter((target) => !files.has(target.replace('.', 'package')))).to.deep.equal([]);

    const older = Object.entries(typesVersions['*']!).map(([name, [types]]) => [`./${name}`, types]);
    const newer = names
      .slice(1)
      .map((name) => [name, (exports[name]!.default as Conditions).types ?? exports[name]!.types]);
    expect(older).to.have.deep.members(newer);
  });

  it('names as having side effects the one module that loads reflect-metadata, and for Node the index', () => {
    const { sideEffects } = JSON.parse(run('tar', ['xzOf', tarball, 'package/package.json'], work)) as Manifest;
    expect(sideEffects).to.have.members([
      './dist/index.js',
      './dist/index.import.cjs',
      './dist/index.import.mjs',
      './dist/esm/decorator/reflect.mjs',
    ]);
    const importing = sources.filter((file) => /^import '/m.test(readFileSync(join(root, 'lib', file), 'utf8')));
    expect(importing).to.have.members(['decorator/metadata.ts', 'decorator/reflect.ts']);
  });

  it('takes from the index, in other subpaths, nothing that the index does not have', () => {
    const index = new Set(Object.keys(createRequire(root)(join(root, 'dist', 'index.js')) as object));
    for (const name of subpaths.filter((subpath) => subpath !== 'index')) {
      const code = readFileSync(join(root, 'dist', `${name}.js`), 'utf8');
      const indexes = [...code.matchAll(/^var (\w+) = require\("\.\/index\.js"\)/gm)].map(([, variable]) => variable!);
      expect(indexes).not.to.deep.equal([]);
      const used = indexes.flatMap((variable) => [...code.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))]);
      expect(used.length).to.be.above(0);
      expect(
        used.map(([, used]) => used!).filter((each) => !index.has(each)),
        name,
      ).to.deep.equal([]);
    }
  });

  it('has Node read one file for a subpath, beside the index, and peers on use', () => {
    const loaded = (name: string): string[] => {
      const script = `require('./dist/${name}.js'); console.log(JSON.stringify(Object.keys(require.cache)))`;
      const files = JSON.parse(node(['-e', script], root)) as string[];
      return files.map((file) => relative(root, file).replaceAll('\\', '/'));
    };
    const reflectMetadata = 'node_modules/reflect-metadata/ReflectLite.js';
    expect(loaded('index')).to.deep.equal(['dist/index.js', reflectMetadata]);
    expect(loaded('kafka')).to.have.members(['dist/kafka.js', 'dist/index.js', reflectMetadata]);
    expect(loaded('chunk')).to.have.members(['dist/chunk.js', 'dist/index.js', reflectMetadata]);
    expect(loaded('sqs-consumer')).to.have.members(['dist/sqs-consumer.js', 'dist/index.js', reflectMetadata]);
    expect(loaded('pipes')).to.have.members(['dist/pipes.js', 'dist/index.js', reflectMetadata]);
    for (const [name, peer] of [
      ['payload', 'util-dynamodb'],
      ['dead-letter', 'client-sqs'],
      ['retry-delay', 'client-sqs'],
      ['guard', 'client-lambda'],
      ['opentelemetry', 'api'],
    ] as const) {
      expect(loaded(name)).to.have.members([
        `dist/${name}.js`,
        'dist/index.js',
        reflectMetadata,
        `dist/peers/${peer}.js`,
      ]);
    }
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
          const subpaths = [
            ...['cdk', 'check', 'chunk', 'dead-letter', 'guard', 'kafka', 'payload', 'pipes', 'retry-delay'],
            ...['sqs-consumer', 'testing'],
          ];
          const imports = subpaths.map((name) => `import type {} from 'lambda-batch-handler/${name}';\n`); // to be checked
          writeFileSync(join(source, 'run.ts'), imports.join('') + program.replace("'./handler'", "'./handler.js'"));
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

      it('gives require and import the same, every function by name', () => {
        const script = `
          import { createRequire } from 'node:module';
          const require = createRequire(import.meta.url);
          const faults = [];
          let count = 0;
          for (const subpath of ['', '/payload', '/dead-letter', '/retry-delay', '/opentelemetry', '/kafka', '/pipes', '/chunk', '/guard', '/sqs-consumer', '/check', '/cdk', '/types', '/testing']) {
            const imported = await import('lambda-batch-handler' + subpath);
            const required = require('lambda-batch-handler' + subpath);
            for (const [name, value] of Object.entries(required)) {
              count++;
              if (imported[name] !== value) faults.push([subpath, name, 'is another']);
              if (typeof value === 'function' && value.name !== name) faults.push([subpath, name, value.name]);
            }
          }
          console.log(JSON.stringify(faults), count > 40);
        `;
        expect(node(['--input-type=module', '-e', script], folder).trim()).to.equal('[] true');
      });

      it('has one copy of every class for all subpaths, required and imported', () => {
        const script = `
          import { createRequire } from 'node:module';
          import { createBatchHandler, Delivery, FullBatchFailureError, observe, ParsingError } from 'lambda-batch-handler';
          import * as imported from 'lambda-batch-handler/dead-letter';
          const require = createRequire(import.meta.url);
          const { json } = require('lambda-batch-handler/payload');
          const { exponentialBackoff } = require('lambda-batch-handler/retry-delay');
          const logger = { debug() {}, warn() {}, error() {} };
          const record = { messageId: '1', receiptHandle: 'handle', body: 'no JSON', eventSource: 'aws:sqs',
            attributes: { ApproximateReceiveCount: '1' }, eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders' };
          for (const { deadLetter } of [imported, require('lambda-batch-handler/dead-letter')]) {
            const seen = [];
            const warned = [];
            const handler = createBatchHandler({
              source: 'SQS',
              payload: json(),
              nonRetryable: deadLetter({
                errors: [ParsingError],
                deliverTo: (_, error, delivery) => {
                  seen.push('deliverTo', error instanceof ParsingError, delivery instanceof Delivery);
                  throw 'not taken';
                },
              }),
              retryDelay: exponentialBackoff({ client: { send: async () => { throw 'not delayed'; } } }),
              observers: [observe({
                onRecordFailure: (delivery, error) => seen.push('observe', error instanceof ParsingError, delivery instanceof Delivery),
              })],
              logger: { debug() {}, warn: (line) => warned.push(line), error: (line, { name }) => seen.push(line, name) },
            }, () => {});
            const error = await handler({ Records: [record] }, {}).catch((error) => error);
            console.log(JSON.stringify([error instanceof FullBatchFailureError, seen, warned]));
          }
        `;
        const printed = JSON.stringify([
          true,
          [
            ...['deliverTo', true, true],
            ...['Record 1 could not be delivered elsewhere.', 'BatchProcessingError'],
            ...['Record 1 failed (receive 1).', 'ParsingError'],
            ...['observe', true, true],
          ],
          ['Messages that failed are not delayed: BatchProcessingError: not delayed.'],
        ]);
        expect(node(['--input-type=module', '-e', script], folder).trim().split('\n')).to.deep.equal([
          printed,
          printed,
        ]);
      });
    });
  }

  for (const dialect of ['experimental', 'standard'] as const) {
    it(`has a README and docs whose every example compiles with ${dialect} decorators`, () => {
      const folder = join(work, `readme-${dialect}`);
      mkdirSync(folder);
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
      writeFileSync(join(folder, 'handler.ts'), readmeBlocks[0]!); // which others import
      // The decorators of Powertools are written for experimentalDecorators, as docs/observability.md says.
      const examples = [...readmeBlocks, ...docsBlocks].filter(
        (code) => dialect === 'experimental' || !code.includes('@logger.'),
      );
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
          'lambda-batch-handler/dead-letter': [join(root, 'dist', 'dead-letter', 'index')],
          'lambda-batch-handler/chunk': [join(root, 'dist', 'chunk', 'index')],
          'lambda-batch-handler/guard': [join(root, 'dist', 'guard', 'index')],
          'lambda-batch-handler/check': [join(root, 'dist', 'check', 'index')],
          'lambda-batch-handler/cdk': [join(root, 'dist', 'cdk', 'index')],
          'lambda-batch-handler/sqs-consumer': [join(root, 'dist', 'sqs-consumer', 'index')],
          'lambda-batch-handler/kafka': [join(root, 'dist', 'kafka', 'index')],
          'lambda-batch-handler/pipes': [join(root, 'dist', 'pipes', 'index')],
          'lambda-batch-handler/opentelemetry': [join(root, 'dist', 'opentelemetry', 'index')],
          'lambda-batch-handler/payload': [join(root, 'dist', 'payload', 'index')],
          'lambda-batch-handler/retry-delay': [join(root, 'dist', 'retry-delay', 'index')],
          'lambda-batch-handler/testing': [join(root, 'dist', 'testing', 'index')],
        },
        experimentalDecorators: dialect === 'experimental',
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      expect(node([bin('typescript/bin/tsc'), '-p', folder], folder)).to.equal('');
      expect(docsBlocks).to.have.length.above(27);
    });
  }

  for (const dialect of ['experimental', 'standard'] as const) {
    it(`takes options that are computed, with exactOptionalPropertyTypes and ${dialect} decorators`, () => {
      const source = join(work, 'commonjs', `exact-${dialect}`);
      mkdirSync(source);
      writeFileSync(join(source, 'handler.ts'), computed);
      const compilerOptions = { ...readmeConfig(dialect), noEmit: true, exactOptionalPropertyTypes: true };
      writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      expect(node([bin('typescript/bin/tsc'), '-p', source], source)).to.equal('');
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
