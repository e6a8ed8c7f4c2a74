import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { createBatchHandler } from '../../lib';
import { kafka } from '../../lib/kafka';
import { type SettingsOptions, settingsOf, simulateKafka, simulateQueue, simulateStream } from '../../lib/testing';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';

const templates = path.join(__dirname, '../../samples/templates');
const sample = (name: string): string => path.join(templates, name);

const logger = fakeLogger();

/** Fails what says so. */
const failing = (body: string): void => {
  if (body.includes('bad')) throw new Error('failed');
};

const queueHandler = createBatchHandler({ source: 'SQS', logger }, ({ body }) => {
  failing(body);
});
const fifoHandler = createBatchHandler({ source: 'SQS', fifo: true, logger }, ({ body }) => {
  failing(body);
});
const kinesisHandler = createBatchHandler({ source: 'KinesisDataStreams', order: 'shard', logger }, ({ kinesis }) => {
  failing(Buffer.from(kinesis.data, 'base64').toString());
});
const dynamodbHandler = createBatchHandler({ source: 'DynamoDBStreams', order: 'shard', logger }, ({ dynamodb }) => {
  failing(JSON.stringify(dynamodb));
});
const kafkaHandler = createBatchHandler({ source: kafka, order: 'partition', logger }, ({ value }) => {
  failing(Buffer.from(value ?? '', 'base64').toString());
});

const messages = ['good 1', 'bad', 'good 2'];

