import { expect } from 'chai';

import { BatchProcessingError, ParsingError } from '../lib';
import { base64, bytes, images, json, text } from '../lib/payload';
import { checkReader, readPayload } from '../lib/reader';
import type { PayloadPlace } from '../lib/sources/source';
import { revokedProxy } from './support/engine';
import { secret } from './support/payload';
import { rejection } from './support/promises';
import { unread } from './support/readers';

const place: PayloadPlace<unknown> = { kind: 'text', of: (record) => record, with: () => ({}) };

describe('checkReader', () => {
  it('takes readers of the kind, and functions of users', () => {
    for (const reader of [json(), text(), base64(bytes()), () => 1, async () => 1, class {}]) {
      expect(() => checkReader('spec', reader, 'text')).not.to.throw();
    }
    for (const reader of [json(), bytes(), () => 1]) expect(() => checkReader('spec', reader, 'bytes')).not.to.throw();
    expect(() => checkReader('spec', images(), 'change')).not.to.throw();
  });

  it('refuses readers of another kind, and says of which they are', () => {
    for (const [reader, kind, message] of [
      [bytes(), 'text', 'spec: expected a reader of text, received a reader of bytes.'],
      [images(), 'bytes', 'spec: expected a reader of bytes, received a reader of change.'],
      [json(), 'change', 'spec: expected a reader of change, received a reader of text or bytes.'],
    ] as const) {
      expect(() => checkReader('spec', reader, kind)).to.throw(TypeError, message);
    }
  });

  for (const reader of [undefined, null, 'json', {}, { '~standard': { validate: () => 1 } }]) {
    it(`refuses ${JSON.stringify(reader)}`, () => {
      expect(() => checkReader('spec', reader, 'text')).to.throw(TypeError, 'expected a payload reader (a function)');
    });
  }
});

describe('readPayload', () => {
  it('gives what the reader makes of the raw payload, of whatever type', () => {
    for (const value of [undefined, null, 0, '', { then: 'a property' }]) {
      expect(readPayload(place, () => value, 'raw')).to.equal(value);
    }
    expect(readPayload(place, (raw: string) => `${raw}!`, 'raw')).to.equal('raw!');
  });

  it('waits for promises, and for thenables that are none', async () => {
    const thenable = { then: (resolve: (value: unknown) => void) => resolve('later') };
    expect(await readPayload(place, async () => 'later', 'raw')).to.equal('later');
    expect(await readPayload(place, () => thenable, 'raw')).to.equal('later');
    expect(readPayload(place, () => thenable, 'raw')).to.be.an.instanceOf(Promise);
  });

  const hostile = (): never => {
    throw new Error(secret);
  };
  for (const [what, reader] of Object.entries({
    'throws an error': hostile,
    'throws a string': () => {
      throw secret;
    },
    'throws nothing': () => {
      throw undefined;
    },
    'throws a revoked proxy': () => {
      throw revokedProxy();
    },
    'throws an error whose prototype cannot be read': () => {
      throw new Proxy(new Error(secret), { getPrototypeOf: hostile });
    },
    'parses what is no JSON': JSON.parse,
    rejects: () => Promise.reject(new Error(secret)),
    'rejects with nothing': () => Promise.reject(),
    'returns a thenable that throws': () => ({ then: hostile }),
    'returns a thenable that rejects': () => ({
      then: (_: unknown, reject: (reason: unknown) => void) => reject(secret),
    }),
    'returns a thenable that cannot be read': () => Object.defineProperty({}, 'then', { get: hostile }),
    'never ends': function forever(raw: string): unknown {
      return [forever(raw)];
    },
  })) {
    it(`fails the record with our words where a reader ${what}`, async () => {
      expect(await unread(reader, secret)).to.have.property('message', 'The payload could not be read.');
    });
  }

  it('hands on errors of this library, which quote nothing', async () => {
    const error = new ParsingError('The order has no id.');
    const base = new BatchProcessingError('It was refused.');
    const thrower = () => {
      throw base;
    };
    expect(await unread(() => Promise.reject(error), 'raw')).to.equal(error);
    expect(() => readPayload(place, thrower, 'raw')).to.throw(base);
  });

  it('fails the record that has no raw payload in the same way', () => {
    const empty = { ...place, of: ({ body }: { body: string }) => body } as unknown as PayloadPlace<unknown>;
    expect(() => readPayload(empty, text(), undefined)).to.throw(ParsingError, 'The payload could not be read.');
  });

  it('leaves no rejection unhandled', async () => {
    expect(await rejection(readPayload(place, () => Promise.reject(), 'raw') as Promise<unknown>)).to.be.an('error');
  });
});

describe('A ready-made reader', () => {
  it('is a function of the raw payload, which can be called by itself', () => {
    expect(json()('[1]')).to.deep.equal([1]);
    expect(json()).not.to.equal(json());
  });

  it('shows its mark to nobody who lists its properties', () => {
    expect(Object.keys(json())).to.deep.equal([]);
  });
});
