import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { folders, queueTemplate, templates } from './files';
import { readInfrastructure } from '../../../lib/check/read';
import { join } from 'node:path';

const top = {
  Parameters: { Timeout: { Type: 'Number', Default: 40 }, Stage: { Type: 'String', Default: 'dev' }, Nothing: {} },
  Mappings: { Stages: { dev: { Timeout: 50, Names: ['a', 'b'] } } },
};

describe('Intrinsic functions', () => {
  const read = templates();
  const write = folders();

  /** What a queue's visibility timeout is, as a template says it. */
  const visibility = (value: unknown): unknown =>
    read(queueTemplate({ queue: { VisibilityTimeout: value } }, top)).queue.visibilityTimeout;

  for (const [what, value, expected] of [
    ['a literal', 40, 40],
    ['a text of a number', '40', 40],
    ['Ref of a default', { Ref: 'Timeout' }, 40],
    ['Fn::Sub of a default', { 'Fn::Sub': '${Timeout}' }, 40],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${ Digit }0', { Digit: 4 }] }, 40],
    ['Fn::Sub with nothing', { 'Fn::Sub': ['4${Digit}0', { Digit: { Ref: 'AWS::NoValue' } }] }, 40],
    ['Fn::Join', { 'Fn::Join': ['', ['4', 0]] }, 40],
    ['Fn::Select', { 'Fn::Select': ['1', [30, 40]] }, 40],
    ['Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [',', '30,40'] }] }, 40],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Stages', { Ref: 'Stage' }, 'Timeout'] }, 50],
    ['AWS::NoValue', { Ref: 'AWS::NoValue' }, 30],
    ['null', null, 30],
  ] as const) {
    it(`have a value: ${what}`, () => {
      expect(visibility(value)).to.equal(expected);
    });
  }

  for (const [what, value] of Object.entries({
    'Ref of a parameter without a default': { Ref: 'Nothing' },
    'Ref of a pseudo parameter': { Ref: 'AWS::AccountId' },
    'Ref of what is nowhere': { Ref: 'Nobody' },
    'Ref of no name': { Ref: 1 },
    'Fn::GetAtt': { 'Fn::GetAtt': 'Handler.Timeout' },
    'Fn::GetAtt of no attribute': { 'Fn::GetAtt': 'Handler' },
    'Fn::GetAtt of no resource': { 'Fn::GetAtt': [1, 2] },
    'Fn::GetAtt of an attribute that is none': { 'Fn::GetAtt': ['Handler', {}] },
    'Fn::Sub of no text': { 'Fn::Sub': 1 },
    'Fn::Sub of an object': { 'Fn::Sub': ['${A}', { A: {} }] },
    'Fn::Sub of what is not known': { 'Fn::Sub': '${Handler.Timeout}${AWS::AccountId}' },
    'Fn::Sub of a literal': { 'Fn::Sub': '${!Timeout}' },
    'Fn::Join of no list': { 'Fn::Join': ['', { Ref: 'Nothing' }] },
    'Fn::Join of objects': { 'Fn::Join': ['', [{}]] },
    'Fn::Join with no separator': { 'Fn::Join': [1, ['a']] },
    'Fn::Split of what is not known': { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'Nothing' }] }] },
    'Fn::Split with no text': { 'Fn::Split': [','] },
    'Fn::Select of no list': { 'Fn::Select': [0, 40] },
    'Fn::FindInMap of what is nowhere': { 'Fn::FindInMap': ['Stages', 'prod', 'Timeout'] },
    'Fn::FindInMap of what is not known': { 'Fn::FindInMap': ['Stages', {}, 'Timeout'] },
    'Fn::ImportValue': { 'Fn::ImportValue': 'Timeout' },
    'Fn::ImportValue of no name': { 'Fn::ImportValue': {} },
    'Fn::If without branches': { 'Fn::If': ['A'] },
    'Fn::Transform': { 'Fn::Transform': { Name: 'AWS::Include' } },
    'Fn::Transform beside other members': { 'Fn::Transform': { Name: 'AWS::Include' }, A: 1 },
    'a function that is not known': { 'Fn::Length': [1] },
    'an object': { a: 1, b: 2 },
    'an empty object': {},
    'a list': [40],
  })) {
    it(`are open: ${what}`, () => {
      expect(visibility(value)).to.equal(open);
    });
  }

  it('leave nothing in lists and objects where they are AWS::NoValue', () => {
    const { mapping } = read(
      queueTemplate({
        mapping: {
          FunctionResponseTypes: [{ Ref: 'AWS::NoValue' }, 'ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: { Ref: 'AWS::NoValue' } },
        },
      }),
    );

    expect(mapping.responseTypes).to.deep.equal(['ReportBatchItemFailures']);
    expect(mapping.maximumConcurrency).to.equal(undefined);
  });

  it('leave open what a macro or a loop may add to properties, and properties that are a text', () => {
    for (const queue of [
      { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://a/b' } } },
      { 'Fn::ForEach::Each': ['A', ['VisibilityTimeout'], { '${A}': 40 }] },
    ]) {
      expect(read(queueTemplate({ queue })).queue.visibilityTimeout).to.equal(open);
    }
    const text = queueTemplate({ more: { Orders: { Type: 'AWS::SQS::Queue', Properties: 'text' } } });
    expect(read(text).queue.visibilityTimeout).to.equal(open);
  });

  it('give the name of a stack where it is known', () => {
    const folder = write({
      'manifest.json': {
        artifacts: { Stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Stack.template.json' } } },
      },
      'Stack.template.json': queueTemplate({ fn: { Runtime: { 'Fn::Sub': '${AWS::StackName}' } } }),
    });

    const mapping = readInfrastructure([folder])[0]!.mappings[0];

    expect(mapping!.function!.code.runtime).to.equal('Stack');
    const alone = readInfrastructure([join(folder, 'Stack.template.json')])[0]!.mappings[0]!;
    expect(alone.function!.code.runtime).to.equal(open);
  });
});
