import { expect } from 'chai';

import { attributesOf } from '../../lib/opentelemetry/conventions';
import type { BatchStart } from '../../lib';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';

const batch = (source: BatchStart['source'], ...records: unknown[]): BatchStart => ({
  source,
  records,
  context: undefined,
});

describe('What holds for a batch and its records', () => {
  for (const [source, system, record] of [
    ['SQS', 'aws_sqs', sqsRecord('a')],
    ['KinesisDataStreams', 'aws.kinesis', kinesisRecord('a', 0)],
    ['DynamoDBStreams', 'aws.dynamodb', dynamodbRecord('a', 0)],
  ] as const) {
    it(`is the messaging system, and the name of what sent it: ${source}`, () => {
      expect(attributesOf(batch(source, record))).to.deep.equal({
        'messaging.system': system,
        'messaging.operation.name': 'process',
        'messaging.destination.name': 'orders',
      });
    });
  }

  it('is the name of a source that the conventions do not know', () => {
    expect(attributesOf(batch('Parcels', { eventSourceARN: 'arn:aws:post:eu-west-1:123456789012:orders' }))).to.include(
      {
        'messaging.system': 'Parcels',
        'messaging.destination.name': 'orders',
      },
    );
  });

  it('names the stream of a consumer with enhanced fan-out', () => {
    const eventSourceARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/fast:1700000000';
    expect(attributesOf(batch('KinesisDataStreams', { eventSourceARN }))).to.include({
      'messaging.destination.name': 'orders',
    });
  });

  for (const records of [[], [null], [{}], [{ eventSourceARN: 7 }], [{ eventSourceARN: 'orders' }]]) {
    it(`has no name where there is none: ${JSON.stringify(records)}`, () => {
      expect(attributesOf(batch('unknown', ...records))).to.deep.equal({
        'messaging.system': 'unknown',
        'messaging.operation.name': 'process',
        'messaging.destination.name': undefined,
      });
    });
  }
});
