import { expect } from 'chai';

import { payloadText } from '../../lib/testing/payload-text';

describe('payloadText', () => {
  it('takes a string as it is', () => {
    for (const text of ['', 'text', '{"a": 1}', '"quoted"', 'Grüße 🚚\n']) {
      expect(payloadText(text)).to.equal(text);
    }
  });

  it('makes JSON of anything else', () => {
    const moment = new Date('2026-01-02T03:04:05.006Z');
    const payloads: [payload: unknown, text: string][] = [
      [{ a: [1, 'b'], c: undefined }, '{"a":[1,"b"]}'],
      [[], '[]'],
      [7, '7'],
      [NaN, 'null'],
      [null, 'null'],
      [false, 'false'],
      [moment, '"2026-01-02T03:04:05.006Z"'],
      [{ toJSON: () => ({ as: 'it likes' }) }, '{"as":"it likes"}'],
    ];
    for (const [payload, text] of payloads) expect(payloadText(payload)).to.equal(text);
  });

  it('refuses what has no JSON', () => {
    const refused: [payload: unknown, received: string][] = [
      [undefined, 'undefined (undefined)'],
      [() => 'text', '[Function (anonymous)] (function)'],
      [Symbol('text'), 'Symbol(text) (symbol)'],
      [{ toJSON: () => undefined }, 'an object that cannot'],
    ];
    for (const [payload, received] of refused) {
      expect(() => payloadText(payload))
        .to.throw(TypeError)
        .that.deep.includes({
          message: `Expected a payload that is a string or can be serialised, received ${received}.`,
          cause: undefined,
        });
    }
  });

  it('refuses what JSON.stringify refuses, and says why', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const broken = new RangeError('This payload is broken.');

    const failing = () => {
      throw broken;
    };

    expect(() => payloadText(7n))
      .to.throw(TypeError, 'received 7n (bigint).')
      .with.property('cause')
      .that.is.an.instanceOf(TypeError)
      .and.has.property('message', 'Do not know how to serialize a BigInt');
    expect(() => payloadText(circular))
      .to.throw(TypeError, 'received an object that cannot.')
      .with.property('cause')
      .that.is.an.instanceOf(TypeError)
      .and.has.property('message')
      .that.includes('circular structure');
    expect(() => payloadText({ toJSON: failing }))
      .to.throw(TypeError, 'Expected a payload')
      .with.property('cause', broken);
  });
});
