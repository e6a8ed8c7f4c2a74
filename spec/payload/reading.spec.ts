import { runInNewContext } from 'node:vm';

import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError, ParsingError } from '../../lib';
import type { AnyReader } from '../../lib/batch/reader';
import { type ReadPayload, reader, text } from '../../lib/payload';
import { readingBy } from '../../lib/payload/reading';
import { dynamodb } from '../../lib/sources/dynamodb';
import { kinesis } from '../../lib/sources/kinesis';
import type { PayloadPlace } from '../../lib/sources/source';
import { revokedProxy } from '../support/engine';
import { lambdaContext } from '../support/events';
import { secret } from '../support/payload';
import { unhandledRejections } from '../support/processors';
import { Deferred, rejection } from '../support/promises';
import { unread } from '../support/readers';

const place: PayloadPlace = { kind: 'text', of: (record) => record, with: () => ({}) };

/** What is read of the raw payload 'raw'. */
const read = <T>(call: ReadPayload<string, T>): unknown =>
  readingBy(call as unknown as AnyReader, undefined).of(place, 'raw');

describe('The reading of a payload', () => {
  it('gives what the reader makes of the raw payload, of whatever type', () => {
    for (const value of [undefined, null, 0, '', { then: 'a property' }]) {
      expect(read(() => value)).to.equal(value);
    }
    expect(read((raw: string) => `${raw}!`)).to.equal('raw!');
  });

  it('waits for promises, and for thenables that are none', async () => {
    const thenable = { then: (resolve: (value: unknown) => void) => resolve('later') };
    expect(await read(async () => 'later')).to.equal('later');
    expect(await read(() => thenable)).to.equal('later');
    expect(read(() => thenable)).to.be.an.instanceOf(Promise);
  });

  const hostile = (): never => {
    throw new Error(secret);
  };
  for (const [what, call] of Object.entries({
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
      expect(await unread(reader(call), secret)).to.have.property('message', 'The payload could not be read.');
    });
  }

  it('hands on errors of this library, which quote nothing', async () => {
    const error = new ParsingError('The order has no id.');
    const base = new BatchProcessingError('It was refused.');
    const thrower = () => {
      throw base;
    };
    expect(
      await unread(
        reader(() => Promise.reject(error)),
        'raw',
      ),
    ).to.equal(error);
    expect(() => read(thrower)).to.throw(base);
  });

  it('fails the record that has no raw payload in the same way', () => {
    const empty = { ...place, of: ({ body }: { body: string }) => body } as unknown as PayloadPlace;
    expect(() => readingBy(text(), undefined).of(empty, undefined)).to.throw(
      ParsingError,
      'The payload could not be read.',
    );
  });

  it('leaves no rejection unhandled', async () => {
    expect(await rejection(read(() => Promise.reject()) as Promise<unknown>)).to.be.an('error');
  });
});

describe('The raw payload that a reader is given', () => {
  const given = (kind: PayloadPlace['kind'], there: unknown): unknown =>
    readingBy(((raw: unknown) => raw) as unknown as AnyReader, undefined).of({ ...place, kind }, there);

  it('is the text of a message', () => {
    for (const text of ['', 'YQ==']) expect(given('text', text)).to.equal(text);
  });

  it('is what the base64 of a record stands for, as a Buffer', () => {
    expect(given('bytes', 'AP8=')).to.deep.equal(Buffer.of(0, 255));
    expect(given('bytes', '')).to.deep.equal(Buffer.alloc(0));
  });

  it('is the record of a change itself', () => {
    const change = { eventName: 'INSERT' };
    expect(given('change', change)).to.equal(change);
  });

  it('is bytes where a record has bytes, as in what GetRecords answers', () => {
    for (const there of [Buffer.of(0, 255), Uint8Array.of(0, 255), new Uint8Array([9, 0, 255, 9]).subarray(1, 3)]) {
      expect(given('bytes', there)).to.deep.equal(Buffer.of(0, 255));
    }
    expect(given('bytes', new Uint8Array())).to.deep.equal(Buffer.alloc(0));
    expect(given('bytes', runInNewContext('Uint8Array.of(7)')), 'of another realm').to.deep.equal(Buffer.of(7));
  });

  for (const [there, what] of [
    [undefined, 'undefined.'],
    [null, 'null.'],
    [7, 'a value of type number: was it parsed before?'],
    [false, 'a value of type boolean: was it parsed before?'],
    [{ secret }, 'an object: was it parsed before?'],
    [[secret], 'an array: was it parsed before?'],
  ] as const) {
    it(`is none where a record of any source has ${JSON.stringify(there)} there, and says so`, () => {
      expect(() => given('text', there)).to.throw(
        ParsingError,
        `Expected the payload of the record to be text, received ${what}`,
      );
      expect(() => given('bytes', there)).to.throw(
        ParsingError,
        `Expected the payload of the record to be bytes, or text in base64, received ${what}`,
      );
    });
  }

  it('is none where there are bytes in place of text, or text that is no base64 in place of bytes', () => {
    expect(() => given('text', Buffer.from(secret))).to.throw(ParsingError, 'to be text, received an object');
    expect(() => given('bytes', `${secret}!`)).to.throw(
      ParsingError,
      /to be bytes, or text in base64, received other text: was it parsed before\?$/,
    );
  });
});

