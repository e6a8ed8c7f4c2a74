import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'chai';
import * as sinon from 'sinon';

import type { CheckResult } from '../../lib/check';
import { run } from '../../lib/check/command';
import * as deployed from '../../lib/check/deployed/read-deployed';
import './link/built-scripts';

const queue = `
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 180
      RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 5 }
  DeadLetters:
    Type: AWS::SQS::Queue
    Properties: { MessageRetentionPeriod: 1209600 }`;

const template = (mapping: string) => `
Transform: AWS::Serverless-2016-10-31
Resources:
  OrderHandler:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Timeout: 30
      InlineCode: 'exports.handler = () => ({ batchItemFailures: [] })'
      Events:
        Mapping: { Type: SQS, Properties: { Queue: !GetAtt Orders.Arn, ${mapping} } }${queue}`;

const right = template('FunctionResponseTypes: [ReportBatchItemFailures]');
const wrong = template('BatchSize: 10');

describe('lambda-batch-handler check', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'check-command-'))));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => sinon.restore());

  const file = (text: string, name = 'template.yaml'): string => {
    const at = path.join(folder, name);
    writeFileSync(at, text);
    return at;
  };

  /** Runs it, and gives its exit code with what it wrote. */
  async function outcomeOf(...args: string[]) {
    const stdout = { write: sinon.spy() };
    const stderr = { write: sinon.spy() };
    const code = await run(args, { stdout, stderr });
    const [out, error] = [stdout, stderr].map(({ write }) => write.args.flat().join(''));
    return { code, out: out!, error: error! };
  }

  it('exits with 0 where nothing is wrong', async () => {
    const { code, out, error } = await outcomeOf('check', file(right));
    expect([code, error]).to.deep.equal([0, '']);
    expect(out)
      .to.include('Orders -> OrderHandler')
      .and.to.match(/1 event source mapping: 0 errors, 0 warnings\n$/);
  });

  it('exits with 1 where something is, and says what in lines of 80 columns', async () => {
    const { code, out, error } = await outcomeOf('check', file(wrong));
    expect([code, error]).to.deep.equal([1, '']);
    expect(out).to.include('error  partial-response-off').and.to.include('1 error, 0 warnings');
    expect(out.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '))).to.deep.equal([]);
  });

  it('takes warnings for failures where it is told to', async () => {
    const withoutRedrive = file(right.replace(/ {6}RedrivePolicy: .*\n/, ''));
    expect((await outcomeOf('check', withoutRedrive)).code).to.equal(0);
    expect((await outcomeOf('check', withoutRedrive, '--fail-on', 'warning')).code).to.equal(1);
    expect((await outcomeOf('check', file(wrong), '--fail-on=warning')).code).to.equal(1);
  });

  it('does not ask the rules that it is to ignore', async () => {
    const both = file(wrong.replace(/ {6}RedrivePolicy: .*\n/, ''));
    const { code, out } = await outcomeOf('check', both, '--ignore', 'partial-response-off,no-dead-letter-queue');
    expect(code).to.equal(0);
    expect(out).to.include('0 errors, 0 warnings');
    expect((await outcomeOf('check', both, '--ignore=partial-response-off')).out).to.include('no-dead-letter-queue');
  });

  it('shows hints where they are wanted, which fail nothing', async () => {
    const low = file(right.replace('maxReceiveCount: 5', 'maxReceiveCount: 3'));
    expect((await outcomeOf('check', low)).out).not.to.include('max-receive-count-low');
    const { code, out } = await outcomeOf('check', low, '--hints', '--fail-on', 'warning');
    expect(out).to.include('max-receive-count-low');
    expect(code).to.equal(0);
  });

  it('gives programs all keys, with null for what is not known', async () => {
    const { code, out } = await outcomeOf('check', file(wrong), '--json');
    const { mappings, findings } = JSON.parse(out) as CheckResult;
    expect(code).to.equal(1);
    expect(findings).to.have.lengthOf(1);
    expect(Object.keys(findings[0]!)).to.have.members([
      'rule',
      'severity',
      'message',
      'fix',
      'source',
      'file',
      'line',
      'resource',
      'mapping',
      'function',
      'queue',
    ]);
    expect(Object.keys(mappings[0]!)).to.have.members([
      'mapping',
      'kind',
      'file',
      'line',
      'function',
      'queue',
      'handler',
    ]);
    const elsewhere = file(wrong.replace('!GetAtt Orders.Arn', '!ImportValue Orders'));
    const {
      mappings: [imported],
    } = JSON.parse((await outcomeOf('check', elsewhere, '--json')).out) as CheckResult;
    expect(imported).to.have.property('queue', null);
  });

  it('looks for the handler, or the code, where it is told', async () => {
    const built = file('exports.handle = () => ({ batchItemFailures: [] })', 'built.js');
    const elsewhere = file(wrong.replace(/ {6}InlineCode: .*\n/, '      CodeUri: s3://bucket/key\n'));
    const hint = (await outcomeOf('check', elsewhere, '--hints')).out;
    expect(hint).to.include('hint  partial-response-off');
    for (const where of [[`--handler=OrderHandler=${built}#handle`], ['--code', `OrderHandler=${folder}`]]) {
      expect((await outcomeOf('check', elsewhere, ...where)).out, where.join(' ')).to.include(
        'error  partial-response-off',
      );
    }
  });

  it('loads no handler where it is told not to', async () => {
    const marker = path.join(folder, 'loaded');
    const built = file(
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); exports.handle = () => 0`,
      'built.js',
    );
    const where = ['--handler', `OrderHandler=${built}#handle`];
    await outcomeOf('check', file(right), ...where, '--no-load');
    expect(() => rmSync(marker)).to.throw('ENOENT');
    await outcomeOf('check', file(right), ...where);
    expect(() => rmSync(marker)).not.to.throw();
  });

  it('looks at what is deployed', async () => {
    const read = sinon.stub(deployed, 'readDeployed').resolves({ mappings: [] });
    const { code, error } = await outcomeOf('check', '--deployed', 'order-handler');
    expect(read.args.map(([name]) => name)).to.deep.equal(['order-handler']);
    expect(code).to.equal(2);
    expect(error).to.include('found none');
  });

  for (const [what, args, message] of [
    ['no command', [], 'expected the command check, received none'],
    ['another command', ['verify'], 'expected the command check, received verify'],
    ['nothing to check', ['check'], 'expected templates, or the name of what is deployed, received neither'],
    ['an unknown option', ['check', 'a', '--fail'], "Unknown option '--fail'"],
    ['an unknown rule', ['check', 'a', '--ignore', 'fifo'], "expected the id of a rule to ignore, received 'fifo'"],
    [
      'an unknown severity',
      ['check', 'a', '--fail-on', 'hint'],
      'expected --fail-on to be error or warning, received hint',
    ],
    [
      'a handler without a function',
      ['check', 'a', '--handler', 'a#b'],
      'expected --handler to be <Id=...>, received a#b',
    ],
    [
      'a handler without an export',
      ['check', 'a', '--handler', 'A=b'],
      "expected handlers to be { FunctionId: 'file#export' }",
    ],
    ['code without a function', ['check', 'a', '--code', '=b'], 'expected --code to be <Id=...>, received =b'],
  ] as const) {
    it(`exits with 2 for ${what}, and says so in a line`, async () => {
      const { code, out, error } = await outcomeOf(...args);
      expect([code, out]).to.deep.equal([2, '']);
      expect(error)
        .to.include(message)
        .and.to.match(/^lambda-batch-handler: [^\n]*See lambda-batch-handler --help\n$/);
    });
  }

  for (const [what, text, message] of [
    ['a file that is not there', undefined, /nowhere\.yaml/],
    ['a file that is no template', '- a\n- b\n', /template\.yaml/],
    ['broken YAML', 'Resources: { a', /template\.yaml/],
    ['a template without mappings', `Resources:${queue}`, /found none/],
  ] as const) {
    it(`exits with 2 for ${what}: nothing was checked`, async () => {
      const at = text === undefined ? path.join(folder, 'nowhere.yaml') : file(text);
      const { code, out, error } = await outcomeOf('check', at);
      expect([code, out]).to.deep.equal([2, '']);
      expect(error)
        .to.match(message)
        .and.to.match(/^lambda-batch-handler: [^\n]+\n$/);
    });
  }

  it('exits with 2 for what nobody has thought of, and says where it was', async () => {
    sinon.stub(deployed, 'readDeployed').rejects(new RangeError('odd'));
    expect(await outcomeOf('check', '--deployed', 'order-handler'))
      .to.have.property('error')
      .that.matches(/odd\n +at /);
    sinon.restore();
    sinon.stub(deployed, 'readDeployed').rejects(Object.assign(new Error('stackless'), { stack: undefined }));
    expect(await outcomeOf('check', '--deployed', 'order-handler'))
      .to.have.property('error')
      .that.includes('stackless');
    sinon.restore();
    sinon.stub(deployed, 'readDeployed').callsFake(() => Promise.reject('text'));
    expect(await outcomeOf('check', '--deployed', 'order-handler'))
      .to.have.property('error')
      .that.includes('text');
  });

  it('has help that fits a terminal, and names every option', async () => {
    const { code, out } = await outcomeOf('--help');
    expect(code).to.equal(0);
    for (const option of ['deployed', 'handler', 'code', 'no-load', 'fail-on', 'ignore', 'hints', 'json']) {
      expect(out).to.include(`--${option}`);
    }
    expect(out.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('has colours in a terminal that has some, and is as wide as it is, up to 80 columns', async () => {
    const output = (hasColors: boolean | undefined, columns = 200) => {
      const write = sinon.spy();
      const has = hasColors === undefined ? {} : { hasColors: () => hasColors };
      return { write, isTTY: true, columns, ...has };
    };
    const written = async (stdout: ReturnType<typeof output>) => {
      await run(['check', file(wrong)], { stdout, stderr: stdout });
      return stdout.write.args.flat().join('');
    };
    expect(await written(output(true))).to.include('\u001b[31merror');
    expect(await written(output(false))).not.to.include('\u001b');
    expect(await written(output(undefined))).not.to.include('\u001b');
    const narrow = await written(output(false, 40));
    expect(narrow.split('\n').filter((line) => line.length > 40 && /\S \S/.test(line.trim()))).to.have.lengthOf(1);
  });

  it('is a program', function () {
    this.timeout(60_000);
    const bin = path.join(__dirname, '../../lib/check/bin.ts');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['-r', 'ts-node/register', bin, 'check', file(right), '--no-load'],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stdout]).to.deep.equal([0, stdout]);
    expect(stdout).to.include('0 errors');
  });
});
