import { mkdtempSync } from 'node:fs';
import { join, relative } from 'node:path';

import { expect } from 'chai';

import { BatchProcessingError } from '../../../lib';
import { handlerKeyOf, linkHandlers, linkHandlersSync, takeScriptsFrom } from '../../../lib/check/link';
import { scriptAt } from '../../../lib/check/link/scripts';
import { type Code, type Handler, type LambdaFunction, open } from '../../../lib/check/model';
import { environment } from '../../support/environment';
import { work } from './built-scripts';
import { deployedIn, folderOf, functionOf } from './functions';

const answering = `exports.handler = async () => ({ batchItemFailures: [] });`;
const silent = `exports.handler = async () => {};`;

/** Announces as the library does, and reports nothing of its own. */
const ours = (source: string): string => `
  globalThis[Symbol.for('lambda-batch-handler:announce')]?.({}, () => ({ source: '${source}' }));
  exports.handler = async () => {};`;

async function linked(
  code: Partial<Code>,
  options: Partial<Parameters<typeof linkHandlers>[1]> = {},
): Promise<Handler> {
  return [...(await linkHandlers([functionOf(code)], { load: true, ...options })).values()][0]!;
}

const place = (files: Readonly<Record<string, string>>) => deployedIn(folderOf(files));

const sourcesOf = (handler: Handler | undefined): unknown =>
  handler?.kind === 'ours' ? handler.entries.map(({ source }) => source) : handler;

