import { expect } from 'chai';
import sinon from 'sinon';

import { dynamodbEvent, kafkaEvent, kinesisEvent, lambdaContext } from '../../lib/testing';
import { type GivenUp, kafkaBatchInfo, onFailureMessage, streamBatchInfo } from '../../lib/testing/on-failure';

const { Records } = kinesisEvent(['a', 'b'], { arrivedAt: new Date('2026-01-01T00:00:00.007Z') });
const info = streamBatchInfo(Records, 'shardId-000000000001');
const given: GivenUp = {
  condition: 'RetryAttemptsExhausted',
  invokeCount: 3,
  last: { requestId: 'request-3', error: undefined },
};

// Evidence: what AWS sent to destinations in LocalStack's tests of both sources, and the examples in AWS's documentation.
describe('The message to an on-failure destination', () => {
  beforeEach(() => {
    sinon.useFakeTimers({ now: new Date('2026-01-02T03:04:05.006Z'), toFake: ['Date'] });
  });

  afterEach(() => {
    sinon.restore();
  });

  it('tells of a batch of Kinesis why and when it was given up on, and where it is', () => {
    expect(onFailureMessage(given, info)).to.deep.equal({
      requestContext: {
        requestId: 'request-3',
        functionArn: lambdaContext().invokedFunctionArn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
      version: '1.0',
      timestamp: '2026-01-02T03:04:05.006Z',
      KinesisBatchInfo: {
        shardId: 'shardId-000000000001',
        startSequenceNumber: Records[0]!.kinesis.sequenceNumber,
        endSequenceNumber: Records[1]!.kinesis.sequenceNumber,
        approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.007Z',
        approximateArrivalOfLastRecord: '2026-01-01T00:00:00.008Z',
        batchSize: 2,
        streamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
      },
    });
  });

  it('tells of a batch of DynamoDB under another name, and of its arrival to the second', () => {
    const { Records: changes } = dynamodbEvent([{ eventName: 'INSERT', keys: { id: 1 } }]);
    const message = onFailureMessage(given, streamBatchInfo(changes, 'shardId-00000001767225600000-0123abcd'));

    expect(message).not.to.have.property('KinesisBatchInfo');
    expect(message.DDBStreamBatchInfo).to.deep.equal({
      shardId: 'shardId-00000001767225600000-0123abcd',
      startSequenceNumber: changes[0]!.dynamodb!.SequenceNumber,
      endSequenceNumber: changes[0]!.dynamodb!.SequenceNumber,
      approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-01T00:00:00Z',
      batchSize: 1,
      streamArn: changes[0]!.eventSourceARN,
    });
  });

  // Evidence: further-sources, sections 2 and 3, after kafka-on-failure.md: by partition, and offsets are texts there.
  it('tells of a batch of Kafka by partition, with offsets as texts', () => {
    const event = kafkaEvent(['a', 'b', 'c'], { partition: (_, index) => index % 2, offset: 7 });
    const message = onFailureMessage(given, kafkaBatchInfo(event));

    expect(message).to.have.all.keys('requestContext', 'responseContext', 'version', 'timestamp', 'KafkaBatchInfo');
    expect(message.KafkaBatchInfo).to.deep.equal({
      batchSize: 3,
      eventSourceArn: event.eventSourceArn,
      bootstrapServers: event.bootstrapServers,
      payloadSize: JSON.stringify(event).length,
      recordsInfo: {
        'orders-0': {
          firstRecordOffset: '7',
          lastRecordOffset: '8',
          firstRecordTimestamp: '2026-01-01T00:00:00.000Z',
          lastRecordTimestamp: '2026-01-01T00:00:00.002Z',
        },
        'orders-1': {
          firstRecordOffset: '7',
          lastRecordOffset: '7',
          firstRecordTimestamp: '2026-01-01T00:00:00.001Z',
          lastRecordTimestamp: '2026-01-01T00:00:00.001Z',
        },
      },
    });
  });

  it('tells only what is there of a cluster that AWS does not manage, or that an event does not name', () => {
    const { bootstrapServers: _, ...event } = kafkaEvent(['a'], { eventSource: 'SelfManagedKafka' });

    expect(kafkaBatchInfo(event).KafkaBatchInfo).to.have.all.keys('batchSize', 'payloadSize', 'recordsInfo');
  });

  it('tells whether the function failed, or has answered that its records did', () => {
    const last = { requestId: 'request-3', error: new Error('no') };
    const { responseContext } = onFailureMessage({ ...given, last }, info);

    expect(responseContext).to.have.property('functionError', 'Unhandled');
  });

  it('has no answer where the records were too old', () => {
    const message = onFailureMessage({ ...given, condition: 'RecordAgeExceeded' }, info);

    expect(message.requestContext).to.include({ condition: 'RecordAgeExceeded', requestId: 'request-3' });
    expect(message).not.to.have.property('responseContext');
  });

  it('has a request id, always the same, also where the records were never handed over', () => {
    const idOf = () => onFailureMessage({ ...given, last: undefined }, info).requestContext.requestId;

    expect(idOf())
      .to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      .and.to.equal(idOf());
  });
});
