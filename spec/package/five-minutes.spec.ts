import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { blocksOf, pageOf } from '../docs/pages';
import { link, node, npm, packed, readme, readmeConfig, run, work } from '../support/package';

const [fiveMinutes] = readme.split('\n## Five minutes\n')[1]!.split('\n## ');
const blocks = blocksOf(fiveMinutes!);
const blockOf = (language: string): string => blocks.find((block) => block.language === language)!.code;

const handler = blocksOf(readme)[0]!.code;
const replay = blocksOf(pageOf('docs/troubleshooting.md').text).find(({ language }) => language === 'ts')!.code;

/** What README says to run, as it says it. */
const [compileAndRun] = /`npx tsc && node run\.js`/.exec(fiveMinutes!) ?? [];

describe("README's five minutes", () => {
  for (const dialect of ['standard', 'experimental'] as const) {
    describe(`with ${dialect} decorators`, () => {
      const folder = join(work, `five-minutes-${dialect}`);

      before(() => {
        mkdirSync(folder);
        expect(readdirSync(folder)).to.deep.equal([]);
        run(npm, ['init', '-y'], folder);
      });

      it('install the library and what is named beside it', () => {
        const [own, others] = blockOf('sh').trim().split('\n');
        expect(own).to.equal('npm install lambda-batch-handler');
        run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', packed()], folder);
        // Those of this repository, of the same names; undici-types is what @types/node installs.
        const names = others!.replace('npm install --save-dev ', '').split(' ');
        expect(names).to.deep.equal(['typescript', '@types/node', '@types/aws-lambda']);
        link(folder, 'typescript', '@types/node', 'undici-types');
        expect(readdirSync(join(folder, 'node_modules', '@types'))).to.include('aws-lambda');
      });

      it('end with a handler that has run, and has printed what README shows', () => {
        const { compilerOptions } = JSON.parse(blockOf('json')) as { compilerOptions: object };
        expect(compilerOptions).to.deep.equal(readmeConfig('standard'));
        const options = dialect === 'standard' ? compilerOptions : { ...compilerOptions, experimentalDecorators: true };
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
        writeFileSync(join(folder, 'handler.ts'), handler);
        writeFileSync(join(folder, 'run.ts'), blockOf('ts'));

        expect(compileAndRun).not.to.equal(undefined);
        node([join('node_modules', 'typescript', 'bin', 'tsc')], folder);
        const { stdout, stderr, status } = runScript(folder, 'run.js');
        expect(stdout).to.equal(blockOf(''));
        expect(stderr).to.match(/^Record 36f16f53-831c-47bf-b53a-161296251064 failed \(receive 1\)\./);
        expect(status).to.equal(0);
      });

      it('are enough to replay a dead letter, as docs/troubleshooting.md has it', () => {
        writeFileSync(join(folder, 'replay.ts'), replay);
        // As `aws sqs receive-message` prints it.
        const letter = { Messages: [{ MessageId: '1', ReceiptHandle: 'handle', Body: '{"id":' }] };
        writeFileSync(join(folder, 'letter.json'), JSON.stringify(letter));
        node([join('node_modules', 'typescript', 'bin', 'tsc')], folder);

        const { stdout, stderr } = runScript(folder, 'replay.js');
        expect(stdout).to.equal('');
        expect(stderr).to.include('SyntaxError: Unexpected end of JSON input');
        expect(readFileSync(join(folder, 'letter.json'), 'utf8')).to.equal(JSON.stringify(letter));
      });
    });
  }
});

function runScript(cwd: string, script: string): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(process.execPath, [script], { cwd, encoding: 'utf8' });
}