describe('linkHandlers', () => {
  it('knows functions by what tells them apart, and by their handlers', async () => {
    const folder = place({});
    const functions = ['Orders', 'Payments', 'Orders'].map((id) => functionOf({ place: folder }, id));
    const [orders, payments] = functions as [LambdaFunction, LambdaFunction];
    const nested = { ...orders, key: 'parent.yaml#Nested#Orders' };
    const other = { ...orders, code: { ...orders.code, handler: 'index.other' } };

    const handlers = await linkHandlers([...functions, nested, other], { load: true });

    expect([...handlers.keys()]).to.deep.equal([orders, payments, nested, other].map(handlerKeyOf));
  });

  it('goes by the first of what several choices of conditions say around one handler', async () => {
    const folder = place({ 'index.js': ours('${process.env.SOURCE}').replace("'$", '`$').replace("}'", '}`') });
    const functions = ['SQS', 'Kafka'].map((SOURCE) => functionOf({ place: folder, environment: { SOURCE } }));

    const handlers = [...(await linkHandlers(functions, { load: true })).values()];
    expect(handlers.map(sourcesOf)).to.deep.equal([['SQS']]);
  });

  it('has the entries of a handler of ours', async () => {
    expect(sourcesOf(await linked({ place: place({ 'index.js': ours('SQS') }) }))).to.deep.equal(['SQS']);
  });

  describe('goes by the word in the code', () => {
    it('where the handler is not ours', async () => {
      expect(await linked({ place: place({ 'index.js': answering }) })).to.deep.equal({
        kind: 'foreign',
        reports: true,
      });
      expect(await linked({ place: place({ 'index.js': silent }) })).to.deep.equal({ kind: 'foreign', reports: false });
    });

    it('where it does not load, and says why', async () => {
      const handler = await linked({ place: place({ 'index.js': `${answering} throw new Error('no TABLE');` }) });

      expect(handler).to.deep.equal({ kind: 'foreign', reports: true, note: 'Error: no TABLE' });
    });

    it('where it takes too long to load', async () => {
      const handler = await linked({ place: place({ 'index.js': `${answering} while (true);` }) }, { timeoutMs: 100 });

      expect(handler).to.deep.equal({ kind: 'foreign', reports: true, note: 'it had not loaded after 100 ms' });
    });

    it('where nothing is to be loaded', async () => {
      const handler = await linked(
        { place: place({ 'index.js': `${ours('SQS')} // batchItemFailures` }) },
        { load: false },
      );

      expect(handler).to.deep.equal({ kind: 'foreign', reports: true });
    });

    it('where its code is sources', async () => {
      const source = `import { BatchHandler } from 'lambda-batch-handler'; throw new Error('loaded');`;
      const sources = { ...place({ 'src/index.ts': source }), isBuilt: false } as const;

      expect(await linked({ place: sources, handler: 'src/index.handler' })).to.deep.equal({
        kind: 'foreign',
        reports: true,
      });
    });

    it('where its code stands in the template', async () => {
      const handler = await linked({ place: { kind: 'inline', text: answering } });

      expect(handler).to.deep.equal({ kind: 'foreign', reports: true });
    });
  });

  describe('knows nothing', () => {
    const shared = { ...place({ 'index.js': silent }), isShared: true } as const;
    const unknown: Readonly<Record<string, Partial<Code>>> = {
      'of code that is not here': {},
      'of a handler that is not known, in a folder without code': { handler: open, place: place({}) },
      'of one that is not ours in a folder of several functions': { place: shared },
      'of other languages': { runtime: 'python3.13', handler: 'app.handler', place: place({ 'index.js': answering }) },
      'of sources in which the handler is not found': {
        handler: 'dist/index.handler',
        place: { ...place({}), isBuilt: false } as const,
      },
      'of what may run on another runtime, and has no such file': { runtime: open, place: place({}) },
    };
    for (const [what, code] of Object.entries(unknown)) {
      it(what, async () => {
        expect(await linked(code)).to.deep.equal({ kind: 'unknown' });
      });
    }

    it('of a handler in a layer, and says so', async () => {
      const handler = await linked({ handler: '/opt/nodejs/wrapper.handler', place: place({}) });

      expect(handler).to.deep.equal({
        kind: 'unknown',
        note: 'its handler is in a layer: /opt/nodejs/wrapper.handler',
      });
    });

    for (const hasLayers of [true, open] as const) {
      it(`of a handler that a layer may have, and says so (${String(hasLayers)})`, async () => {
        const handler = await linked({ handler: 'wrapper.handler', place: place({}), hasLayers });

        expect(handler).to.deep.equal({
          kind: 'unknown',
          note: 'there is no file wrapper.js, .mjs or .cjs, unless a layer has it',
        });
      });
    }

    it('of a folder that is not there, or is a file, and says so', async () => {
      const file = join(folderOf({ 'code.zip': '' }), 'code.zip');

      expect(await linked({ place: deployedIn(file) })).to.deep.equal({
        kind: 'unknown',
        note: `its code is no folder here: ${file}`,
      });
      expect((await linked({ place: deployedIn(join(work, 'nowhere')) })).kind).to.equal('unknown');
    });
  });

  describe('says what is missing', () => {
    it('of a file that is not in the code', async () => {
      const handler = await linked({ handler: 'src/index.handler', place: place({ 'index.js': answering }) });

      expect(handler).to.deep.equal({ kind: 'missing', why: 'there is no file src/index.js, .mjs or .cjs' });
    });

    it('of an export that is not in its file', async () => {
      const handler = await linked({ handler: 'index.handle', place: place({ 'index.js': answering }) });

      expect(handler).to.deep.equal({ kind: 'missing', why: 'index.js exports no function handle' });
    });
  });

  describe('takes the handler that it is told', () => {
    const file = join(folderOf({ 'built.js': `${ours('SQS')} exports.api = { handler() {} };` }), 'built.js');

    for (const [what, path] of [
      ['by a path', file],
      ['by one from here', relative(process.cwd(), file)],
    ] as const) {
      it(`${what}, where its code is sources`, async () => {
        const sources = { ...place({}), isBuilt: false } as const;

        for (const name of ['handler', 'api.handler']) {
          const handlers = new Map([['Orders', `${path}#${name}`]]);
          expect(sourcesOf(await linked({ place: sources }, { handlers }))).to.deep.equal(['SQS']);
        }
      });
    }

    it('in an ES module by the package.json above it', async () => {
      const folder = folderOf({
        'package.json': `{"type":"module"}`,
        'dist/index.js': ours('Kafka').replace('exports.handler =', 'export const handler ='),
      });

      const handlers = new Map([['Orders', `${join(folder, 'dist/index.js')}#handler`]]);

      expect(sourcesOf(await linked({ runtime: undefined }, { handlers }))).to.deep.equal(['Kafka']);
    });

    it('which is missing where it is not there', async () => {
      const handlers = new Map([['Orders', 'nowhere/built.js#handler']]);

      expect(await linked({}, { handlers })).to.deep.equal({
        kind: 'missing',
        why: 'there is no file nowhere/built.js',
      });
      expect(await linked({}, { handlers: new Map([['Orders', `${file}#nothing`]]) })).to.deep.equal({
        kind: 'missing',
        why: 'built.js exports no function nothing',
      });
    });
  });

  for (const variable of ['DD_LAMBDA_HANDLER', 'NEW_RELIC_LAMBDA_HANDLER', 'LUMIGO_ORIGINAL_HANDLER']) {
    it(`takes the handler that a wrapper is told by ${variable}`, async () => {
      const handler = await linked({
        handler: '/opt/nodejs/node_modules/wrapper/handler.handler',
        environment: { [variable]: 'orders.handler' },
        place: place({ 'orders.js': ours('SQS') }),
      });

      expect(sourcesOf(handler)).to.deep.equal(['SQS']);
    });
  }

  describe('loads a handler with the environment of its template', () => {
    environment({ AWS_PROFILE: 'of-the-caller' });

    it('and a placeholder for what that leaves open, and nothing else', async () => {
      const needing = `
        const { TABLE, DEAD, AWS_PROFILE, AWS_LAMBDA_FUNCTION_NAME, _HANDLER } = process.env;
        throw new Error([TABLE, new URL(DEAD).pathname, AWS_PROFILE, AWS_LAMBDA_FUNCTION_NAME, _HANDLER].join());`;

      const handler = await linked({
        place: place({ 'index.js': needing }),
        environment: { TABLE: 'orders' },
        unknownVariables: ['DEAD'],
      });

      expect(handler).to.have.property('note', 'Error: orders,/000000000000/DEAD,,Orders,index.handler');
    });
  });
});

