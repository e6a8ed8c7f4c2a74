import { expect } from 'chai';

import { s3Event } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

/** As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const record = {
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: {
    s3SchemaVersion: '1.0',
    bucket: { name: 'b' },
    object: { key: 'a+b%C3%BC', size: 1, eTag: 'e', sequencer: '0' },
  },
};
const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2014-10-13T15:57:02.089Z', Bucket: 'b' };

const read = (event: unknown) => s3Event()(JSON.stringify(event));

describe('s3Event()', () => {
  it('reads a notification as S3 sends it, from text and from bytes', () => {
    expect(read({ Records: [record, record] })).to.deep.equal({ Records: [record, record] });
    expect(s3Event()(Buffer.from(JSON.stringify({ Records: [record] })))).to.deep.equal({ Records: [record] });
    expect(read({ Records: [] })).to.deep.equal({ Records: [] });
  });

  it('makes of the test event of S3 one without records', () => {
    expect(read(testEvent)).to.deep.equal({ Records: [] });
  });

  it('never takes records for a test event', () => {
    expect(read({ ...testEvent, Records: [record] })).to.deep.equal({ Records: [record] });
  });

  for (const [what, event] of Object.entries({
    'another event': { Event: secret },
    'records that are no list': { Records: secret },
    'a record of another service': { Records: [record, { eventSource: 'aws:sqs', body: secret }] },
    'a record that is null': { Records: [null] },
    'a record whose s3 is null': { Records: [{ ...record, s3: null }] },
    null: null,
    'a list': [record],
  })) {
    it(`fails the record for ${what}`, async () => {
      const error = await unread(s3Event(), JSON.stringify(event));
      expect(error).to.have.property('message', 'The payload is no S3 event notification.');
    });
  }

  it('fails the record for what is no JSON', async () => {
    for (const raw of ['', secret]) {
      expect(await unread(s3Event(), raw)).to.have.property('message', 'The payload is no JSON.');
    }
  });
});
