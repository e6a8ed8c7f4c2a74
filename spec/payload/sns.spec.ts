import { expect } from 'chai';

import { base64, bytes, json, s3Event, sns, text } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

/** As in https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
const notification = (Message: unknown, overrides: object = {}): string =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '63a3f6b6-d533-4a47-aef9-fcf5cf758c76',
    TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
    Subject: 'Testing publish to subscribed queues',
    Message,
    Timestamp: '2012-03-29T05:12:16.901Z',
    SignatureVersion: '1',
    Signature: 'EXAMPLEnTrFPa3...',
    SigningCertURL:
      'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
    UnsubscribeURL: 'https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe',
    MessageAttributes: { color: { Type: 'String', Value: 'red' } },
    ...overrides,
  });

describe('sns()', () => {
  it('hands the text of the message to the inner reader, from text and from bytes', () => {
    expect(sns(text())(notification('Hello world!'))).to.equal('Hello world!');
    expect(sns(text())(Buffer.from(notification(''))), 'an empty one').to.equal('');
    expect(sns(json())(notification('{"a":"ü"}'))).to.deep.equal({ a: 'ü' });
    expect(sns(base64(text()))(notification('YWI='))).to.equal('ab');
  });

  it('reads one envelope in another', () => {
    expect(sns(sns(text()))(notification(notification('inner')))).to.equal('inner');
    expect(sns(s3Event())(notification('{"Records":[]}'))).to.deep.equal({ Records: [] });
  });

  for (const [what, raw] of Object.entries({
    'a raw message': `{"text":"${secret}"}`,
    'a message that is no text': notification({ secret }),
    'a message that is missing': notification(undefined),
    'a subscription that waits to be confirmed': notification(secret, { Type: 'SubscriptionConfirmation' }),
    null: 'null',
    'an array': '[]',
    'a number': '1',
    'a type by prototype': `{"__proto__":{"Type":"Notification","Message":"${secret}"}}`,
  })) {
    it(`fails the record for ${what}, and tells of raw message delivery`, async () => {
      expect((await unread(sns(text()), raw)).message).to.match(/no SNS notification; with raw message delivery/);
    });
  }

  it('fails the record for what is no JSON, outside or inside', async () => {
    for (const raw of ['', secret, notification(secret)]) {
      expect(await unread(sns(json()), raw)).to.have.property('message', 'The payload is no JSON.');
    }
  });

  it('refuses an inner reader that does not read text', () => {
    expect(() => sns(bytes() as never)).to.throw(
      TypeError,
      'sns(): expected a reader of text, received a reader of bytes',
    );
  });
});
