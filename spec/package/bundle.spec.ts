import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { buildSync, type BuildOptions, type Metafile } from 'esbuild';

import { installed, node, work } from '../support/package';

const queueUrl = "queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead'";
const imports = {
  json: "import { json } from 'lambda-batch-handler/payload';",
  images: "import { images } from 'lambda-batch-handler/payload';",
  deadLetter: "import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';",
  backoff: "import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';",
  observe: "import { observe } from 'lambda-batch-handler';",
  chunk: "import { chunksOf } from 'lambda-batch-handler/chunk';",
  guard: "import { partialResponses } from 'lambda-batch-handler/guard';",
  kafka: "import { kafka } from 'lambda-batch-handler/kafka';",
  pipes: "import { pipe } from 'lambda-batch-handler/pipes';",
  openTelemetry: "import { openTelemetry } from 'lambda-batch-handler/opentelemetry';",
} as const;
const sqsQueue = `nonRetryable: deadLetter({ errors: [Error], deliverTo: sqsQueue({ ${queueUrl} }) })`;
const backoff = 'retryDelay: exponentialBackoff({ base: 60, jitter: false })';
const observe = "observers: [observe({ onBatchEnd: ({ failed }) => console.log(failed, 'failed') })]";

const messages = [
  {
    messageId: '1',
    receiptHandle: 'handle',
    body: '"bad"',
    attributes: { ApproximateReceiveCount: '1' },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  },
];
/** A number that only a NumberValue of the SDK can hold. */
const Keys = { total: { N: '1.5e100' } };
const changes = [{ eventSource: 'aws:dynamodb', eventName: 'INSERT', dynamodb: { SequenceNumber: '1', Keys } }];

/** A program whose decorated class fails for every record that it is given, and tells what it was given. */
function decorated(options: string, used: readonly string[] = [], Records: readonly unknown[] = messages): string {
  return `
    import { BatchHandler } from 'lambda-batch-handler';
    ${used.join('\n')}
    class Orders {
      @BatchHandler({ ${options}, logger: { debug() {}, warn: console.log, error() {} } })
      handle(given: unknown) { throw new Error(String(given)); }
    }
    const { handle } = new Orders() as any;
    void handle({ Records: ${JSON.stringify(Records)} }, {}).catch(() => undefined);`;
}

const programs = {
  plain: decorated("source: 'SQS'"),
  json: decorated("source: 'SQS', payload: json()", [imports.json]),
  images: decorated("source: 'DynamoDBStreams', payload: images()", [imports.images], changes),
  sqsQueue: decorated(`source: 'SQS', ${sqsQueue}`, [imports.deadLetter]),
  exponentialBackoff: decorated(`source: 'SQS', ${backoff}`, [imports.backoff]),
  observe: decorated(`source: 'SQS', ${observe}`, [imports.observe]),
  features: decorated(`source: 'SQS', payload: json(), ${sqsQueue}, ${backoff}, ${observe}`, [
    ...[imports.json, imports.deadLetter, imports.backoff, imports.observe],
  ]),
  chunk: decorated("source: 'SQS', chunk: chunksOf(25)", [imports.chunk]),
  guard: `
    import { createBatchHandler } from 'lambda-batch-handler';
    ${imports.guard}
    const logger = { debug() {}, warn: console.log, error() {} };
    const options = { source: 'SQS', throwOnFullBatchFailure: false, guard: partialResponses(), logger } as const;
    const handler = createBatchHandler(options, () => { throw new Error('failed'); });
    void handler({ Records: ${JSON.stringify(messages)} } as any, { invokedFunctionArn: 'arn' } as any).catch(() => undefined);`,
  kafka: decorated("source: kafka, order: 'partition'", [imports.kafka]),
  pipes: decorated("source: pipe('KinesisDataStreams')", [imports.pipes]),
  openTelemetry: decorated("source: 'SQS', observers: [openTelemetry()]", [imports.openTelemetry]),
  createBatchHandler: `
    import { createBatchHandler } from 'lambda-batch-handler';
    export const handler = createBatchHandler({ source: 'SQS' }, () => undefined);`,
  classApi: `
    import { BatchProcessor, processPartialResponse } from 'lambda-batch-handler';
    const processor = new BatchProcessor('SQS');
    const record = { messageId: '1', body: '', eventSource: 'aws:sqs' };
    void processPartialResponse({ Records: [record, record] } as any, () => 1, processor).then((answer) => {
      console.log(JSON.stringify(answer), processor.successMessages.length);
    });`,
} as const;
type Program = keyof typeof programs;

