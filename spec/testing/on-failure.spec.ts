import { expect } from 'chai';
import sinon from 'sinon';

import { dynamodbEvent, kinesisEvent, lambdaContext } from '../../lib/testing';
import { type GivenUp, onFailureMessage } from '../../lib/testing/on-failure';

const { Records } = kinesisEvent(['a', 'b'], { arrivedAt: new Date('2026-01-01T00:00:00.007Z') });
const given: GivenUp = {
  records: Records,
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
    expect(onFailureMessage(given, 'shardId-000000000001')).to.deep.equal({
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
    const message = onFailureMessage({ ...given, records: changes }, 'shardId-00000001767225600000-0123abcd');

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

  it('tells whether the function failed, or has answered that its records did', () => {
    const last = { requestId: 'request-3', error: new Error('no') };
    const { responseContext } = onFailureMessage({ ...given, last }, 'shard');

    expect(responseContext).to.have.property('functionError', 'Unhandled');
  });

  it('has no answer where the records were too old', () => {
    const message = onFailureMessage({ ...given, condition: 'RecordAgeExceeded' }, 'shard');

    expect(message.requestContext).to.include({ condition: 'RecordAgeExceeded', requestId: 'request-3' });
    expect(message).not.to.have.property('responseContext');
  });

  it('has a request id, always the same, also where the records were never handed over', () => {
    const idOf = () => onFailureMessage({ ...given, last: undefined }, 'shard').requestContext.requestId;

    expect(idOf())
      .to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      .and.to.equal(idOf());
  });
});
