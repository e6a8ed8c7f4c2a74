import { expect } from 'chai';
import { join } from 'node:path';

import { readInfrastructure } from '../../../lib/check/read';
import { open } from '../../../lib/check/model';
import { folders, queueTemplate, templates } from './files';

describe('A stack', () => {
  const read = templates();
  const write = folders();

  const reserved = (value: unknown, top: object): unknown =>
    read(queueTemplate({ fn: { ReservedConcurrentExecutions: value } }, top)).fn.reservedConcurrency;

  it('has the defaults of its parameters, and lists of those that are lists', () => {
    const Parameters = {
      Number: { Type: 'Number', Default: 7 },
      List: { Type: 'CommaDelimitedList', Default: '8, 9' },
    };

    expect(reserved({ Ref: 'Number' }, { Parameters })).to.equal(7);
    expect(reserved({ 'Fn::Select': [1, { Ref: 'List' }] }, { Parameters })).to.equal(9);
    expect(
      reserved({ 'Fn::Select': [1, { Ref: 'Open' }] }, { Parameters: { Open: { Type: 'List<Number>' } } }),
    ).to.equal(open);
  });

  it('does not take the name of an SSM parameter for its value', () => {
    const Parameters = { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '7' } };

    expect(reserved({ Ref: 'P' }, { Parameters })).to.equal(open);
  });

  it('gives parameters to those that are nested in it, and has their outputs', () => {
    const folder = write({
      'parent.json': {
        Parameters: { Timeout: { Default: 90 } },
        Resources: {
          Nested: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: { TemplateURL: './nested.json', Parameters: { Timeout: { Ref: 'Timeout' } } },
          },
          Handler: { Type: 'AWS::Lambda::Function', Properties: {} },
          Mapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              FunctionName: { 'Fn::GetAtt': ['Handler', 'Arn'] },
              EventSourceArn: { 'Fn::GetAtt': ['Nested', 'Outputs.QueueArn'] },
              BatchSize: { 'Fn::GetAtt': ['Nested', 'Outputs.Missing'] },
            },
          },
        },
      },
      'nested.json': {
        Parameters: { Timeout: { Default: 10 } },
        Resources: { Orders: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: { Ref: 'Timeout' } } } },
        Outputs: { QueueArn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } } },
      },
    });

    const [{ mappings } = { mappings: [] }] = readInfrastructure([join(folder, 'parent.json')]);

    expect(mappings[0]!.queue).to.include({ id: 'Orders', file: join(folder, 'nested.json'), visibilityTimeout: 90 });
    expect(mappings[0]!.batchSize).to.equal(open);
  });

  it('gives lists to those that are nested in it, as text or as lists', () => {
    const typesOf = (Types: unknown) => {
      const folder = write({
        'a.json': {
          Parameters: { Handed: { Type: 'CommaDelimitedList', Default: 'a, b' } },
          Resources: {
            A: {
              Type: 'AWS::CloudFormation::Stack',
              Properties: { TemplateURL: 'b.json', Parameters: { Types } },
            },
          },
        },
        'b.json': {
          Parameters: { Types: { Type: 'CommaDelimitedList' } },
          ...queueTemplate({ mapping: { FunctionResponseTypes: { Ref: 'Types' } } }),
        },
      });
      return readInfrastructure([join(folder, 'a.json')])[0]!.mappings[0]!.responseTypes;
    };

    expect(typesOf('a, b')).to.deep.equal(['a', 'b']);
    expect(typesOf({ 'Fn::Join': [',', ['a', 'b']] })).to.deep.equal(['a', 'b']);
    expect(typesOf({ Ref: 'Handed' })).to.deep.equal(['a', 'b']);
    expect(typesOf({ Ref: 'Unknown' })).to.equal(open);
  });

  it('has the values of a parameter that stacks compare it with which it hands it to', () => {
    const nest = (file: string, name: string, from: string) => ({
      Parameters: { [from]: { Default: 'dev' } },
      Resources: {
        [name]: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: file, Parameters: { [name]: { Ref: from }, Other: 'x' } },
        },
      },
    });
    const compared = (Stage: string) => ({ 'Fn::Equals': [{ Ref: 'B' }, Stage] });
    const folder = write({
      'a.json': nest('b.json', 'A', 'Stage'),
      'b.json': nest('c.json', 'B', 'A'),
      'c.json': {
        Parameters: { B: {}, Other: {} },
        ...queueTemplate(
          { mapping: { BatchSize: { 'Fn::If': ['Prod', 100, 10] } } },
          { Conditions: { Prod: compared('prod'), Other: { 'Fn::Equals': [{ Ref: 'Other' }, 'y'] } } },
        ),
      },
    });

    const sizes = readInfrastructure([join(folder, 'a.json')]).map(({ mappings }) => mappings[0]!.batchSize);

    expect(sizes).to.deep.equal([10, 100]);
  });

  it('gives one parameter of a nested stack the output of another, and none itself', () => {
    const nested = (id: string, of: string) => ({
      [id]: {
        Type: 'AWS::Serverless::Application',
        Properties: { Location: 'nested.json', Parameters: { In: { 'Fn::GetAtt': [of, 'Outputs.Out'] } } },
      },
    });
    const folder = write({
      'a.json': queueTemplate({
        mapping: { BatchSize: { 'Fn::GetAtt': 'A.Outputs.Out' } },
        more: { ...nested('A', 'B'), ...nested('B', 'A') },
      }),
      'nested.json': { Parameters: { In: {} }, Resources: {}, Outputs: { Out: { Value: { Ref: 'In' } } } },
    });

    expect(readInfrastructure([join(folder, 'a.json')])[0]!.mappings[0]!.batchSize).to.equal(open);
  });

  it('has an output that leads to itself, which is open', () => {
    const folder = write({
      'a.json': queueTemplate({
        mapping: { BatchSize: { 'Fn::ImportValue': 'a' } },
      }),
      'b.json': { Resources: {}, Outputs: { A: { Value: { 'Fn::ImportValue': 'a' }, Export: { Name: 'a' } } } },
    });

    const [{ mappings } = { mappings: [] }] = readInfrastructure([join(folder, 'a.json'), join(folder, 'b.json')]);

    expect(mappings[0]!.batchSize).to.equal(open);
  });

  it('has what others export under a name of the region, which is the same for both', () => {
    const folder = write({
      'a.yaml': `
Resources:
  Handler: { Type: AWS::Lambda::Function }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Handler
      EventSourceArn: !ImportValue { Fn::Sub: '\${AWS::Region}-orders' }
`,
      'b.yaml': `
Resources:
  Orders: { Type: AWS::SQS::Queue }
Outputs:
  Orders: { Value: !GetAtt Orders.Arn, Export: { Name: !Sub '\${AWS::Region}-orders' } }
  Nothing: { Value: 1 }
  Odd: { Value: 1, Export: { Name: {} } }
`,
    });
    const [a, b] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];

    expect(readInfrastructure([a])[0]!.mappings[0]!.queue).to.equal(undefined);
    expect(readInfrastructure([a, b])[0]!.mappings[0]!.queue!.id).to.equal('Orders');
  });

  it('has what others export under a name that is known', () => {
    const mapping = { EventSourceArn: { 'Fn::ImportValue': 'orders' } };
    const folder = write({
      'a.json': queueTemplate({ mapping }),
      'b.json': {
        Resources: { Other: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 7 } } },
        Outputs: {
          Orders: { Value: { 'Fn::GetAtt': ['Other', 'Arn'] }, Export: { Name: 'orders' } },
          Nothing: { Value: 1 },
          Odd: { Value: 1, Export: { Name: {} } },
        },
      },
    });
    const [a, b] = [join(folder, 'a.json'), join(folder, 'b.json')];

    expect(readInfrastructure([a])[0]!.mappings[0]!).to.include({ queue: undefined, sourceKey: '${import orders}' });
    expect(readInfrastructure([a, b])[0]!.mappings[0]!.queue).to.include({ id: 'Other', visibilityTimeout: 7 });
  });
});