/** A consumer, without the package that it is for, which needs nothing of it: what it is given to handle is deleted. */
const container = `
  import { createBatchHandler } from 'lambda-batch-handler';
  import { sqsConsumer } from 'lambda-batch-handler/sqs-consumer';
  const calls = ['receive'];
  const sqs = { send: async ({ input }: any) => (calls.push('delete'), { Successful: input.Entries }) };
  const { options } = sqsConsumer(createBatchHandler({ source: 'SQS' }, () => undefined), {
    sqs,
    ${queueUrl.replace('dead', 'orders')},
    queueArn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
    visibilityTimeout: 30,
  });
  void options.handleMessageBatch([{ MessageId: '1', ReceiptHandle: 'handle', Body: '' }]).then((deleted) => {
    console.log(JSON.stringify([deleted.map(({ MessageId }) => MessageId), calls]));
  });`;

/** What takes the place of the SDK: it says what it is called with and, like the SDK, it needs modules of Node. */
const sdk = (name: string): string => `
  require('node:util');
  exports.from = 'this is ${name}';
  exports.SQSClient = class {
    async send({ input }) {
      console.log('VisibilityTimeout' in input.Entries[0] ? 'delayed' : 'sent');
      return { Successful: [{ Id: '0' }] };
    }
  };
  exports.LambdaClient = class {
    async send({ input }) {
      console.log('asked for', input.FunctionName);
      return {};
    }
  };
  exports.unmarshall = (item) => (console.log('unmarshalled'), item);`;

/** A project with the packed library and, in place of the SDK, packages that print what they are called for. */
function projectWith(...packages: readonly string[]): string {
  const folder = mkdtempSync(join(work, 'bundle-'));
  installed(folder);
  for (const name of packages) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), sdk(name));
  }
  return folder;
}

interface Bundle {
  readonly code: string;
  /** The modules that it imports before it runs. */
  readonly imported: string[];
  /** The files that something of is in it, as `lambda-batch-handler/dist/...`. */
  readonly files: string[];
}

