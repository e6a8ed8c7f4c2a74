import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';

import { BatchHandler, getBatchHandlerOptions, lambdaHandler } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { ledger, type LedgerEntry, ledgerEvent } from '../support/made-up-source';
import { rejection } from '../support/promises';

const logger = fakeLogger();
const context = lambdaContext();

type AnyFunction = (...args: never[]) => unknown;
type AnyDecorator = (...args: any[]) => any; // eslint-disable-line @typescript-eslint/no-explicit-any -- of both dialects

/** Applies decorators and ignores what they return, as `applyDecorators` of NestJS does. */
const composed =
  (decorator: AnyDecorator): AnyDecorator =>
  (...args: unknown[]) => {
    decorator(...args);
  };

/** Puts something around what a method returns, in both dialects. */
const around =
  (change: (call: () => unknown, event: unknown) => unknown): AnyDecorator =>
  (target: unknown, _context: unknown, descriptor?: PropertyDescriptor) => {
    const wrap = (method: unknown) =>
      function (this: unknown, ...args: [unknown]) {
        return change(() => (method as AnyFunction).apply(this, args as never), args[0]);
      };
    if (descriptor === undefined) return wrap(target);
    descriptor.value = wrap(descriptor.value);
    return undefined;
  };

const entryOf = (orders: { handle: unknown }) =>
  orders.handle as (event: unknown, context: unknown) => Promise<unknown>;

describe('An entry', () => {
  class Composed {
    readonly handled: string[] = [];

    @composed(BatchHandler({ source: 'SQS', logger }))
    async handle({ body }: SQSRecord): Promise<void> {
      this.handled.push(body);
      if (body === 'bad') throw new Error('no');
    }
  }

  it('is there where another decorator ignores what this one returns', async () => {
    const orders = new Composed();

    expect(await orders.handle(sqsEvent('a', 'bad') as never)).to.deep.equal(reporting('bad'));
    expect(await lambdaHandler(orders, 'handle')(sqsEvent('bad', 'b'), context)).to.deep.equal(reporting('bad'));
    expect(orders.handled).to.deep.equal(['a', 'bad', 'bad', 'b']);
    expect(getBatchHandlerOptions(orders, 'handle')).to.include({ source: 'SQS' });
  });

  class Dropping {
    @around(async (call) => {
      await call();
    })
    @BatchHandler({ source: 'SQS', logger })
    async handle({ body }: SQSRecord): Promise<void> {
      if (body === 'bad') throw new Error('no');
    }
  }

  it('has the whole batch come back where another decorator drops its answer, which would be complete success', async () => {
    expect(await rejection(entryOf(new Dropping())(sqsEvent('a', 'bad'), context)))
      .to.have.property('message')
      .that.equals('handle: expected the answer { batchItemFailures: [...] } to be returned, received undefined.');
  });

  /** Makes a descriptor of its own, and drops the answer: what is read of an instance is not bound by this library. */
  const replacing: AnyDecorator = (target: unknown, _context: unknown, descriptor?: PropertyDescriptor) => {
    const wrap = (method: unknown) =>
      async function (this: unknown, ...args: [unknown]) {
        await (method as AnyFunction).apply(this, args as never);
      };
    return descriptor === undefined ? wrap(target) : { ...descriptor, value: wrap(descriptor.value) };
  };
  /** Hands on a copy of the descriptor, so that what is above it wraps the method itself. */
  const copying =
    (decorator: AnyDecorator): AnyDecorator =>
    (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => {
      decorator(target, context, descriptor && { ...descriptor });
    };

  class Replacing {
    @replacing
    @BatchHandler({ source: 'SQS', logger })
    async handle({ body }: SQSRecord): Promise<void> {
      if (body === 'bad') throw new Error('no');
    }
  }
  class Copying {
    @around((call) => call())
    @copying(BatchHandler({ source: 'SQS', logger }))
    async handle({ body }: SQSRecord): Promise<void> {
      if (body === 'bad') throw new Error('no');
    }
  }

  for (const [what, orders] of [
    ['drops its answer in a descriptor of its own', () => new Replacing()],
    ['wraps the method itself', () => new Copying()],
  ] as const) {
    it(`has the whole batch come back from lambdaHandler where another decorator ${what}`, async () => {
      const handler = lambdaHandler<'SQS'>(orders(), 'handle');

      expect(await rejection(handler(sqsEvent('a', 'bad'), context))).to.be.an('error');
    });
  }

  class Ledger {
    @around(async (call) => {
      await call();
    })
    @BatchHandler({ source: ledger, logger })
    async handle(_entry: LedgerEntry): Promise<void> {
      // nothing to do
    }
  }
  class Answering {
    @around((call, event) => ((event as { Records: object[] }).Records.some((one) => 's3' in one) ? undefined : call()))
    @BatchHandler({ source: 'SQS', logger })
    async handle(_record: SQSRecord): Promise<void> {
      // nothing to do
    }
  }

  it('knows a batch by its source, also one of your own, and leaves alone what is of another', async () => {
    expect(await rejection(entryOf(new Ledger())(ledgerEvent('cash#1 a'), context)))
      .to.have.property('message')
      .that.matches(/expected the answer/);
    const s3 = { Records: [{ eventSource: 'aws:s3', s3: {} }] };
    expect(await rejection(entryOf(new Dropping())(s3, context)))
      .to.have.property('message')
      .that.includes("'aws:s3'");
    expect(await entryOf(new Answering())(s3, context)).to.equal(undefined);
  });

  class Warmed {
    @around((call, event) => ((event as { warmer?: true }).warmer ? 'warm' : call()))
    @BatchHandler({ source: 'SQS', logger })
    async handle({ body }: SQSRecord): Promise<void> {
      if (body === 'bad') throw new Error('no');
    }
  }

  it('leaves alone what another decorator answers to what is no batch', async () => {
    const entry = entryOf(new Warmed());

    expect(await entry({ warmer: true }, context)).to.equal('warm');
    expect(await entry(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    for (const ping of [null, undefined, 'ping']) {
      expect(await rejection(Promise.resolve().then(() => entry(ping, context)))).to.be.an('error');
    }
  });
});
