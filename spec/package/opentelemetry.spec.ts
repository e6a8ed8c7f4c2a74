import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { buildSync } from 'esbuild';

import { bin, link, node, packed, project, readmeConfig, root } from '../support/package';

/** Prints the spans of one batch; whichever copy of the API the handler has, the SDK is that of the program. */
const program = `
  import { trace } from '@opentelemetry/api';
  import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
  import { BatchHandler, lambdaHandler } from 'lambda-batch-handler';
  import { openTelemetry } from 'lambda-batch-handler/opentelemetry';

  const exporter = new InMemorySpanExporter();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();

  class Orders {
    @BatchHandler({ source: 'SQS', observers: [openTelemetry()] })
    async handle(record: { messageId: string }): Promise<void> {
      trace.getActiveSpan()?.setAttribute('seen', record.messageId);
    }
  }
  const Records = [{ messageId: '1', body: '', eventSource: 'aws:sqs' }];
  void lambdaHandler<'SQS'>(new Orders(), 'handle')({ Records } as never, {} as never).then(() => {
    console.log(JSON.stringify(exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes['seen']])));
  });
`;
const spans = '[["process","1"],["process",null]]';

/** What docs/toolchains.md tells esbuild for ES modules. */
const requireInModule = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

describe('The tracing of the package', () => {
  before(() => {
    packed();
  });

  for (const [type, dialect, format] of [
    ['commonjs', 'experimental', 'cjs'],
    ['module', 'standard', 'esm'],
  ] as const) {
    describe(`in a ${type} project`, () => {
      let folder: string;

      before(() => {
        folder = project(type);
      });

      it('says what is missing where @opentelemetry/api is, which the index does not need', () => {
        const script = `
          import { BatchProcessingError } from 'lambda-batch-handler';
          import { openTelemetry } from 'lambda-batch-handler/opentelemetry';
          try { openTelemetry(); } catch (error) { console.log(error instanceof BatchProcessingError, error.message); }
        `;
        expect(node(['--input-type=module', '-e', script], folder)).to.equal(
          'true openTelemetry() needs @opentelemetry/api: npm install @opentelemetry/api\n',
        );
      });

      describe('with an SDK', () => {
        before(() => {
          link(folder, '@opentelemetry/api', '@opentelemetry/sdk-trace-node');
        });

        it(`compiles with ${dialect} decorators, and traces`, () => {
          const source = join(folder, 'traced');
          mkdirSync(source);
          writeFileSync(join(source, 'traced.ts'), program);
          const compilerOptions = { ...readmeConfig(dialect), rootDir: '.', outDir: 'out', skipLibCheck: true };
          writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
          node([bin('typescript/bin/tsc'), '-p', source], folder);

          expect(node([join(source, 'out', 'traced.js')], folder).trim()).to.equal(spans);
        });

        it(`has one @opentelemetry/api in a bundle of format ${format}, and traces`, () => {
          writeFileSync(join(folder, 'traced.ts'), program);
          const outfile = format === 'cjs' ? 'traced.cjs' : 'traced.mjs';
          const { metafile, warnings } = buildSync({
            absWorkingDir: folder,
            entryPoints: ['traced.ts'],
            outfile,
            banner: { js: format === 'cjs' ? '' : requireInModule },
            format,
            bundle: true,
            minify: true,
            metafile: true,
            platform: 'node',
            target: 'node20',
            logLevel: 'silent',
          });

          expect(warnings).to.deep.equal([]);
          const copies = Object.keys(metafile.inputs).filter((file) => file.endsWith('/api/trace.js'));
          expect(copies).to.have.length(1);
          expect(node([outfile], folder).trim()).to.equal(spans);
        });
      });
    });
  }

  it('is loaded only by those who ask, and @opentelemetry/api only by openTelemetry()', () => {
    const script = `
      const loaded = () => ['opentelemetry.js', '@opentelemetry'].filter((name) => Object.keys(require.cache).some((file) => file.includes(name)));
      const steps = [];
      require('./dist'); steps.push(loaded());
      const { openTelemetry } = require('./dist/opentelemetry'); steps.push(loaded());
      openTelemetry(); steps.push(loaded());
      console.log(JSON.stringify(steps));
    `;
    expect(JSON.parse(node(['-e', script], root))).to.deep.equal([
      [],
      ['opentelemetry.js'],
      ['opentelemetry.js', '@opentelemetry'],
    ]);
  });
});