function bundle(folder: string, program: Program | { code: string }, options: BuildOptions = {}): Bundle {
  writeFileSync(join(folder, 'handler.ts'), typeof program === 'string' ? programs[program] : program.code);
  const outfile = options.format === 'esm' ? 'out.mjs' : 'out.cjs';
  const { metafile, warnings } = buildSync({
    absWorkingDir: folder,
    entryPoints: ['handler.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    metafile: true,
    ...options,
  });
  expect(warnings).to.deep.equal([]);
  const output = (metafile as Metafile).outputs[outfile]!;
  return {
    code: readFileSync(join(folder, outfile), 'utf8'),
    imported: output.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
    files: Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file.replace(/^.*node_modules\//, '')),
  };
}

const ways = [
  ['ES modules', 'module'],
  ['CommonJS', 'none'],
] as const;

describe('The packed library in a bundle', () => {
  for (const [how, condition] of ways) {
    const options: BuildOptions = { conditions: [condition] };

    it(`made of ${how} has of the AWS SDK what the handler imports, and no more`, () => {
      const folder = projectWith('@aws-sdk/client-lambda', '@aws-sdk/client-sqs', '@aws-sdk/util-dynamodb');
      const sdkOf = (program: Program) =>
        [...bundle(folder, program, options).code.matchAll(/this is (@[/\w-]+)/g)].map(([, name]) => name);
      expect(sdkOf('plain')).to.deep.equal([]);
      expect(sdkOf('observe')).to.deep.equal([]);
      expect(sdkOf('createBatchHandler')).to.deep.equal([]);
      expect(sdkOf('classApi')).to.deep.equal([]);
      expect(sdkOf('images')).to.deep.equal(['@aws-sdk/util-dynamodb']);
      expect(sdkOf('sqsQueue')).to.deep.equal(['@aws-sdk/client-sqs']);
      expect(sdkOf('exponentialBackoff')).to.deep.equal(['@aws-sdk/client-sqs']);
      expect(sdkOf('guard')).to.deep.equal(['@aws-sdk/client-lambda']);
      // CommonJS cannot be taken apart: who has json() has images() as well.
      expect(sdkOf('json')).to.deep.equal(condition === 'module' ? [] : ['@aws-sdk/util-dynamodb']);
    });

    it(`made of ${how} needs none of the SDK to be installed, and says what is missing`, () => {
      const folder = projectWith();
      for (const program of Object.keys(programs) as Program[]) bundle(folder, program, options);
      bundle(folder, 'exponentialBackoff', options);
      expect(node(['out.cjs'], folder)).to.include(
        'retryDelay needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs, or set client',
      );
    });

    for (const [program, printed] of [
      ['sqsQueue', 'sent\n'],
      ['exponentialBackoff', 'delayed\n'],
      ['images', 'unmarshalled\n'],
      ['guard', 'asked for arn\n'],
    ] as const) {
      it(`made of ${how} takes the SDK for ${program} along`, () => {
        const folder = projectWith('@aws-sdk/client-lambda', '@aws-sdk/client-sqs', '@aws-sdk/util-dynamodb');
        bundle(folder, program, options);
        rmSync(join(folder, 'node_modules'), { recursive: true });
        expect(node(['out.cjs'], folder)).to.equal(printed);
      });
    }
  }

  describe('made of ES modules', () => {
    const esm: BuildOptions = { conditions: ['module'], format: 'esm' };
    let folder: string;

    /** The folders of the library that something of is in the bundle; a file of its root by its name. */
    const roomsOf = (program: Program): string[] => {
      const own = bundle(folder, program, esm).files.filter((file) => file.startsWith('lambda-batch-handler/'));
      return [...new Set(own.map((file) => file.replace(/^.*?\/dist\/(esm\/)?([^/]+).*$/, '$2')))].sort();
    };

    before(() => {
      folder = projectWith();
    });

    it('has for a plain handler what every batch needs, and no feature', () => {
      for (const program of ['plain', 'createBatchHandler'] as const) {
        expect(roomsOf(program)).to.deep.equal(['batch', 'decorator', 'engine', 'errors', 'sources']);
      }
      const texts = ['reader():', 'deadLetter:', 'sqsQueue:', 'exponentialBackoff:', 'observe():', 'openTelemetry()'];
      expect(texts.filter((text) => bundle(folder, 'features', esm).code.includes(text))).to.deep.equal(
        ['deadLetter:', 'sqsQueue:', 'exponentialBackoff:', 'observe():', 'openTelemetry()'], // the last is in a message
      );
      // What a message of every handler names, no more.
      const { code } = bundle(folder, 'plain', esm);
      expect(texts.filter((text) => code.includes(text))).to.deep.equal(['openTelemetry()']);
      expect(code).to.include('an array of what observe() makes, or openTelemetry()');
      expect(code).not.to.match(/@aws-sdk|@opentelemetry|VisibilityTimeout|onRecordFailure|createRequire/);
    });

    it('has for a decorated handler no class of the class API', () => {
      const { code, files } = bundle(folder, 'features', esm);
      expect(files.filter((file) => file.includes('/processors/'))).to.deep.equal([]);
      expect(code).not.to.match(/failureHandler|FifoPartialProcessor|BasePartial/);
      expect(bundle(folder, 'classApi', esm).code).to.match(/failureHandler/);
    });

    it('has for the class API alone no decorator, no reflect-metadata and no feature', () => {
      const { code, files } = bundle(folder, 'classApi', esm);
      expect(roomsOf('classApi')).to.deep.equal(['batch', 'engine', 'errors', 'processors', 'sources']);
      expect(files.filter((file) => file.startsWith('reflect-metadata'))).to.deep.equal([]);
      expect(code).not.to.match(/reflect-metadata|defineMetadata|@aws-sdk|@opentelemetry|createRequire/);
      expect(bundle(folder, 'plain', esm).files).to.include('reflect-metadata/ReflectLite.js');
    });

    for (const [program, rooms] of [
      ['json', ['payload']],
      ['observe', ['observing']],
      ['sqsQueue', ['aws', 'dead-letter', 'peers', 'sqs']],
      ['exponentialBackoff', ['aws', 'peers', 'retry-delay', 'sqs']],
      ['images', ['payload', 'peers']],
      ['chunk', ['chunk']],
      ['guard', ['aws', 'guard', 'peers']],
      ['kafka', ['kafka']],
      ['pipes', ['pipes']],
      ['openTelemetry', ['observing', 'opentelemetry', 'peers']],
      ['features', ['aws', 'dead-letter', 'observing', 'payload', 'peers', 'retry-delay', 'sqs']],
    ] as const) {
      it(`has for ${program} beside that the code of ${rooms.join(', ')} alone`, () => {
        const plain = ['batch', 'decorator', 'engine', 'errors', 'sources'];
        expect(roomsOf(program)).to.deep.equal([...plain, ...rooms].sort());
      });
    }

    for (const program of Object.keys(programs) as Program[]) {
      it(`imports for ${program} nothing of Node, whose modules take long to load`, () => {
        const { code, imported } = bundle(folder, program, esm);
        expect(imported).to.deep.equal([]);
        expect(code).not.to.match(/^import\b/m);
      });
    }

    it('has nothing for containers, or of the test kit, in a handler, and for who imports it no more than that', () => {
      for (const program of Object.keys(programs) as Program[]) {
        expect(bundle(folder, program, esm).files.filter((file) => /sqs-consumer|testing/.test(file))).to.deep.equal(
          [],
        );
      }
      const { code, files } = bundle(folder, { code: container }, esm);
      expect(code).not.to.match(/FakeTimers|fake-timers/i);
      expect(files.filter((file) => !file.startsWith('lambda-batch-handler/'))).to.have.members([
        ...['handler.ts', 'reflect-metadata/ReflectLite.js'],
      ]);
      expect(files.filter((file) => file.includes('/sqs-consumer/'))).not.to.deep.equal([]);
      expect(node(['out.mjs'], folder)).to.equal('[["1"],["receive","delete"]]\n');
    });

    it('has one copy of every class, also where some of it is required', () => {
      const both = projectWith();
      const { files } = bundle(both, {
        code: `
          import { ParsingError } from 'lambda-batch-handler';
          const { json } = require('lambda-batch-handler/payload');
          const required = require('lambda-batch-handler');
          try { json()('no JSON'); } catch (error) { console.log(error instanceof ParsingError, required.ParsingError === ParsingError); }`,
      });
      const own = files.filter((file) => file.startsWith('lambda-batch-handler/'));
      expect(own).to.include('lambda-batch-handler/dist/esm/errors/index.mjs');
      expect(own.filter((file) => !/\/dist\/(esm|peers)\//.test(file))).to.deep.equal([]);
      expect(node(['out.cjs'], both)).to.equal('true true\n');
    });

    it('answers with the class API alone', () => {
      bundle(folder, 'classApi', esm);
      expect(node(['out.mjs'], folder)).to.equal('{"batchItemFailures":[]} 2\n');
    });
  });

  for (const format of ['cjs', 'esm'] as const) {
    describe(`of format ${format}, without the SDK in it`, () => {
      const options: BuildOptions = { format, external: ['@aws-sdk/*'] };
      const outfile = `out.${format === 'cjs' ? 'cjs' : 'mjs'}`;

      for (const [program, printed] of [
        ['sqsQueue', 'sent\n'],
        ['exponentialBackoff', 'delayed\n'],
        ['images', 'unmarshalled\n'],
        ['guard', 'asked for arn\n'],
        ['features', 'sent\n0 failed\n'],
      ] as const) {
        it(`finds that of the runtime for ${program}`, () => {
          const folder = projectWith('@aws-sdk/client-lambda', '@aws-sdk/client-sqs', '@aws-sdk/util-dynamodb');
          bundle(folder, program, options);
          expect(node([outfile], folder)).to.equal(printed);
        });
      }
    });
  }

  describe('of format esm, without a require of its own', () => {
    const options: BuildOptions = { format: 'esm', conditions: ['module'] };

    for (const [program, printed] of [
      ['sqsQueue', 'sent\n'],
      ['exponentialBackoff', 'delayed\n'],
      ['images', 'unmarshalled\n'],
      ['guard', 'asked for arn\n'],
    ] as const) {
      it(`finds the SDK of the runtime for ${program} where that in the bundle does not load`, () => {
        const folder = projectWith('@aws-sdk/client-lambda', '@aws-sdk/client-sqs', '@aws-sdk/util-dynamodb');
        expect(bundle(folder, program, options).code).to.include('this is @aws-sdk/');
        expect(node(['out.mjs'], folder)).to.equal(printed);
      });
    }

    it('says what is the matter where the SDK in the bundle does not load, and there is no other', () => {
      const folder = projectWith('@aws-sdk/client-sqs');
      bundle(folder, 'exponentialBackoff', options);
      rmSync(join(folder, 'node_modules'), { recursive: true });
      const printed = node(['out.mjs'], folder);
      expect(printed).to.include(
        'retryDelay needs @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs, or set client',
      );
      expect(printed).to.include('(it does not load: Dynamic require of "node:util" is not supported)');
    });

    it('says what is the matter where the SDK is neither in the bundle nor anywhere else', () => {
      const folder = projectWith();
      bundle(folder, 'images', options);
      const script = "import('./out.mjs').catch(({ name, message }) => console.log(name, message));";
      writeFileSync(join(folder, 'try.mjs'), script); // what is evaluated from a text has a require
      expect(node(['try.mjs'], folder)).to.equal(
        'BatchProcessingError images() needs @aws-sdk/util-dynamodb: npm install @aws-sdk/util-dynamodb (it does not load: Dynamic require of "@aws-sdk/util-dynamodb" is not supported)\n',
      );
    });
  });
});
