import { expect } from 'chai';
import { join } from 'node:path';

import { open } from '../../../lib/check/model';
import { readInfrastructure } from '../../../lib/check/read';
import { unsaid } from '../support/model';
import { folders, queueTemplate, templates } from './files';

describe('Event source mappings', () => {
  const read = templates();
  const write = folders();

  const mappingsOf = (properties: object, more: object = {}) =>
    read({
      Resources: { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: properties }, ...more },
    }).mappings;
  const resources = {
    Readings: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 48 } },
    Consumer: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { StreamARN: { 'Fn::GetAtt': 'Readings.Arn' } } },
    Foreign: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { StreamARN: 'arn:aws:kinesis:a:1:stream/b' } },
    Products: { Type: 'AWS::DynamoDB::Table' },
    Cluster: { Type: 'AWS::MSK::ServerlessCluster' },
  };

  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
  it('have the defaults of Lambda', () => {
    const { mapping } = read(queueTemplate({}));

    expect(mapping).to.deep.include({
      kind: 'sqs',
      responseTypes: [],
      canReport: true,
      batchSize: 10,
      window: 0,
      ...unsaid,
    });
    expect(mappingsOf({ EventSourceArn: { 'Fn::GetAtt': 'Readings.Arn' } }, resources)[0]).to.include({
      batchSize: 100,
    });
  });

  it('have what their template says', () => {
    const { mapping } = read(
      queueTemplate({
        mapping: {
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          BatchSize: 5,
          MaximumBatchingWindowInSeconds: '2',
          FilterCriteria: { Filters: [{ Pattern: '{}' }, { Pattern: '{}' }] },
          ScalingConfig: { MaximumConcurrency: 3 },
          MaximumRetryAttempts: 4,
          MaximumRecordAgeInSeconds: -1,
          BisectBatchOnFunctionError: 'true',
          ParallelizationFactor: 6,
          TumblingWindowInSeconds: 7,
          StartingPosition: 'LATEST',
          ProvisionedPollerConfig: { MinimumPollers: 1 },
          Enabled: 'false',
        },
      }),
    );

    expect(mapping).to.deep.include({
      responseTypes: ['ReportBatchItemFailures'],
      batchSize: 5,
      window: 2,
      filters: 2,
      maximumConcurrency: 3,
      maximumRetryAttempts: 4,
      maximumRecordAge: -1,
      bisects: true,
      parallelizationFactor: 6,
      tumblingWindow: 7,
      startingPosition: 'LATEST',
      isProvisioned: true,
      isEnabled: false,
    });
  });

  it('are enabled where nothing else is said', () => {
    expect(read(queueTemplate({})).mapping.isEnabled).to.equal(true);
    expect(read(queueTemplate({ mapping: { Enabled: { Ref: 'A' } } })).mapping.isEnabled).to.equal(open);
  });

  // https://docs.aws.amazon.com/lambda/latest/api/API_SelfManagedKafkaEventSourceConfig.html
  it('retry nothing where Kafka is read as a queue, unless they say so', () => {
    const retries = (config: object, more: object = {}) =>
      read(queueTemplate({ mapping: { SelfManagedKafkaEventSourceConfig: config, ...more } })).mapping
        .maximumRetryAttempts;

    expect(retries({ ConsumptionMode: 'Queue' })).to.equal(0);
    expect(retries({ ConsumptionMode: 'Queue' }, { MaximumRetryAttempts: 3 })).to.equal(3);
    expect(retries({ ConsumptionMode: 'Stream' })).to.equal(undefined);
    expect(retries({ ConsumptionMode: { Ref: 'Mode' } })).to.equal(open);
    expect(retries({})).to.equal(undefined);
  });

  it('have open what is not known', () => {
    const unknown = { Ref: 'Parameter' };
    const { mapping } = read(
      queueTemplate({ mapping: { FunctionResponseTypes: unknown, FilterCriteria: unknown, ScalingConfig: unknown } }),
    );

    expect(mapping).to.include({ responseTypes: open, filters: open, maximumConcurrency: open });
  });

  it('filter nothing where there is no filter', () => {
    for (const FilterCriteria of [{}, { Filters: [] }, { Filters: null }]) {
      expect(read(queueTemplate({ mapping: { FilterCriteria } })).mapping.filters).to.equal(undefined);
    }
  });

  for (const [what, properties, kind] of [
    ['a stream', { EventSourceArn: { 'Fn::GetAtt': 'Readings.Arn' } }, 'kinesis'],
    ['a consumer of a stream', { EventSourceArn: { Ref: 'Consumer' } }, 'kinesis'],
    ['a table', { EventSourceArn: { 'Fn::GetAtt': 'Products.StreamArn' } }, 'dynamodb'],
    ['a cluster', { EventSourceArn: { Ref: 'Cluster' } }, 'kafka'],
    ['brokers', { SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['a:9092'] } } }, 'kafka'],
    ['brokers that are not known', { SelfManagedEventSource: { Ref: 'Parameter' } }, 'kafka'],
    ['topics', { EventSourceArn: { Ref: 'Parameter' }, Topics: ['a'] }, 'kafka'],
    ['an ARN of SQS', { EventSourceArn: 'arn:aws:sqs:a:1:b' }, 'sqs'],
    ['an ARN of Kinesis', { EventSourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:kinesis:a:1:stream/b' } }, 'kinesis'],
    ['an ARN of DynamoDB', { EventSourceArn: 'arn:aws:dynamodb:a:1:table/b/stream/c' }, 'dynamodb'],
    ['an ARN of Kafka', { EventSourceArn: 'arn:aws:kafka:a:1:cluster/b' }, 'kafka'],
    ['what needs no starting position', { EventSourceArn: { Ref: 'Parameter' } }, 'sqs'],
  ] as const) {
    it(`are of a kind: ${what}`, () => {
      expect(mappingsOf(properties, resources).map((each) => each.kind)).to.deep.equal([kind]);
    });
  }

  it('are none of ours where they read a broker or a database', () => {
    for (const properties of [
      { EventSourceArn: 'arn:aws:mq:a:1:broker:b' },
      { EventSourceArn: { Ref: 'Broker' }, Queues: ['a'] },
      { EventSourceArn: { Ref: 'Cluster' }, DocumentDBEventSourceConfig: {}, StartingPosition: 'LATEST' },
    ]) {
      expect(mappingsOf(properties)).to.deep.equal([]);
    }
  });

  describe('of a stream that is elsewhere', () => {
    const stream = { EventSourceArn: { 'Fn::ImportValue': 'stream' }, StartingPosition: 'LATEST' };
    const kindBy = (...actions: string[]) => {
      const Policies = [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: actions } } }];
      const more = { Role: { Type: 'AWS::IAM::Role', Properties: { Policies } } };
      const { mapping } = read(queueTemplate({ fn: { Role: { 'Fn::GetAtt': 'Role.Arn' } }, mapping: stream, more }));
      return [mapping.kind, mapping.isKindOpen];
    };

    it('are of a kind by what their function may read', () => {
      expect(kindBy('kinesis:GetRecords')).to.deep.equal(['kinesis', undefined]);
      expect(kindBy('dynamodb:*')).to.deep.equal(['dynamodb', undefined]);
    });

    it('are of one kind or the other where that tells nothing', () => {
      expect(kindBy('dynamodb:PutItem')).to.deep.equal(['kinesis', true]);
      expect(kindBy('dynamodb:GetRecords', 'kinesis:GetRecords')).to.deep.equal(['kinesis', true]);
      expect(mappingsOf(stream)[0]).to.include({ kind: 'kinesis', isKindOpen: true });
      expect(read(queueTemplate({ mapping: stream })).mapping).to.include({ kind: 'kinesis', isKindOpen: true });
    });
  });

  it('know their stream, also behind a consumer', () => {
    const streamOf = (EventSourceArn: object) => mappingsOf({ EventSourceArn }, resources)[0]!.stream;

    expect(streamOf({ 'Fn::GetAtt': 'Readings.Arn' })).to.include({ id: 'Readings', retention: 172_800 });
    expect(streamOf({ Ref: 'Consumer' })).to.include({ id: 'Readings' });
    expect(streamOf({ Ref: 'Foreign' })).to.equal(undefined);
    expect(streamOf({ 'Fn::GetAtt': 'Products.StreamArn' })).to.include({ id: 'Products', retention: 86_400 });
    expect(streamOf({ Ref: 'Cluster' })).to.equal(undefined);
  });

  it('have the retention of a stream, which is a day where nothing is said', () => {
    const retentionOf = (properties: object) => {
      const Stream = { Type: 'AWS::Kinesis::Stream', Properties: properties };
      return mappingsOf({ EventSourceArn: { 'Fn::GetAtt': 'Stream.Arn' } }, { Stream })[0]!.stream!.retention;
    };

    expect(retentionOf({})).to.equal(86_400);
    expect(retentionOf({ RetentionPeriodHours: { Ref: 'Hours' } })).to.equal(open);
  });

  describe('know their sources by a key', () => {
    const keyOf = (properties: object) => mappingsOf(properties, resources)[0]!.sourceKey;

    it('that is a resource', () => {
      expect(keyOf({ EventSourceArn: { 'Fn::GetAtt': 'Readings.Arn' } })).to.match(/template#Readings$/);
    });

    it('that is an ARN, or an import, wherever it is said', () => {
      expect(keyOf({ EventSourceArn: 'arn:aws:sqs:a:1:b' })).to.equal('arn:aws:sqs:a:1:b');
      expect(keyOf({ EventSourceArn: { 'Fn::ImportValue': 'a' } })).to.equal('${import a}');
    });

    it('that is what one template says', () => {
      const arn = { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:1:b' };
      expect(keyOf({ EventSourceArn: arn })).to.match(/template arn:aws:sqs:\$\{AWS::Region\}:1:b$/);
      expect(keyOf({ EventSourceArn: { Ref: 'A' } })).to.match(/template \$\{.*\{"Ref":"A"\}\}$/);
    });

    it('that tells topics from each other', () => {
      const servers = { Endpoints: { KafkaBootstrapServers: ['a:9092'] } };
      expect(keyOf({ SelfManagedEventSource: servers, Topics: ['b'] })).to.equal('["a:9092"] b');
    });

    it('that is nothing where nothing is said', () => {
      expect(keyOf({})).to.equal(undefined);
      expect(keyOf({ EventSourceArn: null })).to.equal(undefined);
    });

    it('that tells one nested stack from another of the same template', () => {
      const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'nested.json' } };
      const folder = write({ 'a.json': { Resources: { A: nested, B: nested } }, 'nested.json': queueTemplate({}) });

      const [{ mappings } = { mappings: [] }] = readInfrastructure([join(folder, 'a.json')]);

      expect(mappings.map(({ sourceKey }) => sourceKey)).to.deep.equal([
        `${join(folder, 'a.json')}#A#Orders`,
        `${join(folder, 'a.json')}#B#Orders`,
      ]);
    });
  });
});
