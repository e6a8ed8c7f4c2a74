import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { buildSync } from 'esbuild';

import { bin, link, node, packed, project, readmeConfig, root, work } from '../support/package';

const schemas = {
  zod: `import { z } from 'zod'; const Order = z.object({ id: z.string(), total: z.number() });`,
  valibot: `import * as v from 'valibot'; const Order = v.object({ id: v.string(), total: v.number() });`,
} as const;

/** A method that fits its schema, and one that has to be a compile error. */
const orders = (library: keyof typeof schemas): string => `
  ${schemas[library]}
  import { BatchHandler, lambdaHandler } from 'lambda-batch-handler';
  import { json } from 'lambda-batch-handler/payload';

  class Orders {
    @BatchHandler({ source: 'SQS', payload: json(Order), logger: { debug() {}, warn() {}, error: (_, error) => errors.push(error) } })
    async handle(order: { id: string; total: number }): Promise<void> {
      console.log(JSON.stringify(order));
    }

    // @ts-expect-error the id is a string
    @BatchHandler({ source: 'SQS', payload: json(Order) })
    async wrong(order: { id: number }): Promise<void> {}
  }
  const errors: unknown[] = [];
  const record = (messageId: string, body: string) => ({ messageId, body, eventSource: 'aws:sqs' });
  const event = { Records: [record('1', '{"id":"a","total":1}'), record('2', '{"id":"b"}')] };
  void lambdaHandler<'SQS'>(new Orders(), 'handle')(event as never, {} as never).then((answer) => {
    console.log(JSON.stringify([answer, errors.map((error) => (error as Error).name)]));
  });
`;

describe('The payload readers of the package', () => {
  before(() => {
    packed();
  });

  for (const [type, library, dialect] of [
    ['commonjs', 'zod', 'experimental'],
    ['module', 'valibot', 'standard'],
  ] as const) {
    describe(`in a ${type} project`, () => {
      let folder: string;

      before(() => {
        folder = project(type);
        link(folder, library);
      });

      it(`compile with a schema of ${library} and ${dialect} decorators, unless the method does not fit, and run`, () => {
        const source = join(folder, 'orders');
        mkdirSync(source);
        writeFileSync(join(source, 'orders.ts'), orders(library));
        const options = { ...readmeConfig(dialect), rootDir: '.', outDir: 'out', strict: true, skipLibCheck: false };
        writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
        node([bin('typescript/bin/tsc'), '-p', source], folder);

        expect(
          node([join(source, 'out', 'orders.js')], folder)
            .trim()
            .split('\n'),
        ).to.deep.equal(['{"id":"a","total":1}', '[{"batchItemFailures":[{"itemIdentifier":"2"}]},["ParsingError"]]']);
      });

      it('are the same by require and import, and throw the errors of the package', () => {
        const script = `
          import { createRequire } from 'node:module';
          import { BatchProcessingError, ParsingError } from 'lambda-batch-handler';
          import * as imported from 'lambda-batch-handler/payload';
          const required = createRequire(import.meta.url)('lambda-batch-handler/payload');
          const thrownBy = (call) => { try { call(); } catch (error) { return error; } };
          const missing = thrownBy(() => imported.images());
          console.log(JSON.stringify([
            Object.keys(required).filter((name) => required[name] !== imported[name]),
            thrownBy(() => required.json()('')) instanceof ParsingError,
            missing instanceof BatchProcessingError,
            missing.message,
            imported.json()('[1]'),
          ]));
        `;
        expect(JSON.parse(node(['--input-type=module', '-e', script], folder))).to.deep.equal([
          [],
          true,
          true,
          'images() needs @aws-sdk/util-dynamodb: npm install @aws-sdk/util-dynamodb',
          [1],
        ]);
      });

      it('are bundled where @aws-sdk/util-dynamodb is missing', () => {
        writeFileSync(
          join(folder, 'bundled.ts'),
          `import { json } from 'lambda-batch-handler/payload'; console.log(json()('[7]'));`,
        );
        const { warnings } = bundle(folder, 'bundled.ts');
        expect(warnings).to.deep.equal([]);
        expect(node(['bundle.cjs'], folder).trim()).to.equal('[ 7 ]');
      });
    });
  }

  it('are loaded only by those who ask, and @aws-sdk/util-dynamodb only by images()', () => {
    const script = `
      const loaded = () => ['payload.js', require('node:path').join('@aws-sdk', 'util-dynamodb')].filter((name) => Object.keys(require.cache).some((file) => file.includes(name)));
      const steps = [];
      require('./dist'); steps.push(loaded());
      const { images, json } = require('./dist/payload'); json(); steps.push(loaded());
      images(); steps.push(loaded());
      console.log(JSON.stringify(steps));
    `;
    expect(JSON.parse(node(['-e', script], root))).to.deep.equal([
      [],
      ['payload.js'],
      ['payload.js', join('@aws-sdk', 'util-dynamodb')],
    ]);
  });

  it('take @aws-sdk/util-dynamodb into a bundle, minified as well', () => {
    const folder = join(work, 'bundled-images');
    mkdirSync(folder);
    link(folder, '@aws-sdk/util-dynamodb');
    writeFileSync(
      join(folder, 'handler.ts'),
      `import { BatchHandler, ParsingError } from ${JSON.stringify(join(root, 'dist'))};
       import { images, json } from ${JSON.stringify(join(root, 'dist', 'payload'))};
       class Items {
         @BatchHandler({ source: 'DynamoDBStreams', payload: images() })
         async handle(change: unknown): Promise<void> {
           console.log(JSON.stringify(change));
         }
       }
       const change = { Keys: { id: { N: '1' } }, NewImage: { tags: { SS: ['a'] }, total: { N: '7' } } };
       const { handle } = new Items() as unknown as { handle: (event: unknown, context: unknown) => Promise<unknown> };
       void handle({ Records: [{ eventSource: 'aws:dynamodb', eventName: 'INSERT', dynamodb: change }] }, {});
       try { json()(''); } catch (error) { console.log(error instanceof ParsingError, (error as Error).name); }`,
    );
    bundle(folder, 'handler.ts');
    expect(readFileSync(join(folder, 'bundle.cjs'), 'utf8')).not.to.match(/require\("@aws-sdk/);
    expect(node(['bundle.cjs'], folder).trim().split('\n')).to.deep.equal([
      '{"eventName":"INSERT","keys":{"id":1},"newImage":{"tags":{},"total":7}}',
      'true ParsingError',
    ]);
  });
});

function bundle(folder: string, entry: string) {
  return buildSync({
    absWorkingDir: folder,
    entryPoints: [entry],
    outfile: 'bundle.cjs',
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
}