describe('linkHandlersSync', () => {
  const functions = [
    functionOf({ place: place({ 'index.js': ours('SQS') }) }, 'Ours'),
    functionOf({ place: place({ 'index.js': answering }) }, 'Foreign'),
    functionOf({ place: place({}) }, 'Missing'),
    functionOf({ handler: open, runtime: open, hasLayers: open }, 'Unknown'),
    functionOf({ place: place({ 'index.js': 'while (true);' }) }, 'Hanging'),
    functionOf({}, 'Named'),
  ];
  const named = `${join(folderOf({ 'built.js': ours('Kafka') }), 'built.js')}#handler`;
  const options = { load: true, timeoutMs: 3_000, handlers: new Map([['Named', named]]) };

  it('knows the same, and has it when it returns', async () => {
    const handlers = linkHandlersSync(functions, options);

    expect(handlers).to.deep.equal(await linkHandlers(functions, options));
    expect([...handlers.values()].map(({ kind }) => kind)).to.deep.equal([
      'ours',
      'foreign',
      'missing',
      'unknown',
      'foreign',
      'ours',
    ]);
  });

  it('throws where the other process fails', () => {
    const scripts = join(scriptAt('runner'), '..');
    try {
      takeScriptsFrom(mkdtempSync(join(work, 'empty-')));
      expect(() => linkHandlersSync(functions, options)).to.throw(
        BatchProcessingError,
        /^The handlers could not be looked at: [^]*Cannot find module/,
      );
    } finally {
      takeScriptsFrom(scripts);
    }
  });

  it('throws where there is no other process', () => {
    const { execPath } = process;
    try {
      process.execPath = join(work, 'no-node');
      expect(() => linkHandlersSync(functions, options)).to.throw(BatchProcessingError, 'ENOENT');
    } finally {
      process.execPath = execPath;
    }
  });
});

describe('A loader that cannot be started', () => {
  it('leaves the word in the code to decide', async () => {
    const { execPath } = process;
    try {
      process.execPath = join(work, 'no-node');
      const handler = await linked({ place: place({ 'index.js': answering }) });
      expect(handler).to.have.property('reports', true);
      expect(handler)
        .to.have.property('note')
        .that.matches(/^its process does not start: .*ENOENT/);
    } finally {
      process.execPath = execPath;
    }
  });
});
