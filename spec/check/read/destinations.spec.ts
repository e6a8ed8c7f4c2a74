import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { queueTemplate, templates } from './files';

describe('Destinations', () => {
  const read = templates();
  const more = {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Topic: { Type: 'AWS::SNS::Topic' },
    FifoTopic: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true } },
    Bucket: { Type: 'AWS::S3::Bucket' },
  };
  const onFailure = (DestinationConfig: unknown) =>
    read(queueTemplate({ mapping: { DestinationConfig }, more })).mapping.onFailure;
  const to = (Destination: unknown, others: object = {}) => onFailure({ OnFailure: { Destination, ...others } });

  it('are known by the resource that they lead to', () => {
    expect(to({ 'Fn::GetAtt': 'Dead.Arn' })).to.nested.include({
      kind: 'sqs',
      isFifo: true,
      'queue.id': 'Dead',
      'queue.isDeadLetterQueue': true,
    });
    expect(to({ Ref: 'Topic' })).to.deep.equal({ kind: 'sns', queue: undefined, isFifo: false });
    expect(to({ Ref: 'FifoTopic' })).to.deep.equal({ kind: 'sns', queue: undefined, isFifo: true });
    expect(to({ 'Fn::GetAtt': 'Bucket.Arn' })).to.include({ kind: 's3', queue: undefined });
  });

  it('are known by an ARN, or by the topic of a cluster', () => {
    expect(to('arn:aws:sqs:a:1:b.fifo')).to.deep.equal({ kind: 'sqs', queue: undefined, isFifo: true });
    expect(to({ 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:1:b' })).to.deep.equal({
      kind: 'sns',
      queue: undefined,
      isFifo: open,
    });
    expect(to('arn:aws:s3:::b')).to.include({ kind: 's3', isFifo: false });
    expect(to('kafka://dead-letters')).to.include({ kind: 'kafka', isFifo: false });
    expect(to('arn:aws:events:a:1:b')).to.include({ kind: open });
  });

  it('are known by the type that SAM wants to know', () => {
    expect(to({ 'Fn::ImportValue': 'a' }, { Type: 'SQS' })).to.include({ kind: 'sqs', queue: undefined, isFifo: open });
    expect(to({ 'Fn::ImportValue': 'a' })).to.include({ kind: open });
  });

  it('are open where all of it is not known', () => {
    for (const config of [{ Ref: 'A' }, { OnFailure: { Ref: 'A' } }, { OnFailure: { Destination: {} } }]) {
      expect(onFailure(config)).to.equal(open);
    }
  });

  it('are none where nothing is said', () => {
    for (const config of [undefined, {}, { OnFailure: {} }, { OnFailure: { Destination: { Ref: 'AWS::NoValue' } } }]) {
      expect(onFailure(config)).to.equal(undefined);
    }
  });
});
