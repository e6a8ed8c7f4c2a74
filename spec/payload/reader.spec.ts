import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchProcessor,
  BatchProcessorSync,
  createBatchHandler,
  ParsingError,
  processPartialResponse,
  processPartialResponseSync,
  SqsFifoPartialProcessor,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { isReader, reads } from '../../lib/batch/reader';
import type * as payload from '../../lib/payload';
import { base64, eventBridge, gunzip, json, reader, sns } from '../../lib/payload';
import { marked } from '../../lib/payload/reader';
import { kinesisEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { secret } from '../support/payload';
import { rejection } from '../support/promises';
import { anotherCopyOf } from '../support/another-copy';

/** The ways to give a handler of messages a payload reader; those that are refused reject. */
const ways: Record<string, (given: unknown, handle: (read: unknown) => unknown, bodies: string[]) => Promise<unknown>> =
  {
    '@BatchHandler': async (given, handle, bodies) => {
      const options = { source: 'SQS', payload: given, logger: fakeLogger() } as const;
      return handlerFor<'SQS'>(options as never, handle)(sqsEvent(...bodies), lambdaContext());
    },
    createBatchHandler: async (given, handle, bodies) => {
      const options = { source: 'SQS', payload: given, logger: fakeLogger() } as const;
      return createBatchHandler(options as never, handle as never)(sqsEvent(...bodies), lambdaContext());
    },
    'a processor': async (given, handle, bodies) =>
      processPartialResponse(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new BatchProcessor('SQS', { payload: given } as never),
      ),
    'a sync processor': async (given, handle, bodies) =>
      processPartialResponseSync(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new BatchProcessorSync('SQS', { payload: given } as never),
      ),
    'a FIFO processor': async (given, handle, bodies) =>
      processPartialResponse(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new SqsFifoPartialProcessorAsync({ payload: given } as never),
      ),
    'a sync FIFO processor': async (given, handle, bodies) =>
      processPartialResponseSync(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new SqsFifoPartialProcessor({ payload: given } as never),
      ),
    processPartialResponse: (given, handle, bodies) =>
      processPartialResponse(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new BatchProcessor('SQS'),
        { payload: given } as never,
      ),
    processPartialResponseSync: async (given, handle, bodies) =>
      processPartialResponseSync(
        sqsEvent(...bodies),
        ({ body }: { body: unknown }) => handle(body),
        new BatchProcessorSync('SQS'),
        { payload: given } as never,
      ),
  };

describe('reader()', () => {
  it('makes a payload reader of a function, which can still be called by itself', () => {
    const read = reader((body: string) => body.length);
    expect(isReader(read)).to.equal(true);
    expect(read('four')).to.equal(4);
  });

  it('leaves the function as it was, however many readers are made of it', () => {
    const read = (body: string): number => body.length;
    expect(reader(read)).not.to.equal(reader(read));
    expect(isReader(read)).to.equal(false);
    expect(Object.getOwnPropertySymbols(read)).to.deep.equal([]);
  });

  it('may be called once more on a reader, whose kinds it then forgets', () => {
    expect(reader(json())('[1]')).to.deep.equal([1]);
    expect(reader(json())[reads].kinds).to.equal(undefined);
  });

  for (const [what, given] of Object.entries({
    nothing: undefined,
    null: null,
    'a name': 'json',
    'an object': {},
    'a schema': { '~standard': { validate: () => 1 } },
  })) {
    it(`refuses ${what}`, () => {
      expect(() => reader(given as never)).to.throw(TypeError, 'reader(): expected a function that reads a payload');
    });
  }

  it('reads the payload of every source', async () => {
    const handle = sinon.fake();
    const sqs = handlerFor<'SQS'>({ source: 'SQS', payload: reader((body: string) => `${body}!`) } as never, handle);
    await sqs(sqsEvent('a'), lambdaContext());
    const options = { source: 'KinesisDataStreams', payload: reader((data: Buffer) => data.toString()) } as const;
    await handlerFor<'KinesisDataStreams'>(options as never, handle)(kinesisEvent('b'), lambdaContext());
    expect(handle.args.map(([read]) => read as unknown)).to.deep.equal(['a!', 'b']);
  });
});

for (const [title, respond] of Object.entries(ways)) {
  describe(`The option payload of ${title}`, () => {
    it('takes what reader() has made of a function', async () => {
      const handle = sinon.fake();
      expect(await respond(reader(Number), handle, ['7', '8'])).to.deep.equal(reporting());
      expect(handle.args.map(([read]) => read as unknown)).to.deep.equal([7, 8]);
    });

    it('fails a record whose reader throws, and shows nothing of it', async () => {
      const read = reader((body: string) => {
        if (body === 'last') throw new Error(secret);
        return body;
      });
      expect(await respond(read, () => undefined, ['first', 'last'])).to.deep.equal(reporting('last'));
    });

    for (const [what, given] of Object.entries({
      'a plain function': (body: string) => body,
      'a plain async function': async (body: string) => body,
      'a class': class {},
      'a schema': { '~standard': { version: 1, vendor: 'spec', validate: () => 1 } },
      'a name': 'json',
      'a function with a mark of other versions': Object.assign(() => 1, { [reads]: ['text'] }),
    })) {
      it(`refuses ${what}, and names reader()`, async () => {
        const handle = sinon.fake();
        const error = await rejection(respond(given, handle, ['a']));
        expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('json(), reader() or');
        sinon.assert.notCalled(handle);
      });
    }

    it('takes readers of another copy of the package', async () => {
      const other = anotherCopyOf('payload') as typeof payload;
      expect(other.json).not.to.equal(json);
      const handle = sinon.fake();
      expect(await respond(other.json(), handle, ['7', 'no'])).to.deep.equal(reporting('no'));
      expect(await respond(other.reader(Number), handle, ['8'])).to.deep.equal(reporting());
      expect(handle.args.map(([read]) => read as unknown)).to.deep.equal([7, 8]);
      const error = await rejection(respond(other.images(), handle, ['a']));
      expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('a reader of change');
    });
  });
}

describe('The mark of a reader', () => {
  it('is one that copies of the package share', () => {
    expect(reads).to.equal(Symbol.for('lambda-batch-handler:reads'));
  });

  it('says which kinds it reads, or nothing', () => {
    const read = (raw: string): string => raw;
    expect(marked(['text'], read)[reads].kinds).to.deep.equal(['text']);
    expect(marked(undefined, read)[reads].kinds).to.equal(undefined);
  });

  it('is no part of inner readers, which may be plain functions', () => {
    const body = JSON.stringify({ 'detail-type': 'order', detail: { id: 1 } });
    const notification = JSON.stringify({ Type: 'Notification', Message: 'hello' });
    expect(eventBridge((detail) => detail.length)(body)).to.equal(8);
    expect(sns((message) => `${message}!`)(notification)).to.equal('hello!');
    expect(base64((raw) => raw.length)('aGk=')).to.equal(2);
    expect(() => gunzip((raw) => raw)(Buffer.from('no gzip'))).to.throw(ParsingError);
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
