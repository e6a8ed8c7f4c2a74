import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { queueTemplate, templates } from './files';

describe('Queues', () => {
  const read = templates();
  const dead = { Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } } };

  it('have the defaults of SQS', () => {
    expect(read(queueTemplate({})).queue).to.include({
      id: 'Orders',
      isFifo: false,
      visibilityTimeout: 30,
      retention: 345_600,
      redrive: undefined,
      isDeadLetterQueue: false,
    });
  });

  it('are FIFO by their property or their name', () => {
    const isFifo = (queue: object) => read(queueTemplate({ queue })).queue.isFifo;

    expect(isFifo({ FifoQueue: true })).to.equal(true);
    expect(isFifo({ QueueName: 'orders.fifo' })).to.equal(true);
    expect(isFifo({ QueueName: 'orders', FifoQueue: false })).to.equal(false);
    expect(isFifo({ FifoQueue: { Ref: 'Fifo' } })).to.equal(open);
  });

  for (const [what, RedrivePolicy] of Object.entries({
    'an object': { deadLetterTargetArn: { 'Fn::GetAtt': 'Dead.Arn' }, maxReceiveCount: 3 },
    'an object of texts': { deadLetterTargetArn: { 'Fn::Sub': '${Dead.Arn}' }, maxReceiveCount: '3' },
    'a text': { 'Fn::Sub': '{ "deadLetterTargetArn": "${Dead.Arn}", "maxReceiveCount": 3 }' },
  })) {
    it(`have a redrive policy: ${what}`, () => {
      const { redrive } = read(queueTemplate({ queue: { RedrivePolicy }, more: dead })).queue;

      expect(redrive).to.nested.include({
        maxReceiveCount: 3,
        'deadLetterQueue.id': 'Dead',
        'deadLetterQueue.retention': 1_209_600,
        'deadLetterQueue.isDeadLetterQueue': true,
      });
    });
  }

  it('have a redrive policy of which not all is known', () => {
    const redriveOf = (RedrivePolicy: unknown) => read(queueTemplate({ queue: { RedrivePolicy } })).queue.redrive;

    expect(redriveOf({ deadLetterTargetArn: { Ref: 'Arn' } })).to.deep.equal({
      maxReceiveCount: open,
      deadLetterQueue: undefined,
    });
    expect(redriveOf({ Ref: 'Policy' })).to.equal(open);
    expect(redriveOf('text')).to.equal(open);
    expect(redriveOf({})).to.equal(undefined);
    expect(redriveOf({ Ref: 'AWS::NoValue' })).to.equal(undefined);
  });

  it('can be the dead-letter queues of each other, or of themselves', () => {
    const RedrivePolicy = (id: string) => ({ deadLetterTargetArn: { 'Fn::GetAtt': [id, 'Arn'] }, maxReceiveCount: 1 });
    const more = { Dead: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: RedrivePolicy('Orders') } } };

    const { queue } = read(queueTemplate({ queue: { RedrivePolicy: RedrivePolicy('Dead') }, more }));

    expect(queue).to.nested.include({
      isDeadLetterQueue: true,
      'redrive.deadLetterQueue.redrive.deadLetterQueue': queue,
    });
    const own = read(queueTemplate({ queue: { RedrivePolicy: RedrivePolicy('Orders') } })).queue;
    expect(own).to.nested.include({ isDeadLetterQueue: true, 'redrive.deadLetterQueue': own });
  });

  it('are no dead-letter queue of what sends nothing, or elsewhere', () => {
    for (const OnFailure of [null, {}, { Destination: null }, { Destination: 'arn:aws:sqs:a:1:b' }, { A: 1 }]) {
      const Other = { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { DestinationConfig: { OnFailure } } };
      expect(read(queueTemplate({ more: { Other } })).queue.isDeadLetterQueue).to.equal(false);
    }
  });

  it('are no dead-letter queue of a resource that is called so', () => {
    for (const id of ['DeadLetterQueue', 'DeadLetterConfig', 'OnFailure', 'RedrivePolicy']) {
      const tags = [{ Key: 'of', Value: 'orders' }];
      const more = { [id]: { Type: 'AWS::SQS::Queue', Properties: { Tags: tags }, Metadata: { OnFailure: 'orders' } } };
      expect(read(queueTemplate({ queue: { QueueName: 'orders' }, more })).queue.isDeadLetterQueue).to.equal(false);
    }
  });

  it('are known as a dead-letter queue that globals say for all functions', () => {
    const Globals = { Function: { DeadLetterQueue: { Type: 'SQS', TargetArn: { 'Fn::GetAtt': 'Orders.Arn' } } } };
    const more = { Other: { Type: 'AWS::Serverless::Function', Properties: {} } };

    expect(read(queueTemplate({ more }, { Globals })).queue.isDeadLetterQueue).to.equal(true);
    expect(read(queueTemplate({}, { Globals })).queue.isDeadLetterQueue).to.equal(false);
  });

  for (const [what, resource] of Object.entries({
    'a queue': {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': 'Orders.Arn' }, maxReceiveCount: 3 } },
    },
    'a queue, as a text': {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { 'Fn::Sub': '{ "deadLetterTargetArn": "${Orders.Arn}", "maxReceiveCount": 3 }' } },
    },
    'a function': {
      Type: 'AWS::Lambda::Function',
      Properties: { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': 'Orders.Arn' } } },
    },
    'a subscription': {
      Type: 'AWS::SNS::Subscription',
      Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': 'Orders.Arn' } } },
    },
    'a rule of EventBridge': {
      Type: 'AWS::Events::Rule',
      Properties: { Targets: [{ Arn: 'a', Id: 'b', DeadLetterConfig: { Arn: { 'Fn::GetAtt': 'Orders.Arn' } } }] },
    },
    'an asynchronous invocation': {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': 'Orders.Arn' } } } },
    },
  })) {
    it(`are known as a dead-letter queue of ${what}`, () => {
      expect(read(queueTemplate({ more: { Other: resource } })).queue.isDeadLetterQueue).to.equal(true);
    });
  }
});
