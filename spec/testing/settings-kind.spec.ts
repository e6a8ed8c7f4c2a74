import { expect } from 'chai';

import { checkSettings, settingsFor, sourceOfKind } from '../../lib/testing/settings-kind';

const of = (kind: 'sqs' | 'kinesis' | 'dynamodb' | 'kafka' | undefined) => ({
  [settingsFor]: { mapping: 'Orders', kind },
});

describe('The check of settings', () => {
  it('lets those of the kind pass that is simulated, and options that are none', () => {
    for (const kind of ['sqs', 'kinesis', 'dynamodb', 'kafka'] as const) {
      for (const options of [of(kind), {}, undefined, { batchSize: 1 }]) {
        expect(() => checkSettings('simulate', options, kind)).not.to.throw();
      }
    }
  });

  it('lets those of a stream that may be one or the other pass as both', () => {
    for (const kind of ['kinesis', 'dynamodb'] as const) {
      expect(() => checkSettings('simulateStream', of(undefined), kind)).not.to.throw();
    }
  });

  for (const [given, expected, source, use] of [
    ['kinesis', 'sqs', 'KinesisDataStreams', 'simulateStream'],
    ['sqs', 'kinesis', 'SQS', 'simulateQueue'],
    ['dynamodb', 'kinesis', 'DynamoDBStreams', "simulateStream with source: 'DynamoDBStreams'"],
    ['kafka', 'dynamodb', 'Kafka', 'simulateKafka'],
    [undefined, 'kafka', 'Kinesis or DynamoDB Streams', 'simulateStream'],
  ] as const) {
    it(`refuses those of ${source} for ${expected}, and says who takes them`, () => {
      expect(() => checkSettings('simulate', of(given), expected)).to.throw(
        TypeError,
        `simulate: expected the settings of a mapping of ${sourceOfKind(expected)}, received those of Orders, which is one of` +
          ` ${source}: use ${use}.`,
      );
    });
  }
});
