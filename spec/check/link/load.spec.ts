import { existsSync, readFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Answer } from '../../../lib/check/link/answer';
import { load } from '../../../lib/check/link/load';
import { environment } from '../../support/environment';
import { folderOf } from './functions';

const TIMEOUT_MS = 8_000;

/** Longer than it takes to start a process, where what is to be ended has to have begun. */
const SHORT_MS = 1_500;

/** Has a handler say under which id it runs. */
const tellId = `require('node:fs').writeFileSync('pid', String(process.pid));`;

interface Loading {
  readonly file?: string;
  readonly exported?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

async function loaded(
  files: string | Readonly<Record<string, string>>,
  { file = 'index.js', exported = 'handler', timeoutMs = TIMEOUT_MS, env = {} }: Loading = {},
): Promise<Answer> {
  const folder = folderOf(typeof files === 'string' ? { [file]: files } : files);
  const job = { folder, root: folder, file: join(folder, file), exported };
  const answer = await load(job, { PATH: process.env.PATH!, ...env }, timeoutMs);
  if (existsSync(join(folder, 'pid'))) expect(isAlive(Number(readFileSync(join(folder, 'pid'))))).to.equal(false);
  return answer;
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

const announceOne = (options: string): string =>
  `globalThis[Symbol.for('lambda-batch-handler:announce')]({}, () => (${options}));`;

const handler = `exports.handler = async () => {};`;

/** An answer that says what is not so. */
const forged = JSON.stringify({
  kind: 'ours',
  entries: [{ source: 'SQS', fifo: false, chunkSize: 1, delaysRetries: false, deadLetterQueues: [] }],
});

const failed = (answer: Answer): string => {
  expect(answer.kind).to.equal('failed');
  return answer.kind === 'failed' ? answer.note : '';
};

describe('Loading a handler', () => {
  it('finds one that has nothing of this library', async () => {
    expect(await loaded(handler)).to.deep.equal({ kind: 'foreign' });
  });

  describe('as Lambda loads it', () => {
    const value = `async () => {};`;
    const files: Readonly<Record<string, readonly [Readonly<Record<string, string>>, Loading?]>> = {
      'CommonJS, .js': [{ 'index.js': `exports.handler = ${value}` }],
      'CommonJS, .cjs': [{ 'index.cjs': `exports.handler = ${value}` }, { file: 'index.cjs' }],
      'CommonJS that exports a class with it': [{ 'index.js': `module.exports = class { static handler() {} };` }],
      'an ES module, .mjs': [{ 'index.mjs': `export const handler = ${value}` }, { file: 'index.mjs' }],
      'an ES module by package.json': [
        { 'package.json': `{"type":"module"}`, 'src/index.js': `export const handler = ${value}` },
        { file: 'src/index.js' },
      ],
      'top-level await': [
        { 'index.mjs': `await new Promise((resolve) => setTimeout(resolve, 1)); export const handler = ${value}` },
        { file: 'index.mjs' },
      ],
      'an export within an export': [
        { 'index.js': `exports.api = { v1: { handler() {} } };` },
        { exported: 'api.v1.handler' },
      ],
      'a relative import': [{ 'index.js': `exports.handler = require('./own').handler;`, 'own.js': handler }],
    };

    for (const [form, [given, how]] of Object.entries(files)) {
      it(`takes ${form}`, async () => {
        expect(await loaded(given, how)).to.deep.equal({ kind: 'foreign' });
      });
    }

    it('takes CommonJS without a package.json within a repository of ES modules', async () => {
      const folder = folderOf({
        'package.json': `{"type":"module"}`,
        '.aws-sam/build/index.js': `exports.handler = require('./own').handler;`,
        '.aws-sam/build/own.js': handler,
      });
      const root = join(folder, '.aws-sam/build');

      const answer = await load(
        { folder: root, root, file: join(root, 'index.js'), exported: 'handler' },
        {},
        TIMEOUT_MS,
      );

      expect(answer).to.deep.equal({ kind: 'foreign' });
    });

    it('gives it the folder as its working directory, and the environment that it was given, and no other', async () => {
      const answer = await loaded(
        `const { readdirSync } = require('node:fs');
         throw new Error(readdirSync('.') + ' ' + Object.keys(process.env).sort() + ' ' + process.env.TABLE);`,
        { env: { TABLE: 'orders' } },
      );

      expect(failed(answer)).to.equal('Error: index.js PATH,TABLE orders');
    });
  });

  describe('whose export is not there', () => {
    it('says so', async () => {
      const why = 'index.js exports no function handler';

      expect(await loaded(`exports.other = () => {};`)).to.deep.equal({ kind: 'missing', why });
      expect(await loaded(`exports.handler = {};`)).to.deep.equal({ kind: 'missing', why });
      expect(await loaded(`module.exports = null;`)).to.deep.equal({ kind: 'missing', why });
    });

    it('says so of an export within an export', async () => {
      const answer = await loaded(`exports.api = {};`, { exported: 'api.v1.handler' });

      expect(answer).to.deep.equal({ kind: 'missing', why: 'index.js exports no function api.v1.handler' });
    });
  });

  describe('that fails', () => {
    const hostile: Readonly<Record<string, readonly [text: string, note: string, how?: Loading]>> = {
      'throws while it is loaded': [`throw new TypeError('no TABLE');`, 'TypeError: no TABLE'],
      'throws what is no error': [`throw { toString() { throw 1; } };`, 'it throws what is no error'],
      'throws null': [`throw null;`, 'null'],
      'needs a package that is not there': [`require('nowhere');`, `Error: Cannot find module 'nowhere'`],
      'is no program': [`exports.handler = (`, 'SyntaxError: Unexpected end of input'],
      'throws when its export is read': [
        `Object.defineProperty(exports, 'handler', { get() { throw new Error('not yet'); } });`,
        'Error: not yet',
      ],
      'ends its process': [`process.exit(3);`, 'its process ended while it was loaded, with the exit code 3'],
      'ends its process as if all were well': [
        `process.exit(0);`,
        'its process ended while it was loaded, with the exit code 0',
      ],
      'kills its process': [
        `process.kill(process.pid, 'SIGTERM'); while (true);`,
        'its process ended while it was loaded, by SIGTERM',
      ],
      'rejects at its top level': [`await Promise.reject(new Error('no'));`, 'Error: no', { file: 'index.mjs' }],
      'waits for ever at its top level': [
        `await new Promise(() => {});`,
        'at its top level it waits for what never comes',
        { file: 'index.mjs' },
      ],
      'hangs at its top level': [
        `import fs from 'node:fs'; fs.writeFileSync('pid', String(process.pid));
         setInterval(() => {}, 1000); await new Promise(() => {});`,
        `it had not loaded after ${SHORT_MS} ms`,
        { file: 'index.mjs', timeoutMs: SHORT_MS },
      ],
      'runs in a circle': [
        `${tellId} while (true);`,
        `it had not loaded after ${SHORT_MS} ms`,
        { timeoutMs: SHORT_MS },
      ],
      'announces what are no options': [
        `${announceOne('{ source: 1 }')} ${handler}`,
        'what was read of it is not what options are',
      ],
      'announces options that throw': [`${announceOne(`(() => { throw new Error('no') })()`)} ${handler}`, 'Error: no'],
      'announces huge options': [
        `${announceOne(`{ source: 'x'.repeat(100e6) }`)} ${handler}`,
        'it writes where only the loader is to write',
      ],
      'closes what the loader writes to': [
        `require('node:fs').closeSync(3); ${handler}`,
        'its process ended while it was loaded, with the exit code 0',
      ],
    };

    for (const [what, [text, note, how]] of Object.entries(hostile)) {
      it(`since it ${what}, is told with a note`, async () => {
        expect(failed(await loaded(text, how))).to.equal(note);
      });
    }

    it('is told in one short line, without what a terminal would obey', async () => {
      const note = failed(await loaded(`throw new Error('\\u001b[31m' + 'long '.repeat(1000) + '\\nsecond');`));

      expect(note)
        .to.match(/^Error: \[31mlong long .*\.\.\.$/)
        .and.have.lengthOf(203);
    });

    it('is told where its folder is not there', async () => {
      const folder = join(folderOf({}), 'nowhere');

      const answer = await load(
        { folder, root: folder, file: join(folder, 'index.js'), exported: 'handler' },
        {},
        TIMEOUT_MS,
      );

      expect(failed(answer)).to.match(/^its process does not start: .*ENOENT/);
    });
  });

  describe('that is no obstacle', () => {
    const harmless: Readonly<Record<string, string>> = {
      'leaves timers and servers': `setInterval(() => {}, 1000); require('node:http').createServer().listen(0, '127.0.0.1');`,
      'has what fails beside': `Promise.reject(new Error('no')); setImmediate(() => { throw new Error('no'); });`,
      'prints without end': `for (let i = 0; i < 100; i++) { process.stdout.write('x'.repeat(1e6)); console.error('y'); }`,
      'hangs when its process exits': `process.on('exit', () => { while (true); });`,
      'takes listeners away': `process.removeAllListeners();`,
      'has a huge text': `exports.text = 'x'.repeat(100e6);`,
    };

    for (const [what, text] of Object.entries(harmless)) {
      it(`though it ${what}`, async () => {
        expect(await loaded(`${tellId} ${text} ${handler}`)).to.deep.equal({ kind: 'foreign' });
      });
    }

    it('though its export is a proxy that throws whatever is asked', async () => {
      const text = `
        const no = () => { throw new Error('no'); };
        const traps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'isExtensible', 'apply'];
        exports.handler = new Proxy(function () {}, Object.fromEntries(traps.map((trap) => [trap, no])));`;

      expect(await loaded(text)).to.deep.equal({ kind: 'foreign' });
    });
  });

  describe('that forges an answer', () => {
    const forgeries: Readonly<Record<string, string>> = {
      'by printing': `console.log(answer); console.log('\\n' + answer + '\\n');`,
      'by process.send': `process.send?.(answer); process.send?.(JSON.parse(answer));`,
      'by the pipe': `for (const fd of [3, 4, 5]) try { fs.writeSync(fd, '\\n' + answer + '\\n'); } catch {}`,
      'by globals of its own': `
        JSON.stringify = () => answer;
        fs.writeSync = fs.writeFileSync = fs.write = () => {};
        process.exit = process.reallyExit = () => {};
        globalThis.process = undefined;`,
    };

    for (const [how, text] of Object.entries(forgeries)) {
      it(`${how} is not believed`, async () => {
        const answer = `const fs = require('node:fs'); const answer = ${JSON.stringify(forged)};`;

        expect(await loaded(`${answer} ${text} ${handler}`)).to.deep.equal({ kind: 'foreign' });
        expect((await loaded(`${answer} ${text} require('node:process').abort();`)).kind).to.equal('failed');
      });
    }

    it('does not find the secret where a process shows what it was given', async () => {
      const answer = await loaded(`
        const { readFileSync } = require('node:fs');
        const given = ['environ', 'cmdline'].map((name) => { try { return readFileSync('/proc/self/' + name, 'utf8'); } catch { return ''; } });
        given.push(process.argv.join(), JSON.stringify(process.env), JSON.stringify(require.cache), String(process.execArgv));
        if (/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.test(given)) throw new Error('found');
        ${handler}`);

      expect(answer).to.deep.equal({ kind: 'foreign' });
    });

    it('cannot fill the memory of who waits for it', async () => {
      const answer = await loaded(`${tellId} while (true) require('node:fs').writeSync(3, 'x'.repeat(100_000));`);

      expect(failed(answer)).to.equal('it writes where only the loader is to write');
    });
  });

  describe('with secrets around', () => {
    environment({ AWS_SECRET_ACCESS_KEY: 'secret-of-the-caller', NODE_OPTIONS: undefined });

    it('does not have those of the caller', async () => {
      const note = failed(await loaded(`throw new Error('env ' + process.env.AWS_SECRET_ACCESS_KEY);`));

      expect(note).to.equal('Error: env undefined');
    });
  });

  describe('that connects', () => {
    let server: Server;
    let connections = 0;
    let port = 0;

    before(async () => {
      server = createServer((socket) => {
        connections++;
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as { port: number }).port;
    });

    after(() => {
      server.close();
    });

    beforeEach(() => {
      connections = 0;
    });

    it('would be heard by the server of these specs', async () => {
      await once(connect(port, '127.0.0.1').resume(), 'close');

      expect(connections).to.equal(1);
    });

    const ways: Readonly<Record<string, string>> = {
      net: `await once(net.connect(port, '127.0.0.1'), 'connect')`,
      'a socket of its own': `await once(new net.Socket().connect({ port, host: '127.0.0.1' }), 'connect')`,
      tls: `await once(tls.connect(port, '127.0.0.1'), 'secureConnect')`,
      http: `await once(http.get('http://127.0.0.1:' + port), 'response')`,
      https: `await once(https.get('https://127.0.0.1:' + port), 'response')`,
      http2: `await once(http2.connect('http://127.0.0.1:' + port), 'connect')`,
      fetch: `await fetch('http://127.0.0.1:' + port).catch((error) => { throw error.cause; })`,
      'a unix socket': `await once(net.connect('/nowhere.sock'), 'connect')`,
      dgram: `await new Promise((resolve, reject) =>
        dgram.createSocket('udp4').send('x', port, '127.0.0.1', (error) => (error ? reject(error) : resolve())))`,
      'dns.lookup': `await new Promise((resolve, reject) =>
        dns.lookup('localhost', (error) => (error ? reject(error) : resolve())))`,
      'dns.promises': `await dns.promises.resolve4('localhost')`,
      'a resolver of its own': `await new dns.promises.Resolver().resolve4('localhost')`,
      'a named import': `await lookup('localhost')`,
      'a worker thread': `await new Promise((resolve, reject) => {
        const worker = new Worker(
          "require('node:net').connect(" + port + ", '127.0.0.1').on('connect', () => process.exit(0)).on('error', (error) => { throw error; })",
          { eval: true },
        );
        worker.on('error', reject).on('exit', resolve);
      })`,
    };

    for (const [way, text] of Object.entries(ways)) {
      it(`by ${way} is refused, as where nobody listens`, async () => {
        const modules = ['dgram', 'dns', 'http', 'http2', 'https', 'net', 'tls'];
        const answer = await loaded(
          `${modules.map((name) => `import ${name} from 'node:${name}';`).join(' ')}
           import { once } from 'node:events';
           import { lookup } from 'node:dns/promises';
           import { Worker } from 'node:worker_threads';
           const port = ${port};
           ${text};
           export const handler = () => {};`,
          { file: 'index.mjs' },
        );

        expect(failed(answer)).to.equal('Error: connect ECONNREFUSED: a handler that is checked reaches no network');
        expect(connections).to.equal(0);
      });
    }

    it('and does not wait for it, is loaded', async () => {
      expect(await loaded(`require('node:net').connect(${port}); ${handler}`)).to.deep.equal({ kind: 'foreign' });
      expect(connections).to.equal(0);
    });

    for (const call of [
      `execSync('true')`,
      `spawnSync('true')`,
      `execFileSync('true')`,
      `spawn('true')`,
      `exec('true')`,
    ]) {
      it(`by a process of its own, of ${call}, is refused`, async () => {
        const note = failed(await loaded(`require('node:child_process').${call}; ${handler}`));

        expect(note).to.equal('Error: a handler that is checked starts no process');
      });
    }
  });
});
