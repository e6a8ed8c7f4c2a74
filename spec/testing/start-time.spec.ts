import { expect } from 'chai';

import { simulateQueue, sqsEvent } from '../../lib/testing';
import { startTime } from '../../lib/testing/start-time';

describe('The time at which everything starts', () => {
  it('is the same on every day', () => {
    expect(startTime.toISOString()).to.equal('2026-01-01T00:00:00.000Z');
  });

  it('is when the first message of an event was sent', () => {
    expect(sqsEvent(['a']).Records[0]!.attributes.SentTimestamp).to.equal(String(startTime.getTime()));
  });

  it('is that of the clock when a simulation begins', async () => {
    const seen: number[] = [];
    await simulateQueue({ handler: () => void seen.push(Date.now()), messages: ['a'] });
    expect(seen).to.deep.equal([startTime.getTime()]);
  });
});