describe('settingsOf', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const written = (text: string, name = 'template.yaml'): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  /** A sample without the setting that Lambda needs to read answers. */
  const withoutFlag = (name: string): string => {
    const text = readFileSync(sample(name), 'utf8');
    const without = text.replace(/ +FunctionResponseTypes:\n +- ReportBatchItemFailures\n/, '');
    expect(without.length).to.be.below(text.length);
    return written(without, `off-${name}`);
  };

  it('has a queue simulated as its template has it, and shows what it loses without ReportBatchItemFailures', async () => {
    const handler = queueHandler;
    const kept = await simulateQueue({ handler, messages, ...settingsOf(sample('sqs.yaml'), 'OrderHandler') });
    expect(kept.deadLettered.map(({ payload, receiveCount }) => [payload, receiveCount])).to.deep.equal([['bad', 3]]);
    expect(kept.invocations.map(({ at }) => at)).to.deep.equal([0, 180_000, 360_000]);

    const lost = await simulateQueue({ handler, messages, ...settingsOf(withoutFlag('sqs.yaml'), 'OrderHandler') });
    expect(lost.deadLettered).to.deep.equal([]);
    expect(lost.deleted.map(({ payload }) => payload)).to.deep.equal(messages);
  });

  it('has a FIFO queue simulated', async () => {
    const result = await simulateQueue({
      handler: fifoHandler,
      messages,
      messageGroupId: (body: string) => body,
      ...settingsOf(sample('sqs-fifo.yaml'), 'BookingHandler'),
    });
    expect(result.deadLettered.map(({ payload }) => payload)).to.include('bad');
  });

  it('has a Kinesis stream simulated', async () => {
    const handler = kinesisHandler;
    const kept = await simulateStream({
      handler,
      records: messages,
      ...settingsOf(sample('kinesis.yaml'), 'MeterHandler'),
    });
    expect(kept.deadLettered.map(({ payload }) => payload)).to.include('bad');
    const off = settingsOf(withoutFlag('kinesis.yaml'), 'MeterHandler');
    const lost = await simulateStream({ handler, records: messages, ...off });
    expect([lost.deadLettered, lost.deleted.length]).to.deep.equal([[], 3]);
  });

  it('has the stream of a table simulated', async () => {
    const result = await simulateStream({
      handler: dynamodbHandler,
      source: 'DynamoDBStreams',
      records: ['good', 'bad'].map((id) => ({ eventName: 'INSERT', keys: { id }, newImage: { id } }) as const),
      ...settingsOf(sample('dynamodb.yaml'), 'ProductHandler'),
    });
    expect(result.deadLettered).to.have.length(1);
  });

  it('has Kafka simulated', async () => {
    const handler = kafkaHandler;
    const kept = await simulateKafka({
      handler,
      records: messages,
      ...settingsOf(sample('kafka-msk.yaml'), 'OrderHandler'),
    });
    expect(kept.deadLettered.map(({ payload }) => payload)).to.include('bad');
    const off = settingsOf(withoutFlag('kafka-msk.yaml'), 'OrderHandler');
    expect((await simulateKafka({ handler, records: messages, ...off })).deadLettered).to.deep.equal([]);
  });

  it('is overridden by what is written behind it', () => {
    const options = { ...settingsOf(sample('sqs.yaml'), 'OrderHandler'), batchSize: 1 };
    expect(options).to.include({ batchSize: 1, maxReceiveCount: 3 });
  });

  for (const [what, run, message] of [
    [
      'of a stream for a queue',
      () => simulateQueue({ handler: queueHandler, messages, ...settingsOf(sample('kinesis.yaml'), 'MeterHandler') }),
      'simulateQueue: expected the settings of a mapping of SQS, received those of MeterHandlerReadings, which is one of' +
        ' KinesisDataStreams: use simulateStream.',
    ],
    [
      'of a queue for a stream',
      () => simulateStream({ handler: kinesisHandler, records: [], ...settingsOf(sample('sqs.yaml'), 'OrderHandler') }),
      'simulateStream: expected the settings of a mapping of KinesisDataStreams, received those of OrderHandlerOrders, which' +
        ' is one of SQS: use simulateQueue.',
    ],
    [
      'of a table for a Kinesis stream',
      () =>
        simulateStream({
          handler: kinesisHandler,
          records: [],
          ...settingsOf(sample('dynamodb.yaml'), 'ProductHandler'),
        }),
      "which is one of DynamoDBStreams: use simulateStream with source: 'DynamoDBStreams'.",
    ],
    [
      'of a queue for Kafka',
      () => simulateKafka({ handler: kafkaHandler, records: [], ...settingsOf(sample('sqs.yaml'), 'OrderHandler') }),
      'simulateKafka: expected the settings of a mapping of Kafka, received those of OrderHandlerOrders',
    ],
  ] as const) {
    it(`refuses those ${what}`, async () => {
      const error = await rejection(run());
      expect(error).to.be.instanceOf(TypeError);
      expect(error).to.have.property('message').that.includes(message);
    });
  }

  for (const [what, args, message] of [
    ['a template that is no path', [5, 'OrderHandler'], 'Expected the path of a template to be a string, received 5'],
    ['no function', [sample('sqs.yaml')], 'Expected the logical id of the function to be a string, received undefined'],
    [
      'an option that there is not',
      [sample('sqs.yaml'), 'OrderHandler', { queue: 'x' }],
      'settingsOf: unknown option queue',
    ],
    [
      'a mapping that is no id',
      [sample('sqs.yaml'), 'OrderHandler', { mapping: 1 }],
      'Expected mapping to be a string',
    ],
    [
      'a condition of a setting that there is not',
      [sample('sqs.yaml'), 'OrderHandler', { where: { stage: 1 } }],
      'settingsOf: where: unknown option stage',
    ],
    [
      'a function that is not there',
      [sample('sqs.yaml'), 'Order'],
      'expected a function Order with an event source mapping, received OrderHandler.',
    ],
    [
      'a mapping that is not there',
      [sample('sqs.yaml'), 'OrderHandler', { mapping: 'Orders' }],
      'expected OrderHandler to have the mapping Orders, received OrderHandlerOrders (SQS).',
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const call = () => settingsOf(...(args as unknown as Parameters<typeof settingsOf>));
      expect(call).to.throw(TypeError, message);
    });
  }

  it('refuses a template that cannot be read', () => {
    expect(() => settingsOf(sample('gone.yaml'), 'OrderHandler')).to.throw('gone.yaml');
  });

  const event = (name: string, properties: string): string =>
    `        ${name}: { Type: SQS, Properties: { Queue: !GetAtt ${name}.Arn, ${properties} } }\n`;
  const templateOf = (events: string, more = ''): string => `Transform: AWS::Serverless-2016-10-31
${more}Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      CodeUri: .
      Events:
${events}  Orders: { Type: AWS::SQS::Queue }
  Bookings: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60 } }
`;

  it('says where there is nothing at all', () => {
    const file = written('Resources:\n  Orders: { Type: AWS::SQS::Queue }\n');
    expect(() => settingsOf(file, 'Handler')).to.throw('received no event source mapping of a function.');
  });

  describe('of a function with two mappings', () => {
    const two = () => written(templateOf(event('Orders', 'BatchSize: 1') + event('Bookings', 'BatchSize: 2')));

    it('wants to know which, and lists them', () => {
      const file = two();
      expect(() => settingsOf(file, 'Handler')).to.throw(
        TypeError,
        `settingsOf: in ${file} expected Handler to have one mapping, or the option mapping to say which, received` +
          ' HandlerOrders (SQS), HandlerBookings (SQS).',
      );
    });

    it('takes the one that is meant', () => {
      const file = two();
      expect(settingsOf(file, 'Handler', { mapping: 'HandlerOrders' })).to.include({ batchSize: 1 });
      expect(settingsOf(file, 'Handler', { mapping: 'HandlerBookings' })).to.include({
        batchSize: 2,
        visibilityTimeoutMs: 60_000,
      });
    });

    it('says of a stream that is imported that it may be one or the other, and has it simulated as either', async () => {
      const mapping = (name: string, size: number): string => `  ${name}:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Handler
      EventSourceArn: !ImportValue ${name}
      StartingPosition: LATEST
      BatchSize: ${size}
      FunctionResponseTypes: [ReportBatchItemFailures]
`;
      const text = templateOf('').replace('      Events:\n', '') + mapping('One', 1) + mapping('Other', 2);
      const file = written(text);
      expect(() => settingsOf(file, 'Handler')).to.throw(
        'received One (Kinesis or DynamoDB Streams), Other (Kinesis or DynamoDB Streams).',
      );
      const settings = settingsOf(file, 'Handler', { mapping: 'Other' });
      const { deleted } = await simulateStream({ handler: kinesisHandler, records: ['good'], ...settings });
      expect(deleted).to.have.length(1);
      const error = await rejection(simulateQueue({ handler: queueHandler, messages, ...settings }));
      expect(error)
        .to.have.property('message')
        .that.includes('which is one of Kinesis or DynamoDB Streams: use simulateStream');
    });

    it('wants one mapping also of several templates', () => {
      const other = written(templateOf(event('Orders', 'BatchSize: 3')), 'other.yaml');
      const file = written(templateOf(event('Orders', 'BatchSize: 1')));
      expect(() => settingsOf([file, other], 'Handler')).to.throw(TypeError, 'expected Handler to have one mapping');
      expect(settingsOf([file], 'Handler')).to.include({ batchSize: 1 });
    });
  });

  describe('under conditions', () => {
    const parameters = `Parameters:
  Stage: { Type: String, AllowedValues: [dev, prod] }
  Size: { Type: String }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsLarge: !Equals [!Ref Size, large]
`;
    const both = '[ReportBatchItemFailures]';

    it('are those that all of them have', () => {
      const file = written(templateOf(event('Orders', 'BatchSize: !If [IsProd, 5, 5]'), parameters));
      expect(settingsOf(file, 'Handler')).to.include({ batchSize: 5 });
    });

    it('are those of the conditions under which there is such a mapping', () => {
      const mapping = `  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Condition: IsProd
    Properties: { FunctionName: !Ref Handler, EventSourceArn: !GetAtt Orders.Arn, BatchSize: 4 }
`;
      const file = written(templateOf('', parameters).replace('      Events:\n', '') + mapping);
      expect(settingsOf(file, 'Handler')).to.include({ batchSize: 4 });
    });

    it('have to be told apart where they differ, and are listed as far as they do', () => {
      const properties = `BatchSize: !If [IsLarge, 10, 2], FunctionResponseTypes: !If [IsProd, ${both}, !Ref AWS::NoValue]`;
      const file = written(templateOf(event('Orders', properties), parameters));
      const call = (where?: SettingsOptions['where']) => settingsOf(file, 'Handler', where && { where });
      expect(() => call()).to.throw(
        TypeError,
        `settingsOf: in ${file} expected the settings of HandlerOrders to be the same under all conditions, or the option` +
          ' where to say which, received { batchSize: 10, reportBatchItemFailures: false }, { batchSize: 2, reportBatchItemFailures: false }, ',
      );
      expect(() => call({ batchSize: 10 })).to.throw(
        '{ batchSize: 10, reportBatchItemFailures: false }, { batchSize: 10, reportBatchItemFailures: true }',
      );
      expect(() => call({ batchSize: 3 })).to.throw(
        'expected HandlerOrders to have such settings under some condition as { batchSize: 3 }',
      );
      expect(() => call({ maxReceiveCount: 3 })).to.throw('maxReceiveCount: Infinity');
      expect(call({ batchSize: 10, reportBatchItemFailures: true })).to.include({
        batchSize: 10,
        reportBatchItemFailures: true,
      });
    });

    it('are counted where there are many', () => {
      const sizes = ['A', 'B', 'C', 'D'];
      const conditions = `Parameters:
${sizes.map((name) => `  ${name}: { Type: String }\n`).join('')}Conditions:
${sizes.map((name) => `  Is${name}: !Equals [!Ref ${name}, yes]\n`).join('')}`;
      const oneOf = (one: string, other: string) => `!If [Is${one}, !If [Is${other}, 5, 4], !If [Is${other}, 3, 2]]`;
      const properties = `BatchSize: ${oneOf('A', 'B')}, ScalingConfig: { MaximumConcurrency: ${oneOf('C', 'D')} }`;
      const file = written(templateOf(event('Orders', properties), conditions));
      expect(() => settingsOf(file, 'Handler')).to.throw(/received (\{[^}]+\}, ){8}8 others\.$/);
    });
  });

  it('of what `settingsOf` gives for any batch size and timeouts is what the template says', () => {
    const numbers = { size: fc.integer({ min: 1, max: 10 }), visibility: fc.integer({ min: 0, max: 43_200 }) };
    fc.assert(
      fc.property(numbers.size, numbers.visibility, (BatchSize, VisibilityTimeout) => {
        const text = templateOf(event('Bookings', `BatchSize: ${BatchSize}`)).replace(
          'VisibilityTimeout: 60',
          `VisibilityTimeout: ${VisibilityTimeout}`,
        );
        expect(settingsOf(written(text), 'Handler')).to.include({
          batchSize: BatchSize,
          visibilityTimeoutMs: VisibilityTimeout * 1000,
        });
      }),
      { numRuns: 20 },
    );
  });
});
