import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { templates } from './files';

describe('Events of SAM', () => {
  const read = templates();
  const more = `
  Orders: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60 } }
  Readings: { Type: AWS::Kinesis::Stream }
  Topic: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true } }
`;
  const events = (text: string) =>
    read(`
Conditions: { Never: !Equals [a, b] }
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Metadata: { lambda-batch-handler: { ignore: max-receive-count-1 } }
    Properties:
      Timeout: 5
      Events:
${text.replace(/^(?=.)/gm, '        ')}${more}`).mappings;

  it('are the mappings that SAM makes of them, with its logical ids', () => {
    const mappings = events(`
A: { Type: SQS, Properties: { Queue: !GetAtt Orders.Arn, FunctionResponseTypes: [ReportBatchItemFailures] } }
B: { Type: Kinesis, Properties: { Stream: !GetAtt Readings.Arn, StartingPosition: LATEST } }
C: { Type: DynamoDB, Properties: { Stream: !ImportValue table, StartingPosition: LATEST } }
D: { Type: MSK, Properties: { Stream: !Ref Cluster, Topics: [orders], ProvisionedPollerConfig: {} } }
E: { Type: SelfManagedKafka, Properties: { KafkaBootstrapServers: ['a:9092'], Topics: [orders] } }
F: { Type: Api, Properties: { Path: / } }
G: { Type: SNS, Properties: { Topic: !Ref Topic } }
H: {}
`);

    expect(mappings.map(({ id, kind, function: fn, line }) => [id, kind, fn!.timeout, line])).to.deep.equal([
      ['HandlerA', 'sqs', 5, 11],
      ['HandlerB', 'kinesis', 5, 12],
      ['HandlerC', 'dynamodb', 5, 13],
      ['HandlerD', 'kafka', 5, 14],
      ['HandlerE', 'kafka', 5, 15],
    ]);
    expect(mappings[0]).to.deep.include({
      batchSize: 10,
      responseTypes: ['ReportBatchItemFailures'],
      canReport: true,
      ignored: ['max-receive-count-1'],
    });
    expect(mappings[0]!.queue).to.include({ id: 'Orders', visibilityTimeout: 60 });
    expect(mappings[1]!.stream).to.include({ id: 'Readings' });
    expect(mappings[3]).to.include({ isProvisioned: true, batchSize: 100 });
    expect(mappings[4]!.sourceKey).to.equal('["a:9092"] orders');
  });

  it('have the line of their function where they stand behind an anchor', () => {
    const mappings = events('A: &a { Type: SQS, Properties: { Queue: !GetAtt Orders.Arn } }\n<<: { B: *a }');

    expect(mappings.map(({ id, line }) => [id, line])).to.deep.equal([
      ['HandlerA', 10],
      ['HandlerB', 4],
    ]);
  });

  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-sqssubscriptionobject.html
  it('of a topic have a mapping that cannot report where they ask for a queue between', () => {
    const [mapping] = events(`
A: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: { QueueArn: !GetAtt Orders.Arn, BatchSize: 3, Enabled: false } } }
`);

    expect(mapping).to.deep.include({
      id: 'HandlerAEventSourceMapping',
      kind: 'sqs',
      canReport: false,
      responseTypes: [],
      isEnabled: false,
      batchSize: 3,
    });
    expect(mapping!.queue!.id).to.equal('Orders');
  });

  it('of a topic have a queue that SAM makes, and that is FIFO where the topic is', () => {
    const [mapping, other] = events(`
A: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: true } }
B: { Type: SNS, Properties: { Topic: 'arn:aws:sns:a:1:b', SqsSubscription: true } }
C: { Type: SNS, Properties: { Topic: 'arn:aws:sns:a:1:b', SqsSubscription: false } }
`);

    expect(mapping).to.include({ canReport: false, batchSize: 10 });
    expect(mapping!.queue).to.deep.include({
      id: 'HandlerAQueue',
      line: 11,
      isFifo: true,
      visibilityTimeout: 30,
      retention: 345_600,
      redrive: undefined,
    });
    expect(mapping!.sourceKey).to.match(/#HandlerAQueue$/);
    expect(other!.queue!.isFifo).to.equal(false);
  });

  it('of a topic have no mapping where it turns out that they ask for no queue, or that is not known', () => {
    const mappings = events(`
A: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: !If [Never, true, false] } }
B: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: !If [Never, { BatchSize: 3 }, !Ref 'AWS::NoValue'] } }
C: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: !Ref Unknown } }
D: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: !If [Never, false, { BatchSize: 3 }] } }
E: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: !If [Never, false, true] } }
`);

    expect(mappings.map(({ id, batchSize }) => [id, batchSize])).to.deep.equal([
      ['HandlerDEventSourceMapping', 3],
      ['HandlerEEventSourceMapping', 10],
    ]);
  });

  it('of a topic that is FIFO or not have a queue of which that is not known', () => {
    const [mapping] = read({
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: { Ref: 'Fifo' } } },
        Handler: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Events: { A: { Type: 'SNS', Properties: { Topic: { Ref: 'Topic' }, SqsSubscription: true } } },
          },
        },
      },
    }).mappings;

    expect(mapping!.queue!.isFifo).to.equal(open);
  });
});
