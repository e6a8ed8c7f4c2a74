import { expect } from 'chai';
import { z } from 'zod';

import { bytes, eventBridge, json, text } from '../../lib/payload';
import { secret } from '../support/payload';
import { unread } from '../support/readers';

/** As in https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const event = (detail: unknown, overrides: object = {}): string =>
  JSON.stringify({
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '111122223333',
    time: '2017-12-22T18:43:48Z',
    region: 'us-west-1',
    resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
    detail,
    ...overrides,
  });

describe('eventBridge()', () => {
  it('hands the detail to the inner reader, as JSON text', () => {
    expect(eventBridge(text())(event({ state: 'stopped' }))).to.equal('{"state":"stopped"}');
    expect(eventBridge(json())(Buffer.from(event({ state: 'ü' })))).to.deep.equal({ state: 'ü' });
  });

  for (const detail of [
    '{"id":12345678901234567890}',
    '{"id":1e400,"rate":0.10}',
    '{ "a" : [ 1.0 ],\n"a": -0 }',
    '1e400',
  ]) {
    it(`hands on ${JSON.stringify(detail)} as it stands in the event`, () => {
      const raw = `\ufeff{"detail":{"id":1},"detail-type":"Order","detail": ${detail} ,"source":"{\\"detail\\":2}"}`;
      expect(eventBridge(text())(raw)).to.equal(detail);
      expect(eventBridge(text())(Buffer.from(raw))).to.equal(detail);
    });
  }

  /** What EventBridge Scheduler sends where a schedule has no input of its own: a detail that is text. */
  const scheduled = (detail: string): string =>
    event(detail, { 'detail-type': 'Scheduled Event', source: 'aws.scheduler' });

  it('hands on a detail that is JSON text, as that of EventBridge Scheduler', () => {
    expect(eventBridge(json(z.object({})))(scheduled('{}'))).to.deep.equal({});
    expect(eventBridge(text())(scheduled(' {"id":12345678901234567890}'))).to.equal(' {"id":12345678901234567890}');
    expect(eventBridge(json())(scheduled('[1]'))).to.deep.equal([1]);
    expect(eventBridge(eventBridge(json()))(scheduled(event({ state: 'ü' })))).to.deep.equal({ state: 'ü' });
  });

  it('hands on a detail that is no object', () => {
    for (const detail of [null, '', 'text', 0, [1], '[', `{${secret}`, '7', 'null', '"{}"'])
      expect(eventBridge(json())(event(detail))).to.deep.equal(detail);
  });

  it('keeps prototype keys as properties', () => {
    const detail = eventBridge(json())('{"detail-type":"a","detail":{"__proto__":{"polluted":true},"toJSON":1}}');
    expect(Object.keys(detail as object)).to.deep.equal(['__proto__', 'toJSON']);
    expect({}).not.to.have.property('polluted');
  });

  it('has the detail checked by the schema of its inner reader', async () => {
    const reader = eventBridge(json(z.object({ state: z.string() })));
    expect(reader(event({ state: 'stopped' }))).to.deep.equal({ state: 'stopped' });
    expect((await unread(reader, event({ state: [secret] }))).message).to.match(/ at state\.$/);
  });

  for (const [what, raw] of Object.entries({
    'what a rule has transformed': `{"state":"${secret}"}`,
    'an event without detail': event(undefined),
    'an event without detail-type': event({ secret }, { 'detail-type': undefined }),
    null: 'null',
    'a text': `"${secret}"`,
  })) {
    it(`fails the record for ${what}`, async () => {
      expect((await unread(eventBridge(json()), raw)).message).to.match(/^The payload is no EventBridge event; /);
    });
  }

  it('fails the record for what is no JSON', async () => {
    for (const raw of ['', secret, `{"detail-type":"a","detail":${secret}}`, `${event({})}]`]) {
      expect(await unread(eventBridge(json()), raw)).to.have.property('message', 'The payload is no JSON.');
    }
  });

  it('hands on a detail of any depth', () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    expect(eventBridge(text())(`{"detail-type":"a","detail":${deep}}`)).to.equal(deep);
  });

  it('refuses an inner reader that does not read text', () => {
    expect(() => eventBridge(bytes() as never)).to.throw(TypeError, 'eventBridge(): expected a reader of text');
  });
});