describe('A copy of a record with what was read', () => {
  const copying: PayloadPlace = { kind: 'text', of: () => '', with: (record, payload) => ({ record, payload }) };
  const { copy } = readingBy(text(), undefined);

  it('has it where the raw payload was', () => {
    const record = {};
    expect(copy(copying, record, undefined)).to.deep.equal({ record, payload: undefined });
    expect(copy({ ...copying, kind: 'bytes' }, record, [1])).to.deep.equal({ record, payload: [1] });
  });

  it('has the images of a change, and none that were not read', () => {
    const change: PayloadPlace = { ...copying, kind: 'change' };
    const [newImage, oldImage] = [{ id: 1 }, { id: 0 }];
    for (const [read, payload] of [
      [
        { eventName: 'MODIFY', newImage, oldImage },
        { NewImage: newImage, OldImage: oldImage },
      ],
      [{ eventName: 'INSERT', newImage }, { NewImage: newImage }],
      [{ eventName: 'REMOVE', oldImage }, { OldImage: oldImage }],
      [{ eventName: 'REMOVE' }, {}],
    ]) {
      expect(copy(change, 'record', read)).to.deep.equal({ record: 'record', payload });
    }
    for (const read of [undefined, null, 'removed', {}, { newImage }]) {
      expect(() => copy(change, 'record', read)).to.throw(
        BatchProcessingError,
        'Expected the payload reader to return { eventName, newImage?, oldImage? }',
      );
    }
  });
});

describe('A method that is called with the payload of its record', () => {
  const context = lambdaContext();
  const deliveryWith = (signal: AbortSignal) => ({ signal }) as never;
  const alive = deliveryWith(new AbortController().signal);
  const methodWith = (call: ReadPayload<string, unknown>, method: (...args: never[]) => unknown, waits = true) => {
    const reading = readingBy(call as unknown as AnyReader, ['text']).method(method as never, place, waits);
    return (self: unknown, delivery: never, lambda: Context = context) => reading.call(self, 'raw', lambda, delivery);
  };

  it('keeps its instance, its other arguments, and what it returns', () => {
    const self = {};
    const method = sinon.fake.returns('done');
    expect(methodWith((raw) => `${raw}!`, method)(self, alive)).to.equal('done');
    sinon.assert.calledOnceWithExactly(method, 'raw!', context, alive);
    expect(method.firstCall.thisValue).to.equal(self);
  });

  it('waits for a payload that is a promise, and keeps all that just as well', async () => {
    const self = {};
    const method = sinon.fake.resolves('done');
    expect(await methodWith(async (raw) => `${raw}!`, method)(self, alive)).to.equal('done');
    sinon.assert.calledOnceWithExactly(method, 'raw!', context, alive);
    expect(method.firstCall.thisValue).to.equal(self);
  });

  it('is not called where there is nothing to read, nor where reading fails later', async () => {
    const method = sinon.fake();
    const thrower = () => {
      throw new Error(secret);
    };
    expect(() => methodWith(thrower, method)({}, alive)).to.throw(ParsingError, 'The payload could not be read.');
    const later = methodWith(() => Promise.reject(new Error(secret)), method)({}, alive) as Promise<unknown>;
    expect(await rejection(later)).to.be.an.instanceOf(ParsingError);
    sinon.assert.notCalled(method);
  });

  it('is not called once the batch has been answered', async () => {
    const method = sinon.fake();
    const gate = new Deferred<string>();
    const controller = new AbortController();
    const called = methodWith(() => gate.promise, method)({}, deliveryWith(controller.signal)) as Promise<unknown>;
    const reason = new Error('answered');
    controller.abort(reason);
    gate.resolve('late');
    expect(await rejection(called)).to.equal(reason);
    sinon.assert.notCalled(method);
  });

  it('fails where nobody waits and the payload is a promise, which may reject later', async () => {
    const method = sinon.fake();
    const unhandled = await unhandledRejections(() => {
      const call = methodWith(() => Promise.reject(new Error(secret)), method, false);
      expect(() => call({}, alive)).to.throw(BatchProcessingError, 'returned a promise to a sync processor');
    });
    expect(unhandled).to.deep.equal([]);
    sinon.assert.notCalled(method);
  });
});

describe('What a reader carries', () => {
  it('tells the kinds that it reads, if anybody said', () => {
    expect(readingBy(text(), ['text', 'bytes']).kinds).to.deep.equal(['text', 'bytes']);
    expect(readingBy(text(), undefined).kinds).to.equal(undefined);
  });

  it('checks whether they fit a place', () => {
    const { check } = readingBy(text(), ['text', 'bytes']);
    expect(() => {
      check('spec', kinesis.payload);
    }).not.to.throw();
    expect(() => {
      check('spec', dynamodb.payload);
    }).to.throw(TypeError, 'spec: expected a reader of change, received a reader of text or bytes.');
  });

  it('refuses a promise in words of its own, and takes no notice of its rejection', async () => {
    const unhandled = await unhandledRejections(() => {
      const error = readingBy(text(), undefined).refusePromise(Promise.reject(new Error(secret)));
      expect(error).to.be.an.instanceOf(BatchProcessingError).and.not.an.instanceOf(ParsingError);
      expect(error.message).to.include('which cannot wait for it: use an async one.');
    });
    expect(unhandled).to.deep.equal([]);
  });
});
