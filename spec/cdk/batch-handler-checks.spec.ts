import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { App, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect } from 'chai';
import { buildSync } from 'esbuild';

import { BatchHandlerChecks } from '../../lib/cdk';
import { rules } from '../../lib/check/rules';
import { work as linked } from '../check/link/built-scripts';

const root = path.join(__dirname, '../..');
const work = path.join(linked, 'cdk');

/** An app as one writes it, whose mapping has forgotten to say that failures are reported. */
const app = `
const { App, Stack, Validations } = require('aws-cdk-lib');
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { BatchHandlerChecks } = require('./cdk.js');
const app = new App({ outdir: process.argv[2] });
Validations.of(app).addPlugins(new BatchHandlerChecks());
const stack = new Stack(app, 'orders');
const fn = new Function(stack, 'Handler', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(__dirname + '/code') });
fn.addEventSource(new SqsEventSource(new Queue(stack, 'Orders', { queueName: 'orders' })));
if (process.argv[3]) Validations.of(fn).acknowledge({ id: process.argv[3], reason: 'known' });
app.synth();
`;

describe('BatchHandlerChecks', () => {
  before(() => {
    mkdirSync(path.join(work, 'code'), { recursive: true });
    const bundle = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
    buildSync({ ...bundle, entryPoints: [path.join(root, 'lib/cdk/index.ts')], outfile: path.join(work, 'cdk.js') });
    const { outputFiles } = buildSync({
      ...bundle,
      stdin: {
        contents: `import { createBatchHandler } from './lib'; export const handler = createBatchHandler({ source: 'SQS' }, () => {});`,
        resolveDir: root,
        loader: 'ts',
      },
      write: false,
    });
    writeFileSync(path.join(work, 'code/index.js'), outputFiles[0]!.contents);
    for (const script of ['loader', 'refuse', 'runner']) {
      const entry = path.join(root, `lib/check/link/${script}.ts`);
      buildSync({ ...bundle, entryPoints: [entry], outfile: path.join(work, `check/${script}.js`) });
    }
    writeFileSync(path.join(work, 'app.cjs'), app);
  });

  /** Runs the app as `cdk synth` does. */
  function synth(name: string, ...args: string[]) {
    const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules'), NODE_V8_COVERAGE: '' };
    const file = path.join(work, 'app.cjs');
    const run = spawnSync(process.execPath, [file, path.join(work, name), ...args], {
      cwd: work,
      env,
      encoding: 'utf8',
    });
    return { status: run.status, printed: `${run.stdout}${run.stderr}` };
  }

  it('fails synth, with the line of the app, the construct, the fix and the id to acknowledge', function () {
    this.timeout(120_000);
    const { status, printed } = synth('bad.out');
    expect(status).to.equal(1);
    expect(printed).to.match(/app\.cjs:12:\d+\nERROR FunctionResponseTypes has no ReportBatchItemFailures/);
    expect(printed).to.include('orders/Handler/SqsEventSource:ordersOrders');
    expect(printed).to.include('Suggested fix: FunctionResponseTypes: [ReportBatchItemFailures]');
    expect(printed).to.include("Acknowledge with 'lambda-batch-handler::partial-response-off'");
    expect(printed).to.include('WARNING The queue has no RedrivePolicy');
  });

  it('lets through what is acknowledged, and warnings', function () {
    this.timeout(120_000);
    const { status, printed } = synth('known.out', 'lambda-batch-handler::partial-response-off');
    expect([status, printed]).to.deep.equal([0, printed]);
    expect(printed).to.include('WARNING').and.not.to.include('ReportBatchItemFailures');
  });

  /** The templates of an app with a queue in a stage of its own. */
  function templatesOf(name: string, reportBatchItemFailures: boolean): string[] {
    const app = new App({ outdir: path.join(work, name), builtinCloudFormationValidation: false });
    const stack = new Stack(new Stage(app, 'live'), 'orders');
    const code = Code.fromAsset(path.join(work, 'code'));
    const fn = new Function(stack, 'Handler', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
    const deadLetterQueue = { queue: new Queue(stack, 'DeadLetters'), maxReceiveCount: 5 };
    fn.addEventSource(new SqsEventSource(new Queue(stack, 'Orders', { deadLetterQueue }), { reportBatchItemFailures }));
    new Stack(app, 'empty');
    const assembly = app.synth();
    return assembly.stacksRecursively.map(({ templateFullPath }) => templateFullPath);
  }

  it('finds what is in a stage, once', function () {
    this.timeout(60_000);
    const { success, violations } = new BatchHandlerChecks({ ignore: ['dead-letter-retention'] }).validate({
      templatePaths: templatesOf('stage.out', false),
    });
    expect(success).to.equal(false);
    expect(violations.map(({ ruleName, severity }) => [ruleName, severity])).to.deep.equal([
      ['partial-response-off', 'error'],
    ]);
    expect(violations[0]!.violatingResources[0]).to.have.property('templatePath').that.satisfies(path.isAbsolute);
    expect(violations[0]!.ruleMetadata.source).to.match(/^https:/);
  });

  it('succeeds where nothing is found, and fails for warnings where it is told to', function () {
    this.timeout(60_000);
    const templatePaths = templatesOf('good.out', true);
    const judged = (options: ConstructorParameters<typeof BatchHandlerChecks>[0]) => {
      const { success, violations } = new BatchHandlerChecks({ ...options, load: false }).validate({ templatePaths });
      return [success, violations.map(({ severity }) => severity)];
    };
    const hints = ['dead-letter-retention'];
    expect(judged({ failOn: 'warning', ignore: hints })).to.deep.equal([true, []]);
    writeFileSync(templatePaths[0]!, JSON.stringify({ Resources: {} })); // nothing to check is no fault of a stack
    expect(judged({})).to.deep.equal([true, []]);
  });

  it('takes warnings for failures', () => {
    const folder = path.join(work, 'warned.out');
    mkdirSync(folder);
    const template = path.join(folder, 'w.json');
    writeFileSync(
      template,
      JSON.stringify({
        Resources: {
          Mapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
              FunctionResponseTypes: ['ReportBatchItemFailures'],
            },
          },
          Orders: { Type: 'AWS::SQS::Queue' },
        },
      }),
    );
    writeFileSync(
      path.join(folder, 'manifest.json'),
      JSON.stringify({
        version: '1',
        artifacts: { w: { type: 'aws:cloudformation:stack', properties: { templateFile: 'w.json' } } },
      }),
    );
    const templatePaths = [template];
    expect(new BatchHandlerChecks({ failOn: 'warning' }).validate({ templatePaths })).to.have.property(
      'success',
      false,
    );
    expect(new BatchHandlerChecks().validate({ templatePaths })).to.have.property('success', true);
  });

  it('says which rules there are', () => {
    expect(new BatchHandlerChecks()).to.deep.include({
      name: 'lambda-batch-handler',
      ruleIds: rules.map(({ id }) => id),
    });
  });

  it('refuses options that are wrong', () => {
    expect(() => new BatchHandlerChecks({ failOn: 'hint' as never })).to.throw(
      TypeError,
      "'error' or 'warning', received hint",
    );
    expect(() => new BatchHandlerChecks({ ignore: ['none'] })).to.throw(
      TypeError,
      'expected the id of a rule to ignore',
    );
  });
});
