import { createRequire } from 'node:module';
import vm from 'node:vm';

import * as lambda from '@aws-sdk/client-lambda';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as sqs from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect } from 'chai';
import ts from 'typescript';
import { parse } from 'yaml';

import { allPages, blocksOf, pageOf } from './pages';

const { text } = pageOf('docs/deploy.md');
const blocks = blocksOf(text.split('\n## Settings of')[0]!);
const codeOf = (mark: string): string => blocks.find(({ code }) => code.includes(mark))!.code;

/** YAML with the functions of CloudFormation. */
const read = (code: string): unknown =>
  parse(code, { customTags: [{ tag: '!GetAtt', resolve: (value: string) => value }] });

describe('The setting that must be made', function () {
  this.timeout(60_000); // aws-cdk-lib takes its time to load

  it('is that of AWS SAM', () => {
    expect(read(codeOf('# AWS SAM'))).to.deep.equal({
      Events: {
        Orders: {
          Type: 'SQS',
          Properties: { Queue: 'OrdersQueue.Arn', FunctionResponseTypes: ['ReportBatchItemFailures'] },
        },
      },
    });
  });

  it('is that of the Serverless Framework', () => {
    expect(read(codeOf('# Serverless'))).to.deep.equal({
      events: [{ sqs: { arn: 'OrdersQueue.Arn', functionResponseType: 'ReportBatchItemFailures' } }],
    });
  });

  it('is made by the code for CDK', () => {
    const stack = new Stack(new App());
    const code = Code.fromInline('exports.handler = () => undefined;');
    const orders = new LambdaFunction(stack, 'Orders', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code,
    });
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(codeOf('// CDK'), { compilerOptions });
    const queue = new Queue(stack, 'Queue');
    vm.runInNewContext(outputText, { require: createRequire(__filename), exports: {}, orders, queue });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('is told of for Terraform and SST as well', () => {
    expect(codeOf('# Terraform')).to.match(/^ {2}function_response_types = \["ReportBatchItemFailures"\]$/m);
    expect(codeOf('// SST')).to.include('batch: { partialResponses: true }');
  });
});

describe('The commands on the pages', () => {
  const clients: Readonly<Record<string, object>> = { kinesis, lambda, sqs };

  it('are operations that AWS has', () => {
    const commands = allPages().flatMap((page) => [...page.text.matchAll(/\baws (\w+) ([a-z]+(?:-[a-z]+)+)/g)]);
    const known = commands.filter(([, service]) => clients[service!] !== undefined);
    expect(known.length).to.be.above(5);
    const operationOf = (name: string): string =>
      `${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Command`;

    expect(
      known.filter(([, service, name]) => !(operationOf(name!) in clients[service!]!)).map(([all]) => all),
    ).to.deep.equal([]);
  });
});
