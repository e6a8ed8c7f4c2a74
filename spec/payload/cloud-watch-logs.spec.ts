import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { cloudWatchLogs } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

/** As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const data = {
  owner: '111111111111',
  logGroup: 'CloudTrail/logs',
  logStream: '111111111111_CloudTrail/logs_us-east-1',
  subscriptionFilters: ['Destination'],
  messageType: 'DATA_MESSAGE',
  logEvents: [
    { id: '31953106606966983378809025079804211143289615424298221568', timestamp: 1432826855000, message: 'a' },
  ],
};
const zipped = (value: unknown): Buffer => gzipSync(JSON.stringify(value));

describe('cloudWatchLogs()', () => {
  it('reads log events in gzip', () => {
    expect(cloudWatchLogs()(zipped(data))).to.deep.equal(data);
  });

  it('reads the check of the destination too, by its type', () => {
    const check = { ...data, messageType: 'CONTROL_MESSAGE' };
    expect(cloudWatchLogs()(zipped(check))).to.deep.equal(check);
  });

  for (const [what, value] of Object.entries({
    'another message': { message: secret },
    'events that are no list': { ...data, logEvents: secret },
    'a message without type': { ...data, messageType: undefined },
    null: null,
    'a text': secret,
  })) {
    it(`fails the record for ${what}`, async () => {
      const error = await unread(cloudWatchLogs(), zipped(value));
      expect(error).to.have.property('message', 'The payload is no data of a CloudWatch Logs subscription.');
    });
  }

  it('fails the record for what is no gzip, no JSON, no UTF-8 or a bomb', async () => {
    const notZipped = Buffer.from(JSON.stringify(data));
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024 + 1, ' '));
    for (const raw of [Buffer.alloc(0), notZipped, gzipSync(secret), gzipSync(Buffer.of(0xff)), bomb]) {
      await unread(cloudWatchLogs(), raw);
    }
  });
});
