import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { buildSync, type BuildOptions } from 'esbuild';

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
    expect(files.filter((file) => /\.[cm]?js$/.test(file))).to.have.members([
      'package/dist/index.js',
      'package/dist/index.mjs',
      'package/dist/payload.js',
      'package/dist/payload.mjs',
      'package/dist/client-sqs.js',
      'package/dist/dead-letter.js',
      'package/dist/dead-letter.mjs',
      'package/dist/opentelemetry-api.js',
      'package/dist/opentelemetry.js',
      'package/dist/opentelemetry.mjs',
      'package/dist/peers.js',
      'package/dist/testing.js',
      'package/dist/types.js',
      ...['index', 'payload', 'dead-letter', 'opentelemetry'].flatMap((name) => [
        `package/dist/${name}.import.cjs`,
        `package/dist/${name}.import.mjs`,
      ]),
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
          const { sqsQueue } = await import('lambda-batch-handler/dead-letter');
          sqsQueue({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead' });
          await import('lambda-batch-handler/payload');
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
          'lambda-batch-handler/dead-letter': [join(root, 'dist', 'dead-letter', 'index')],
          'lambda-batch-handler/opentelemetry': [join(root, 'dist', 'opentelemetry', 'index')],
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

  describe('in a bundle', () => {
    const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
    const sources = {
      plain: ['', "source: 'SQS'"],
      delayed: ['', "source: 'SQS', retryDelay: { seconds: () => 60 }"],
      images: [
        "import { images } from 'lambda-batch-handler/payload';",
        "source: 'DynamoDBStreams', payload: images()",
      ],
      deadLetter: [
        "import { sqsQueue } from 'lambda-batch-handler/dead-letter';",
        `source: 'SQS', nonRetryable: { errors: [Error], deliverTo: sqsQueue({ queueUrl: '${queueUrl}' }) }`,
      ],
    } as const;
    const record = JSON.stringify({
      messageId: '1',
      receiptHandle: 'handle',
      body: 'bad',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders',
    });

    /** A project with the package and, in place of the SDK, packages that print what they are called with. */
    function projectWith(...installed: readonly string[]): string {
      const folder = mkdtempSync(join(work, 'bundle-'));
      mkdirSync(join(folder, 'node_modules'));
      // Copies: a link would lead on to the SDK of this repository.
      const own = join(folder, 'node_modules', 'lambda-batch-handler');
      cpSync(join(root, 'dist'), join(own, 'dist'), { recursive: true });
      cpSync(join(root, 'package.json'), join(own, 'package.json'));
      cpSync(bin('reflect-metadata'), join(folder, 'node_modules', 'reflect-metadata'), { recursive: true });
      for (const name of installed) {
        mkdirSync(join(folder, 'node_modules', name), { recursive: true });
        writeFileSync(
          join(folder, 'node_modules', name, 'index.js'),
          `exports.from = 'this is ${name}';
           exports.SQSClient = class {
             async send({ call }) { console.log(call); return { Successful: [{ Id: '0' }] }; }
           };
           exports.SendMessageBatchCommand = class { call = 'sent'; };
           exports.ChangeMessageVisibilityBatchCommand = class { call = 'delayed'; };`,
        );
      }
      return folder;
    }

    function bundle(folder: string, source: keyof typeof sources, options: BuildOptions = {}): string {
      const [imports, decorator] = sources[source];
      writeFileSync(
        join(folder, 'handler.ts'),
        `import { BatchHandler } from 'lambda-batch-handler';
         ${imports}
         class Orders { @BatchHandler({ ${decorator}, logger: { debug() {}, warn: console.log, error() {} } }) handle() { throw new Error('no'); } }
         const { handle } = new Orders() as any;
         void handle({ Records: [${record}] }, {}).catch(() => undefined);`,
      );
      buildSync({
        absWorkingDir: folder,
        entryPoints: ['handler.ts'],
        outfile: 'out.cjs',
        bundle: true,
        platform: 'node',
        target: 'node20',
        logLevel: 'error',
        ...options,
      });
      return readFileSync(join(folder, options.outfile ?? 'out.cjs'), 'utf8');
    }

    for (const [how, condition] of [
      ['ES modules', 'module'],
      ['CommonJS', 'none'],
    ] as const) {
      const options = { conditions: [condition] };

      it(`made of ${how} has of the AWS SDK what the handler imports, and no more`, () => {
        const folder = projectWith('@aws-sdk/client-sqs', '@aws-sdk/util-dynamodb');
        const sdkOf = (source: keyof typeof sources) =>
          [...bundle(folder, source, options).matchAll(/this is (@[/\w-]+)/g)].map(([, name]) => name);
        expect(sdkOf('plain')).to.deep.equal([]);
        expect(sdkOf('delayed')).to.deep.equal([]);
        expect(sdkOf('images')).to.deep.equal(['@aws-sdk/util-dynamodb']);
        expect(sdkOf('deadLetter')).to.deep.equal(['@aws-sdk/client-sqs']);
      });

      it(`made of ${how} needs none of the SDK to be installed, and says what is missing`, () => {
        const folder = projectWith();
        for (const source of ['plain', 'images', 'deadLetter'] as const) bundle(folder, source, options);
        bundle(folder, 'delayed', options);
        expect(node(['out.cjs'], folder)).to.include(
          'retryDelay needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs',
        );
      });

      it(`made of ${how} takes its dead-letter queue's client along`, () => {
        const folder = projectWith('@aws-sdk/client-sqs');
        bundle(folder, 'deadLetter', options);
        rmSync(join(folder, 'node_modules'), { recursive: true });
        expect(node(['out.cjs'], folder)).to.equal('sent\n');
      });
    }

    for (const [format, outfile] of [
      ['cjs', 'out.cjs'],
      ['esm', 'out.mjs'],
    ] as const) {
      it(`of format ${format} finds the SDK of the runtime for retryDelay`, () => {
        const folder = projectWith('@aws-sdk/client-sqs');
        bundle(folder, 'delayed', { format, outfile, external: ['reflect-metadata'] });
        expect(node([outfile], folder)).to.equal('delayed\n');
      });
    }
  });
});
