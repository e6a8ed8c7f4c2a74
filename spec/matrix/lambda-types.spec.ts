import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { bin, link, node, npm, packed, root, run, work } from '../support/package';

/** What handlers are written with: the types of the user's own copy of the package meet those that the library has. */
const program = `
  import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent, KinesisStreamBatchResponse,
    KinesisStreamEvent, KinesisStreamRecord, SQSBatchResponse, SQSEvent, SQSHandler, SQSRecord } from 'aws-lambda';
  import { BatchHandler, BatchProcessor, createBatchHandler, lambdaHandler, processPartialResponse } from 'lambda-batch-handler';
  import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';
  import { images } from 'lambda-batch-handler/payload';

  class Orders {
    @BatchHandler({ source: 'SQS', retryDelay: exponentialBackoff() })
    async messages(record: SQSRecord, context: Context): Promise<void> {
      void [record.body, context.awsRequestId];
    }
    @BatchHandler({ source: 'KinesisDataStreams' })
    async data(record: KinesisStreamRecord): Promise<void> {
      void record.kinesis.data;
    }
    @BatchHandler({ source: 'DynamoDBStreams' })
    async changes(record: DynamoDBRecord): Promise<void> {
      void record.dynamodb;
    }
    @BatchHandler({ source: 'DynamoDBStreams', payload: images() })
    async images(change: unknown): Promise<void> {
      void change;
    }
  }
  const orders = new Orders();
  type Entry<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;
  export const messages: Entry<SQSEvent, SQSBatchResponse> = lambdaHandler<'SQS'>(orders, 'messages');
  export const data: Entry<KinesisStreamEvent, KinesisStreamBatchResponse> =
    lambdaHandler<'KinesisDataStreams'>(orders, 'data');
  export const changes: Entry<DynamoDBStreamEvent, DynamoDBBatchResponse> =
    lambdaHandler<'DynamoDBStreams'>(orders, 'changes');
  export const created: SQSHandler = createBatchHandler({ source: 'SQS' }, async ({ body }: SQSRecord) => void body);
  const processor = new BatchProcessor('SQS');
  export const classApi: Entry<SQSEvent, SQSBatchResponse> = (event, context) =>
    processPartialResponse(event, async ({ body }: SQSRecord) => body, processor, { context });
`;
const compilerOptions = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'node20',
  strict: true,
  noEmit: true,
  types: ['node'],
};

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
const floor = manifestOf(root).dependencies['@types/aws-lambda']!.replace('^', '');
const newest = manifestOf(bin('@types/aws-lambda')).version;
const quiet = ['--ignore-scripts', '--prefer-offline'];

/** How a project is installed by each package manager. */
const managers: Readonly<Record<string, (folder: string) => void>> = {
  npm: (folder) => run(npm, ['install', '--no-audit', '--no-fund', ...quiet], folder),
  pnpm: (folder) => node([join(work, 'node_modules/pnpm/bin/pnpm.cjs'), 'install', ...quiet], folder),
};

/** A project that pins its types, with the packed library. */
function projectWith(manager: string, version: string): string {
  const folder = join(work, `${manager}-${version}`);
  mkdirSync(folder);
  const dependencies = { 'lambda-batch-handler': `file:${packed()}` };
  const manifest = { private: true, dependencies, devDependencies: { '@types/aws-lambda': version } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  managers[manager]!(folder);
  link(folder, '@types/node');
  writeFileSync(join(folder, 'orders.ts'), program);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['orders.ts'] }));
  return folder;
}

/** The versions of the types that are installed, a copy each. */
function versionsIn(folder: string): string[] {
  const modules = join(folder, 'node_modules');
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' });
  const copies = files.filter((file) => file.replaceAll('\\', '/').endsWith('@types/aws-lambda/package.json'));
  const folders = new Set(copies.map((file) => realpathSync(join(modules, file, '..'))));
  return [...folders].map((copy) => manifestOf(copy).version);
}

const compile = (folder: string): string => node([bin('typescript/bin/tsc'), '-p', folder], folder);

// The types declare globals (`awslambda`), so that two copies of them do not compile: whatever a project pins has to be what
// the library takes as well. 8.10.102 is the first version that has the answers of all three sources.
describe('The packed library beside the types of AWS Lambda', () => {
  before(() => {
    run(npm, ['install', '--no-save', '--no-audit', '--no-fund', ...quiet, '--prefix', work, 'pnpm@10.34.9'], work);
  });

  for (const manager of Object.keys(managers)) {
    for (const version of [floor, '8.10.152', newest]) {
      it(`that ${manager} has pinned to ${version} is a program that compiles, with one copy of them`, () => {
        const folder = projectWith(manager, version);
        expect(compile(folder)).to.equal('');
        expect(versionsIn(folder)).to.deep.equal([version]);
      });
    }
  }

  it('would not compile with two copies', () => {
    const folder = join(work, 'npm-8.10.152');
    const second = join(folder, 'node_modules/lambda-batch-handler/node_modules/@types/aws-lambda');
    cpSync(bin('@types/aws-lambda'), second, { recursive: true });
    expect(() => compile(folder)).to.throw("TS2300: Duplicate identifier 'HttpResponseStream'");
  });
});
