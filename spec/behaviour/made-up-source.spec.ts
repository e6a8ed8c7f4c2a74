import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import {
  BatchHandler,
  BatchProcessingError,
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  FullBatchFailureError,
  lambdaHandler,
  NonRetryableError,
  observe,
  type Observer,
  processPartialResponse,
  UnexpectedBatchTypeError,
  UnprocessedRecordError,
} from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { json } from '../../lib/payload';
import { delayBy } from '../../lib/retry-delay';
import { lambdaContext, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { ledger, type LedgerEntry, ledgerEvent, type LedgerEvent, type Position } from '../support/made-up-source';
import { rejection } from '../support/promises';

interface Order {
  readonly entry: string;
}

interface Options {
  readonly order?: 'key' | 'shard';
  readonly logger?: ReturnType<typeof fakeLogger>;
  readonly observers?: readonly Observer[];
  readonly throwOnFullBatchFailure?: boolean;
  readonly nonRetryable?: ReturnType<typeof deadLetter<LedgerEntry>>;
}

interface Answer {
  readonly batchItemFailures: { readonly itemIdentifier: Position }[];
}

/** A way to write an entry whose payload is read by json(); `handle` is given the entry as `ledgerEvent` was. */
type Respond = (event: LedgerEvent, handle: (entry: string) => unknown, options: Options) => Promise<Answer>;

const payload = json<Order>();

/** The options as one of the types of options, which a spec need not know. */
const fitting = ({ logger = fakeLogger(), ...options }: Options) => ({ ...options, logger }) as { order: 'key' };

const ways: Readonly<Record<string, Respond>> = {
  '@BatchHandler': (event, handle, options) => {
    class Entries {
      @BatchHandler({ source: ledger, payload, ...fitting(options) })
      async handle({ entry }: Order): Promise<void> {
        await handle(entry);
      }
    }
    return lambdaHandler<typeof ledger>(new Entries(), 'handle')(event, lambdaContext());
  },
  '@BatchHandler with a processor': (event, handle, options) => {
    const processor = new BatchProcessor(ledger);
    class Entries {
      @BatchHandler({ source: ledger, payload, processor, ...fitting(options) })
      async handle({ entry }: Order): Promise<void> {
        await handle(entry);
      }
    }
    return lambdaHandler<typeof ledger>(new Entries(), 'handle')(event, lambdaContext());
  },
  createBatchHandler: (event, handle, options) => {
    const entry = createBatchHandler({ source: ledger, payload, ...fitting(options) }, async (order) => {
      await handle(order.entry);
    });
    return entry(event, lambdaContext());
  },
  processPartialResponse: (event, handle, options) => {
    const recordHandler = ({ text }: { readonly text: Order }) => handle(text.entry);
    const processor = new BatchProcessor(ledger, { payload });
    return processPartialResponse<typeof ledger>(event, recordHandler, processor, fitting(options));
  },
  'register(), process() and response()': async (event, handle, options) => {
    const recordHandler = ({ text }: { readonly text: Order }) => handle(text.entry);
    const processor = new BatchProcessor(ledger, { payload });
    processor.register([...ledger.records(event)], recordHandler, fitting(options));
    await processor.process();
    return processor.response() as unknown as Answer;
  },
};

/** The answer that reports these positions, such as `cash#1`. */
const positions = (...texts: string[]): Answer => ({
  batchItemFailures: texts.map((text) => {
    const [book, line] = text.split('#');
    return { itemIdentifier: { book: book!, line: Number(line) } };
  }),
});

/** Fails the named entries, and notes all that it was called with. */
function failing(...names: string[]) {
  const ran: string[] = [];
  const handle = async (entry: string): Promise<void> => {
    ran.push(entry);
    await Promise.resolve();
    if (names.includes(entry)) throw new Error(`${entry} failed`);
  };
  return { ran, handle };
}

const entries = ['cash#1 a', 'cash#2 b', 'cash#3 a', 'bank#1 a', 'bank#2 b', 'bank#3 c'] as const;

for (const [title, respond] of Object.entries(ways)) {
  describe(`A source that is made up, through ${title}`, () => {
    it('has every record run, and those that failed reported by their own identifiers', async () => {
      const { ran, handle } = failing('cash#2 b', 'bank#1 a');
      expect(await respond(ledgerEvent(...entries), handle, {})).to.deep.equal(positions('cash#2', 'bank#1'));
      expect(ran).to.deep.equal(entries);
    });

    it('is in order within its keys', async () => {
      const { ran, handle } = failing('cash#1 a', 'bank#2 b');
      const answer = await respond(ledgerEvent(...entries), handle, { order: 'key' });
      expect(answer).to.deep.equal(positions('cash#1', 'cash#3', 'bank#1', 'bank#2'));
      expect(ran).to.have.members(['cash#1 a', 'cash#2 b', 'bank#2 b', 'bank#3 c']);
    });

    it('is in order as a whole', async () => {
      const { ran, handle } = failing('cash#3 a');
      const answer = await respond(ledgerEvent(...entries), handle, { order: 'shard' });
      expect(answer).to.deep.equal(positions('cash#3', 'bank#1', 'bank#2', 'bank#3'));
      expect(ran).to.deep.equal(['cash#1 a', 'cash#2 b', 'cash#3 a']);
    });

    it('is answered with fresh identifiers: who changes the answer does not change the event', async () => {
      const event = ledgerEvent(...entries);
      const before = structuredClone(event);
      const answer = await respond(event, failing('cash#2 b').handle, {});
      expect(answer.batchItemFailures[0]!.itemIdentifier).not.to.equal(event.books.cash![1]!.position);
      Object.assign(answer.batchItemFailures[0]!.itemIdentifier, { line: 99 });
      expect(event).to.deep.equal(before);
      expect(await respond(event, failing('cash#2 b').handle, {})).to.deep.equal(positions('cash#2'));
    });

    it('is answered with each identifier once, and those of its own shape apart', async () => {
      const event = ledgerEvent('cash#1 a', 'cash#1 a', 'bank#1 a', 'bank#2 a');
      const { handle } = failing('cash#1 a', 'bank#1 a');
      expect(await respond(event, handle, {})).to.deep.equal(positions('cash#1', 'bank#1'));
    });

    it('is answered with nothing where all records succeed, or there are none', async () => {
      expect(await respond(ledgerEvent(...entries), failing().handle, {})).to.deep.equal(positions());
      expect(await respond(ledgerEvent(), failing().handle, {})).to.deep.equal(positions());
    });

    it('fails as a whole where no record succeeds', async () => {
      const { handle } = failing('cash#1 a');
      const event = ledgerEvent('cash#1 a');
      expect(await rejection(respond(event, handle, {}))).to.be.an.instanceOf(FullBatchFailureError);
      expect(await respond(event, handle, { throwOnFullBatchFailure: false })).to.deep.equal(positions('cash#1'));
    });

    it('has the record reported whose payload cannot be read', async () => {
      const event = ledgerEvent('cash#1 a', 'cash#2 b');
      Object.assign(event.books.cash![0]!, { text: 'no JSON' });
      const { ran, handle } = failing();
      expect(await respond(event, handle, {})).to.deep.equal(positions('cash#1'));
      expect(ran).to.deep.equal(['cash#2 b']);
    });

    it('comes back as a whole where a record has failed that has no identifier', async () => {
      const event = ledgerEvent('cash#1 a', 'cash#none b');
      const error = await rejection(respond(event, failing('cash#none b').handle, {}));
      expect(error).to.be.an.instanceOf(BatchProcessingError).with.property('message').that.includes('index 1');
      expect(error).to.have.nested.property('cause.message', 'cash#none b failed');
      expect(await respond(event, failing('cash#1 a').handle, {})).to.deep.equal(positions('cash#1'));
    });

    it('shows identifiers as text: in the log, and to observers, who are told its name', async () => {
      const logger = fakeLogger();
      const seen: unknown[] = [];
      const observer = observe({
        onBatchStart: ({ source }) => seen.push(source),
        onRecordSuccess: ({ itemIdentifier }) => seen.push(`${itemIdentifier} done`),
        onRecordFailure: ({ itemIdentifier }) => seen.push(`${itemIdentifier} failed`),
        onRecordUnprocessed: ({ itemIdentifier }) => seen.push(`${itemIdentifier} not run`),
        onBatchEnd: ({ source }) => seen.push(source),
      });
      const event = ledgerEvent('cash#1 a', 'bank#7 b', 'bank#8 c');
      await respond(event, failing('bank#7 b').handle, { logger, observers: [observer], order: 'shard' });
      expect(seen).to.deep.equal(['Ledger', 'cash#1 done', 'bank#7 failed', 'bank#8 not run', 'Ledger']);
      expect(logger.error.args).to.deep.equal([['Record bank#7 failed.', logger.error.args[0]![1]]]);
      expect(logger.error.args[0]![1]).to.have.property('message', 'bank#7 b failed');
    });

    it('delivers records elsewhere that cannot succeed', async () => {
      const delivered: unknown[] = [];
      const nonRetryable = deadLetter({
        deliverTo: (record: LedgerEntry, error, { itemIdentifier, index }) => {
          delivered.push([record, error.message, itemIdentifier, index]);
        },
      });
      const event = ledgerEvent('cash#1 a', 'cash#2 b');
      const handle = (entry: string): void => {
        if (entry === 'cash#2 b') throw new NonRetryableError('poison');
      };
      expect(await respond(event, handle, { nonRetryable })).to.deep.equal(positions());
      expect(delivered).to.deep.equal([[event.books.cash![1], 'poison', 'cash#2', 1]]);
    });

    it('refuses records of another source before any runs', async () => {
      const { ran, handle } = failing();
      for (const [stranger, said] of [
        [{ eventSource: 'aws:sqs', position: {} }, "'aws:sqs'"],
        [{ id: 1 }, 'unknown shape'],
        [null, 'null'],
      ] as const) {
        const event = ledgerEvent('cash#1 a');
        const books = { ...event.books, bank: [stranger as never] };
        const error = await rejection(respond({ ...event, books }, handle, {}));
        expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(error).to.have.property('message').that.includes(said).and.includes('Ledger (made-up:ledger)');
      }
      expect(ran).to.deep.equal([]);
    });

    it('goes by the shape of records that do not say their source', async () => {
      const event = ledgerEvent('cash#1 a', 'cash#2 b');
      for (const record of event.books.cash!) Object.assign(record, { eventSource: undefined });
      expect(await respond(event, failing('cash#2 b').handle, {})).to.deep.equal(positions('cash#2'));
    });
  });
}

// Where users call register(), it is they who take the records of an event.
for (const [title, respond] of Object.entries(ways).filter(([name]) => !name.startsWith('register'))) {
  describe(`A wrong event, through ${title}`, () => {
    for (const [what, wrong] of Object.entries({
      nothing: undefined,
      null: null,
      'an event of SQS': sqsEvent('a'),
      'an event of its own without books': { kind: 'ledger' },
    })) {
      it(`is refused in the words of the row where it is ${what}, and nothing runs`, async () => {
        const { ran, handle } = failing();
        const error = await rejection(respond(wrong as never, handle, {}));
        expect(error).to.be.an.instanceOf(UnexpectedBatchTypeError);
        expect(error).to.have.property('message', 'Expected the books of a ledger.');
        expect(ran).to.deep.equal([]);
      });
    }
  });
}

describe('A source that is made up', () => {
  it('hands the record on where there is no reader, with a delivery that knows its text', async () => {
    const seen: unknown[] = [];
    class Entries {
      @BatchHandler({ source: ledger, order: 'key', logger: fakeLogger() })
      handle(record: LedgerEntry, context: Context, delivery: Delivery<LedgerEntry>): void {
        seen.push([record, context, delivery.record, delivery.itemIdentifier, delivery.index, delivery.receiveCount]);
      }
    }
    const event = ledgerEvent('cash#1 a', 'bank#4 b');
    const context = lambdaContext();
    await lambdaHandler<typeof ledger>(new Entries(), 'handle')(event, context);
    await createBatchHandler({ source: ledger }, (record, given, delivery) => {
      seen.push([record, given, delivery.record, delivery.itemIdentifier, delivery.index, delivery.receiveCount]);
    })(event, context);
    const [cash, bank] = [event.books.cash![0], event.books.bank![0]];
    const each = [
      [cash, context, cash, 'cash#1', 0, undefined],
      [bank, context, bank, 'bank#4', 1, undefined],
    ];
    expect(seen).to.deep.equal([...each, ...each]);
  });

  it('gives record handlers of the class API a copy with what was read', async () => {
    const handler = sinon.fake();
    const event = ledgerEvent('cash#1 a');
    const processor = new BatchProcessor(ledger, { payload });
    await processPartialResponse<typeof ledger>(event, handler, processor);
    sinon.assert.calledOnceWithMatch(handler, { ...event.books.cash![0], text: { entry: 'cash#1 a' } });
    expect(processor.eventType).to.equal('Ledger');
    expect(processor.successMessages).to.deep.equal(event.books.cash);
  });

  it('finds the delivery of a copy that a processor hands on, and calls no method for a foreign record', async () => {
    class Copying extends BatchProcessor {
      override processRecord(record: never) {
        const { position, ...rest } = record as LedgerEntry;
        const line = position.line === 2 ? 99 : position.line;
        return super.processRecord({ ...rest, position: { ...position, line } });
      }
    }
    const indexes: unknown[] = [];
    class Entries {
      @BatchHandler({ source: ledger, processor: new Copying(ledger), logger: fakeLogger() })
      handle(_record: LedgerEntry, _context: Context, { index, itemIdentifier }: Delivery<LedgerEntry>): void {
        indexes.push([index, itemIdentifier]);
      }
    }
    const event = ledgerEvent('cash#1 a', 'cash#2 b', 'bank#1 c');
    const answer = await lambdaHandler<typeof ledger>(new Entries(), 'handle')(event, lambdaContext());
    expect(answer).to.deep.equal(positions('cash#2'));
    expect(indexes).to.deep.equal([
      [0, 'cash#1'],
      [2, 'bank#1'],
    ]);
  });

  it('has the records of a key handled one after another', async () => {
    const open = new Set<string>();
    const entry = createBatchHandler({ source: ledger, order: 'key' }, async ({ account }) => {
      expect(open.has(account)).to.equal(false);
      open.add(account);
      await Promise.resolve();
      open.delete(account);
    });
    expect(await entry(ledgerEvent(...entries), lambdaContext())).to.deep.equal(positions());
  });

  it('gives what was not run the error of the records before', async () => {
    const processor = new BatchProcessor(ledger);
    const handler = ({ position }: LedgerEntry): void => {
      if (position.line === 2) throw new Error('two failed');
    };
    const event = ledgerEvent('cash#1 a', 'cash#2 a', 'cash#3 a');
    await processPartialResponse<typeof ledger>(event, handler, processor, { order: 'shard' });
    expect(processor.errors[1]).to.be.an.instanceOf(UnprocessedRecordError).with.nested.property('cause.message');
    expect(processor.failureMessages).to.deep.equal(event.books.cash!.slice(1));
  });

  it('is no queue: what only queues have is refused', () => {
    for (const [option, message] of [
      [{ fifo: true }, 'fifo and skipGroupOnError are for source'],
      [{ retryDelay: delayBy(() => 1) }, 'retryDelay is for source'],
    ] as const) {
      expect(() => createBatchHandler({ source: ledger, ...option }, (() => 1) as never)).to.throw(TypeError, message);
    }
  });

  it('goes with a processor that is for it', () => {
    for (const [processor, received] of [
      [new BatchProcessor('SQS'), 'one for SQS'],
      [new BatchProcessor({ ...ledger, name: 'Diary' }), 'one for Diary'],
    ] as const) {
      expect(() => BatchHandler({ source: ledger, processor })).to.throw(
        TypeError,
        `expected a processor for Ledger, received ${received}`,
      );
    }
    expect(() => BatchHandler({ source: 'SQS', processor: new BatchProcessor(ledger) })).to.throw(
      TypeError,
      'expected a processor for SQS, received one for Ledger',
    );
  });

  for (const missing of ['name', 'records', 'hasShape', 'itemIdentifier', 'orderingKey', 'payload'] as const) {
    it(`is no row without ${missing}`, () => {
      const { [missing]: _left, ...rest } = ledger;
      const refused = [TypeError, 'or a row'] as const;
      expect(() => BatchHandler({ source: rest } as never)).to.throw(...refused);
      expect(() => createBatchHandler({ source: rest } as never, (() => 1) as never)).to.throw(...refused);
      expect(() => new BatchProcessor(rest as never)).to.throw(...refused);
    });
  }
});
