import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { queueTemplate, templates } from './files';

describe('Functions', () => {
  const read = templates();
  const fnOf = (fn: object, top: object = {}) => read(queueTemplate({ fn }, top)).fn;

  it('have the defaults of Lambda', () => {
    expect(fnOf({})).to.include({
      id: 'Handler',
      timeout: 3,
      reservedConcurrency: undefined,
      hasDeadLetterQueue: false,
    });
  });

  it('have what their template says', () => {
    const fn = fnOf({
      Timeout: 30,
      ReservedConcurrentExecutions: '7',
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:a:1:b' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Layers: ['arn:aws:lambda:a:1:layer:b:1'],
    });

    expect(fn).to.include({ timeout: 30, reservedConcurrency: 7, hasDeadLetterQueue: true });
    expect(fn.code).to.include({ handler: 'index.handler', runtime: 'nodejs22.x', hasLayers: true });
  });

  it('have a dead-letter queue also by the name that SAM gives it', () => {
    const template = (properties: object) => ({
      Resources: {
        Handler: { Type: 'AWS::Serverless::Function', Properties: { Events: { A: { Type: 'SQS' } }, ...properties } },
      },
    });

    expect(read(template({ DeadLetterQueue: { Type: 'SQS' } })).fn.hasDeadLetterQueue).to.equal(true);
    expect(read(template({})).fn.hasDeadLetterQueue).to.equal(false);
  });

  it('have what globals say', () => {
    const { fn } = read(`
Globals:
  Function: { Timeout: 20, Handler: a.handler, Environment: { Variables: { A: 1, B: global } } }
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Environment: { Variables: { B: local } }
      Events: { A: { Type: SQS, Properties: { Queue: 'arn:aws:sqs:a:1:b' } } }
`);

    expect(fn.timeout).to.equal(20);
    expect(fn.code).to.deep.include({ handler: 'a.handler', environment: { A: '1', B: 'local' } });
  });

  it('have open what is not known, and what an image has', () => {
    const unknown = { Ref: 'Parameter' };
    const fn = fnOf({
      Timeout: unknown,
      ReservedConcurrentExecutions: unknown,
      DeadLetterConfig: unknown,
      Handler: unknown,
      Runtime: unknown,
      Layers: unknown,
    });

    expect(fn).to.include({ timeout: open, reservedConcurrency: open, hasDeadLetterQueue: open });
    expect(fn.code).to.include({ handler: open, runtime: open, hasLayers: open });
    expect(fnOf({ PackageType: 'Image', Handler: { Ref: 'AWS::NoValue' } }).code).to.include({
      handler: open,
      runtime: undefined,
      hasLayers: false,
    });
    expect(fnOf({ Layers: [] }).code.hasLayers).to.equal(false);
  });

  it('have the variables whose values are known, and the names of the others', () => {
    const Variables = { A: 'a', B: 2, C: { Ref: 'Orders' }, D: {}, E: { 'Fn::Sub': 'x${AWS::Region}' } };

    expect(fnOf({ Environment: { Variables } }).code).to.deep.include({
      environment: { A: 'a', B: '2' },
      unknownVariables: ['C', 'D', 'E'],
    });
    expect(fnOf({ Environment: { Ref: 'Parameter' } }).code).to.deep.include({ environment: {}, unknownVariables: [] });
  });
});
