import { expect } from 'chai';
import { join } from 'node:path';

import { readInfrastructure } from '../../../lib/check/read';
import { folders, queueTemplate, templates } from './files';

describe('References', () => {
  const read = templates();
  const write = folders();
  const queue = { QueueName: 'orders' };

  for (const [what, EventSourceArn] of Object.entries({
    'Fn::GetAtt': { 'Fn::GetAtt': 'Orders.Arn' },
    Ref: { Ref: 'Orders' },
    'Fn::Sub of an attribute': { 'Fn::Sub': '${Orders.Arn}' },
    'an ARN put together with an attribute': {
      'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Orders.QueueName}',
    },
    'an ARN put together with a name': { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders' },
    'an ARN': 'arn:aws:sqs:eu-west-1:123456789012:orders',
  })) {
    it(`lead to a resource: ${what}`, () => {
      expect(read(queueTemplate({ queue, mapping: { EventSourceArn } })).mapping).to.include({ kind: 'sqs' });
      expect(read(queueTemplate({ queue, mapping: { EventSourceArn } })).queue.id).to.equal('Orders');
    });
  }

  for (const [what, EventSourceArn] of Object.entries({
    'an ARN of another name': 'arn:aws:sqs:eu-west-1:123456789012:others',
    'an attribute of what is nowhere': { 'Fn::GetAtt': 'Nobody.Arn' },
    'an import': { 'Fn::ImportValue': 'orders' },
    'an object': { a: 1, b: 2 },
    'a name that begins as another does': { 'Fn::Sub': 'arn:aws:sqs:a:1:${Orders.QueueName}-copy' },
    'a name that ends as another does': { 'Fn::Sub': 'arn:aws:sqs:a:1:copy-of-${Orders.QueueName}' },
  })) {
    it(`lead nowhere: ${what}`, () => {
      expect(read(queueTemplate({ queue, mapping: { EventSourceArn } })).mapping).to.include({
        kind: 'sqs',
        queue: undefined,
      });
    });
  }

  it('lead to a name that is put together of the name of another', () => {
    const QueueName = { 'Fn::Sub': '${Orders.QueueName}-copy' };
    const EventSourceArn = { 'Fn::Sub': 'arn:aws:sqs:a:1:${Orders.QueueName}-copy' };
    const more = { Copy: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } };

    expect(read(queueTemplate({ queue, mapping: { EventSourceArn }, more })).queue.id).to.equal('Copy');
  });

  it('lead to a name that is put together the same way', () => {
    const name = { 'Fn::Sub': '${AWS::Region}-orders' };
    const EventSourceArn = { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AWS::Region}-orders' };

    expect(read(queueTemplate({ queue: { QueueName: name }, mapping: { EventSourceArn } })).queue.id).to.equal(
      'Orders',
    );
  });

  for (const [what, FunctionName] of Object.entries({
    'a name': 'order-handler',
    'a name with an alias': 'order-handler:live',
    'an ARN with an alias': 'arn:aws:lambda:eu-west-1:123456789012:function:order-handler:live',
    'Ref with an alias behind it': { 'Fn::Sub': '${Handler}:live' },
    'Ref of an alias': { Ref: 'Alias' },
    "Ref of SAM's alias": { Ref: 'Handler.Alias' },
  })) {
    it(`lead to a function: ${what}`, () => {
      const more = { Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Handler' } } } };
      const template = queueTemplate({ fn: { FunctionName: 'order-handler' }, mapping: { FunctionName }, more });

      expect(read(template).fn.id).to.equal('Handler');
    });
  }

  it('lead by an ARN of Lambda to a function of SAM', () => {
    const Properties = { FunctionName: 'order-handler', Runtime: 'nodejs22.x', Handler: 'index.handler' };
    const more = { Handler: { Type: 'AWS::Serverless::Function', Properties } };
    const FunctionName = 'arn:aws:lambda:eu-west-1:123456789012:function:order-handler';

    expect(read(queueTemplate({ mapping: { FunctionName }, more })).fn.id).to.equal('Handler');
  });

  it('lead to no function by an alias of one that is elsewhere', () => {
    const more = { Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: 'elsewhere' } } };

    expect(read(queueTemplate({ mapping: { FunctionName: { Ref: 'Alias' } }, more })).fn).to.equal(undefined);
  });

  it('lead by an ARN to a resource of its service alone', () => {
    const EventSourceArn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
    const Table = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } };
    const elsewhere = read(queueTemplate({ mapping: { EventSourceArn }, more: { Table } }));
    expect(elsewhere.mapping.kind).to.equal('sqs');
    expect([elsewhere.queue, elsewhere.mapping.stream]).to.deep.equal([undefined, undefined]);

    const own = read({
      Resources: {
        Table,
        ...(queueTemplate({ queue, mapping: { EventSourceArn } }) as { Resources: object }).Resources,
      },
    });
    expect([own.mapping.kind, own.queue.id]).to.deep.equal(['sqs', 'Orders']);
  });

  it('lead to a name in another template where only one has it, and first in the same one', () => {
    const EventSourceArn = 'arn:aws:sqs:eu-west-1:123456789012:orders';
    const other = { Resources: { Other: { Type: 'AWS::SQS::Queue', Properties: queue } } };
    const folder = write({
      'a.json': queueTemplate({ mapping: { EventSourceArn } }),
      'own.json': queueTemplate({ queue, mapping: { EventSourceArn } }),
      'b.json': other,
      'c.json': other,
    });
    const queueOf = (...names: string[]) =>
      readInfrastructure(names.map((name) => join(folder, name)))[0]!.mappings[0]!.queue?.id;

    expect(queueOf('a.json', 'b.json')).to.equal('Other');
    expect(queueOf('a.json', 'b.json', 'c.json')).to.equal(undefined);
    expect(queueOf('own.json', 'b.json')).to.equal('Orders');
  });
});
