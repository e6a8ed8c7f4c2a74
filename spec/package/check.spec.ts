import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { check } from '../../lib/check';
import { node, project, root, work } from '../support/package';

const golden = join(root, 'spec', 'check', 'golden');

/** All settings that a rule reads are left open. */
const openTemplate = `
Transform: AWS::Serverless-2016-10-31
Parameters: { V: { Type: Number }, L: { Type: CommaDelimitedList } }
Resources:
  Dead: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: !Ref V } }
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !Ref V
      FifoQueue: !Ref V
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: !Ref V }
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => ({ batchItemFailures: [] });"
      Timeout: !Ref V
      ReservedConcurrentExecutions: !Ref V
      Policies: PowerUserAccess
      Events:
        Orders:
          Type: SQS
          Properties:
            Queue: !GetAtt Orders.Arn
            BatchSize: !Ref V
            MaximumBatchingWindowInSeconds: !Ref V
            FunctionResponseTypes: !Ref L
            ScalingConfig: { MaximumConcurrency: !Ref V }
`;

describe('The packed check', () => {
  const templates = readdirSync(golden).filter((file) => /\.(yaml|json)$/.test(file));
  const file = join(work, 'open.yaml');
  writeFileSync(file, openTemplate);

  for (const template of [...templates.map((name) => join(golden, name)), file]) {
    it(`finds what its source finds, also where it is several files: ${template.split('/').at(-1)}`, async () => {
      const expected = await check({ templates: [template], load: false, hints: true });
      const program = `require('lambda-batch-handler/check')
        .check({ templates: [${JSON.stringify(template)}], load: false, hints: true })
        .then((result) => console.log(JSON.stringify(result)));`;
      const found = JSON.parse(node(['-e', program], project('commonjs'))) as unknown;

      expect(found).to.deep.equal(JSON.parse(JSON.stringify(expected)));
      expect(expected.mappings).to.not.be.empty;
    });
  }

  it('says nothing of what a template leaves open', async () => {
    const { findings } = await check({ templates: [file], load: false });
    expect(findings.map(({ rule }) => rule)).to.deep.equal([]);
  });
});
