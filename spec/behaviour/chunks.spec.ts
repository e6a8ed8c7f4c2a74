import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon, { type SinonFakeTimers } from 'sinon';

import {
  BatchProcessor,
  createBatchHandler,
  type Delivery,
  FullBatchFailureError,
  NonRetryableError,
  observe,
  ParsingError,
  RecordTimeoutError,
  StopBatchError,
} from '../../lib';
import { ChunkError, chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { json, reader } from '../../lib/payload';
import { anotherCopyOf } from '../support/another-copy';
import { chunkWays } from '../support/chunks';
import { unhandledRejections } from '../support/engine';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { ledger, type LedgerEntry, ledgerEvent } from '../support/made-up-source';
import { Deferred, rejection, settled } from '../support/promises';

/** Notes the bodies of each chunk, and does then what is told for its position. */
function noting(...fates: readonly ((size: number) => unknown)[]) {
  const calls: string[][] = [];
  const handle = async (records: readonly SQSRecord[]): Promise<unknown> => {
    const fate = fates[calls.push(records.map(({ body }) => body)) - 1];
    await Promise.resolve();
    return fate?.(records.length);
  };
  return { calls, handle };
}

const failing =
  (...indexes: readonly number[]) =>
  (): never => {
    throw new ChunkError(new Map(indexes.map((index) => [index, new Error(`failed at ${index}`)])));
  };
const throwing = (): never => {
  throw new Error('all failed');
};
const nothing = (): undefined => undefined;

const five = () => sqsEvent('0', '1', '2', '3', '4');
const groups = (...bodies: readonly string[]): SQSEvent => fifoEvent(...bodies);

// The cases C1 to C15: further-sources, section 7.
for (const [title, respond] of Object.entries(chunkWays)) {
  describe(`Chunks, through ${title}`, () => {
    it('are slices in arrival order, with the rest in the last one (C1)', async () => {
      const { calls, handle } = noting();
      expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting());
      expect(calls).to.deep.equal([['0', '1'], ['2', '3'], ['4']]);
    });

    it('report the records that a ChunkError names (C2)', async () => {
      const { handle } = noting(nothing, failing(1));
      expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting('3'));
    });

    it('are reported as a whole where anything else is thrown (C3)', async () => {
      const { handle } = noting(nothing, throwing);
      expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting('2', '3'));
    });

    for (const [what, failures] of Object.entries({
      nothing: new Map(),
      'an index behind its end': new Map([[9, new Error('9')]]),
      'an index of the batch': new Map([[2, new Error('2')]]),
      'an index below zero': new Map([[-1, new Error('-1')]]),
      'a fraction': new Map([[0.5, new Error('0.5')]]),
      'a text': new Map([['1', new Error('1')]]),
      'one that is right, and one that is not': new Map([
        [0, new Error('0')],
        [2, new Error('2')],
      ]),
      'no map': { 1: new Error('1') },
      undefined: undefined,
    })) {
      it(`are reported as a whole where a ChunkError names ${what} (C4)`, async () => {
        const { handle } = noting(nothing, () => {
          throw new ChunkError(failures as never);
        });
        expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting('2', '3'));
      });
    }

    it('of a FIFO queue end at the first failure, which leaves what stands behind it unprocessed (C5)', async () => {
      const { calls, handle } = noting(failing(1));
      const event = groups('a0', 'a1', 'a2', 'a3', 'a4', 'a5');
      expect(await respond(event, handle, { fifo: true, chunk: chunksOf(3) })).to.deep.equal(
        reporting('a1', 'a2', 'a3', 'a4', 'a5'),
      );
      expect(calls).to.deep.equal([['a0', 'a1', 'a2']]);
    });

    it('by group take what is next of every lane, and a failure stops its own (C6)', async () => {
      const { calls, handle } = noting(failing(1));
      const event = groups('a0', 'b1', 'a2', 'b3', 'a4', 'b5');
      const options = { fifo: true, skipGroupOnError: true, chunk: chunksOf(4) };
      expect(await respond(event, handle, options)).to.deep.equal(reporting('b1', 'b3', 'b5'));
      expect(calls).to.deep.equal([['a0', 'b1', 'a2', 'b3'], ['a4']]);
    });

    it('have one record of a lane at the most where they are distinct (C7)', async () => {
      const { calls, handle } = noting();
      const event = groups('a0', 'b1', 'a2', 'b3');
      const options = { fifo: true, skipGroupOnError: true, chunk: chunksOf(4, { distinct: true }) };
      expect(await respond(event, handle, options)).to.deep.equal(reporting());
      expect(calls).to.deep.equal([
        ['a0', 'b1'],
        ['a2', 'b3'],
      ]);
    });

    it('have no record that cannot be read, which fails alone (C8)', async () => {
      const handle = sinon.fake();
      const options = { payload: json(), chunk: chunksOf(5) };
      expect(await respond(sqsEvent('0', 'no JSON', '2'), handle, options)).to.deep.equal(reporting('no JSON'));
      expect(handle.args.map(([items]) => items as unknown)).to.deep.equal([[0, 2]]);
    });

    it('of a FIFO queue end before a record that cannot be read (C9)', async () => {
      const handle = sinon.fake();
      const options = { payload: json(), fifo: true, chunk: chunksOf(5) };
      expect(await respond(groups('0', 'no JSON', '2'), handle, options)).to.deep.equal(reporting('no JSON', '2'));
      expect(handle.args.map(([items]) => items as unknown)).to.deep.equal([[0]]);
    });

    it('by group go on beside a record that cannot be read, and its group does not', async () => {
      const seen: unknown[] = [];
      const read = reader((body: string) => {
        if (body === 'a1') throw new Error('no');
        return body;
      });
      const handle = (items: readonly string[]): void => void seen.push(items);
      const options = { payload: read, fifo: true, skipGroupOnError: true, concurrency: 2, chunk: chunksOf(5) };
      const event = groups('a0', 'a1', 'b2', 'a3', 'b4');
      expect(await respond(event, handle, options)).to.deep.equal(reporting('a1', 'a3'));
      expect(seen).to.deep.equal([['a0', 'b2', 'b4']]);
    });

    for (const [what, value] of Object.entries({
      'the answer of a service': { $metadata: { httpStatusCode: 200 }, FailedEntryCount: 0 },
      'a list': [],
      false: false,
      null: null,
      'an error': new Error('returned'),
      'a text': 'SECRET-4711',
    })) {
      it(`are reported as a whole where the method returns ${what}, at which nobody has looked (C10)`, async () => {
        const logger = fakeLogger();
        const { handle } = noting(nothing, () => value);
        expect(await respond(five(), handle, { logger, chunk: chunksOf(2) })).to.deep.equal(reporting('2', '3'));
        const [, error] = logger.error.firstCall.args as [string, Error];
        expect(error).to.have.property('name', 'TypeError');
        expect(error.message).to.include('failedIn');
        expect(error.message).not.to.include('SECRET');
      });
    }

    it('of one record are as good as a method for single ones (C11)', async () => {
      const { calls, handle } = noting(nothing, failing(0), throwing);
      expect(await respond(five(), handle, { chunk: chunksOf(1) })).to.deep.equal(reporting('1', '2'));
      expect(calls).to.deep.equal([['0'], ['1'], ['2'], ['3'], ['4']]);
    });

    it('throw where no record succeeds, with an error for each (C12)', async () => {
      const { handle } = noting(failing(0, 1), throwing, throwing);
      const error = (await rejection(respond(five(), handle, { chunk: chunksOf(2) }))) as FullBatchFailureError;
      expect(error).to.be.an.instanceOf(FullBatchFailureError);
      expect(error.recordErrors.map(({ message }) => message)).to.deep.equal([
        'failed at 0',
        'failed at 1',
        ...['all failed', 'all failed', 'all failed'],
      ]);
    });

    it('understand the ChunkError of another copy of the package (C13)', async () => {
      const { handle } = noting(nothing, () => {
        throw new (anotherCopyOfChunk().ChunkError)(new Map([[0, new Error('failed')]]));
      });
      expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting('2'));
    });

    it('run as many at once as concurrency says, and start in arrival order (C15)', async () => {
      const started: number[] = [];
      let [running, most] = [0, 0];
      const handle = async (records: readonly SQSRecord[]): Promise<void> => {
        started.push(...records.map(({ body }) => Number(body)));
        most = Math.max(most, ++running);
        for (let turn = 0; turn < 3 + ((started.length / 25) % 5); turn++) await Promise.resolve();
        running--;
      };
      const bodies = Array.from({ length: 10_000 }, (_, index) => String(index));
      const options = { concurrency: 4, chunk: chunksOf(25) };
      expect(await respond(sqsEvent(...bodies), handle, options)).to.deep.equal(reporting());
      expect(most).to.equal(4);
      expect(started).to.deep.equal(bodies.map(Number));
    });

    it('are handed the deliveries of their records, in the same order', async () => {
      const seen: unknown[] = [];
      const handle = (records: readonly SQSRecord[], deliveries: readonly Delivery<SQSRecord>[]): void => {
        seen.push(
          deliveries.map(({ index, itemIdentifier, record }, at) => [index, itemIdentifier, record === records[at]]),
        );
      };
      await respond(sqsEvent('0', '1', '2'), handle, { chunk: chunksOf(2) });
      expect(seen).to.deep.equal([
        [
          [0, 'id-0', true],
          [1, 'id-1', true],
        ],
        [[2, 'id-2', true]],
      ]);
    });

    it('end before maxBytes is passed, and a larger record goes alone', async () => {
      const { calls, handle } = noting();
      const size = Buffer.byteLength(JSON.stringify(sqsEvent('aa').Records[0]));
      await respond(sqsEvent('aa', 'bb', 'cc', 'a larger one', 'dd'), handle, {
        chunk: chunksOf(10, { maxBytes: 2 * size }),
      });
      expect(calls).to.deep.equal([['aa', 'bb'], ['cc'], ['a larger one'], ['dd']]);
    });

    it('count for maxBytes what a reader gives: text and bytes as they are', async () => {
      for (const payload of [
        reader((body: string) => body),
        reader((body: string) => Buffer.from(body)),
        reader((body: string) => new Uint8Array(Buffer.from(body))),
        reader(async (body: string) => Promise.resolve(body)),
      ]) {
        const handle = sinon.fake();
        const options = { payload, chunk: chunksOf(10, { maxBytes: 4 }) };
        expect(await respond(sqsEvent('aa', 'ä', 'c', 'ddddd', 'ee'), handle, options)).to.deep.equal(reporting());
        expect(handle.args.map(([items]) => (items as unknown[]).length)).to.deep.equal([2, 1, 1, 1]);
      }
    });

    it('never have two records of the same value, which is never in two of them at once', async () => {
      const gates: Deferred[] = [];
      const calls: string[][] = [];
      const handle = (items: readonly { readonly id: string }[]) => {
        const gate = new Deferred();
        gates.push(gate);
        calls.push(items.map(({ id }) => id));
        return gate.promise;
      };
      const chunk = chunksOf(3, { distinct: ({ id }: { readonly id: string }) => id });
      const bodies = ['x', 'y', 'x', 'z', 'x', 'y', 'w'].map((id, n) => JSON.stringify({ id, n }));
      const answer = respond(sqsEvent(...bodies), handle, { payload: json(), chunk });
      await settled();
      expect(calls).to.deep.equal([['x', 'y', 'z'], ['w']]);
      gates[0]!.resolve();
      await settled();
      expect(calls.slice(2)).to.deep.equal([['x', 'y']]);
      gates[1]!.resolve();
      gates[2]!.resolve();
      await settled();
      expect(calls.slice(3)).to.deep.equal([['x']]);
      gates[3]!.resolve();
      expect(await answer).to.deep.equal(reporting());
    });

    it('keep the order of groups where values have to be distinct as well', async () => {
      const { calls, handle } = noting();
      const chunk = chunksOf(4, { distinct: ({ body }: SQSRecord) => body.slice(2) });
      const event = groups('a1 x', 'b2 x', 'a3 y', 'b4 z');
      const options = { fifo: true, skipGroupOnError: true, concurrency: 2, chunk };
      expect(await respond(event, handle, options)).to.deep.equal(reporting());
      expect(calls).to.deep.equal([
        ['a1 x', 'a3 y'],
        ['b2 x', 'b4 z'],
      ]);
    });

    it('fail the record alone of which distinct makes no text, or that cannot be measured', async () => {
      const handle = sinon.fake();
      const distinct = ({ body }: SQSRecord): string => {
        if (body === 'bad') throw new Error('no value');
        return body === 'odd' ? (7 as never) : body;
      };
      expect(
        await respond(sqsEvent('a', 'bad', 'b', 'odd'), handle, { chunk: chunksOf(9, { distinct }) }),
      ).to.deep.equal(reporting('bad', 'odd'));
      expect((handle.firstCall.args[0] as SQSRecord[]).map(({ body }) => body)).to.deep.equal(['a', 'b']);
      const circular = reader((body: string) => {
        const item: { self?: object } = {};
        return body === 'bad' ? Object.assign(item, { self: item }) : { body, big: 7n };
      });
      const options = { payload: circular, chunk: chunksOf(9, { maxBytes: 1_000 }) };
      expect(await respond(sqsEvent('a', 'bad'), sinon.fake(), options)).to.deep.equal(reporting('bad'));
    });

    it('have each record delivered elsewhere by its own error, and never one that does not count', async () => {
      const delivered: string[] = [];
      const nonRetryable = deadLetter({
        errors: [ParsingError, (error) => error.message === 'poison'],
        deliverTo: ({ body }: SQSRecord) => void delivered.push(body),
      });
      const handle = (items: readonly unknown[]): never => {
        const failures = items.flatMap((item, index): [number, Error][] => {
          if (item === 1) return [[index, new Error('poison')]];
          return item === 2 ? [[index, new Error('try again')]] : [];
        });
        throw new ChunkError(new Map(failures));
      };
      const options = { payload: json(), nonRetryable, chunk: chunksOf(9) };
      expect(await respond(sqsEvent('0', '1', 'no JSON', '2', '3'), handle, options)).to.deep.equal(reporting('2'));
      expect(delivered).to.have.members(['no JSON', '1']);
      // Behind a failure of its lane nothing counts, whatever its own error is.
      const all = deadLetter({ errors: [(error) => error.message !== 'try again'], deliverTo: nonRetryable as never });
      const inOrder = { payload: json(), fifo: true, nonRetryable: all, chunk: chunksOf(9) };
      const stopped = () => {
        throw new ChunkError(
          new Map<number, Error>([
            [0, new Error('try again')],
            [1, new NonRetryableError('poison')],
          ]),
        );
      };
      const answer = await rejection(respond(groups('0', '1', '2'), stopped, inOrder));
      expect(answer).to.be.an.instanceOf(FullBatchFailureError);
    });

    it('go on in their lane behind what was delivered elsewhere, and only then', async () => {
      const gate = new Deferred();
      const settledAs: string[] = [];
      const nonRetryable = deadLetter({ deliverTo: () => gate.promise });
      const observer = observe({
        onRecordSuccess: ({ itemIdentifier }) => settledAs.push(`${itemIdentifier} done`),
        onRecordFailure: ({ itemIdentifier }, _error, delivered) =>
          settledAs.push(`${itemIdentifier} ${delivered ? 'delivered' : 'failed'}`),
      });
      const { calls, handle } = noting(() => {
        throw new ChunkError(new Map([[0, new NonRetryableError('poison')]]));
      });
      const options = { fifo: true, nonRetryable, observers: [observer], chunk: chunksOf(2) };
      const answer = respond(groups('a0', 'a1', 'a2'), handle, options);
      await settled();
      expect(settledAs).to.deep.equal([]);
      expect(calls).to.deep.equal([['a0', 'a1']]);
      gate.resolve();
      expect(await answer).to.deep.equal(reporting());
      expect(settledAs).to.deep.equal(['id-a0 delivered', 'id-a1 done', 'id-a2 done']);
      expect(calls).to.deep.equal([['a0', 'a1'], ['a2']]);
    });

    it('stop the batch where they say that it has to stop', async () => {
      const { calls, handle } = noting(nothing, () => {
        throw new StopBatchError('away');
      });
      const options = { concurrency: 1, chunk: chunksOf(2) };
      expect(await respond(five(), handle, options)).to.deep.equal(reporting('2', '3', '4'));
      expect(calls).to.have.lengthOf(2);
    });

    it('answer where they stop the batch in order, whatever else is running', async () => {
      const away = (): never => {
        throw new StopBatchError('away');
      };
      for (const [stop, reported] of [
        [away, ['a0', 'a1', 'a2']],
        [
          () => {
            throw new ChunkError(new Map([[1, new StopBatchError('away')]]));
          },
          ['a1', 'a2'],
        ],
      ] as const) {
        const options = { fifo: true, throwOnFullBatchFailure: false, chunk: chunksOf(2) };
        expect(await respond(groups('a0', 'a1', 'a2'), noting(stop).handle, options)).to.deep.equal(
          reporting(...reported),
        );
      }
      const gate = new Deferred();
      const handle = async (records: readonly SQSRecord[]): Promise<void> => {
        if (records[0]!.body === 'a0') await gate.promise;
        else away();
      };
      const options = { fifo: true, skipGroupOnError: true, concurrency: 2, chunk: chunksOf(2) };
      const answer = respond(groups('a0', 'a1', 'b2', 'b3', 'c4'), handle, options);
      await settled();
      gate.resolve();
      expect(await answer).to.deep.equal(reporting('b2', 'b3', 'c4'));
    });

    it('never deliver elsewhere what does not count, whatever errors are meant', async () => {
      const delivered: string[] = [];
      const nonRetryable = deadLetter({
        errors: [({ message }) => message !== 'again'],
        deliverTo: ({ body }: SQSRecord) => void delivered.push(body),
      });
      const { handle } = noting(() => {
        throw new ChunkError(
          new Map([
            [0, new Error('again')],
            [1, new Error('poison')],
          ]),
        );
      });
      const options = { fifo: true, nonRetryable, throwOnFullBatchFailure: false, chunk: chunksOf(3) };
      expect(await respond(groups('a0', 'a1', 'a2'), handle, options)).to.deep.equal(reporting('a0', 'a1', 'a2'));
      await settled();
      expect(delivered).to.deep.equal([]);
    });

    it('fail as a whole where a ChunkError has a map that is not what it says', async () => {
      class Odd extends Map<number, Error> {
        override get(): never {
          throw new Error('no get');
        }
        override has(): boolean {
          return false;
        }
      }
      const { handle } = noting(nothing, () => {
        throw new ChunkError(new Odd([[1, new Error('failed')]]));
      });
      expect(await respond(five(), handle, { chunk: chunksOf(2) })).to.deep.equal(reporting('3'));
    });

    it('leave no rejection of an async distinct unhandled, and fail its record', async () => {
      const unhandled = await unhandledRejections(async () => {
        const distinct = (({ body }: SQSRecord) => (body === 'bad' ? Promise.reject(new Error('no')) : body)) as never;
        const options = { chunk: chunksOf(9, { distinct }) };
        expect(await respond(sqsEvent('a', 'bad'), noting().handle, options)).to.deep.equal(reporting('bad'));
      });
      expect(unhandled).to.deep.equal([]);
    });

    it('count nothing as no bytes, and a buffer of bytes as those', async () => {
      const payload = reader((body: string) => (body === 'none' ? undefined : new ArrayBuffer(Number(body))));
      const handle = sinon.fake();
      const options = { payload, chunk: chunksOf(9, { maxBytes: 10 }) };
      expect(await respond(sqsEvent('6', 'none', '6'), handle, options)).to.deep.equal(reporting());
      expect(handle.args.map(([items]) => (items as unknown[]).length)).to.deep.equal([2, 1]);
    });

    it('are told of record by record: to observers, and in the log', async () => {
      const seen: string[] = [];
      const logger = fakeLogger();
      const observer = observe({
        onRecordStart: ({ itemIdentifier }) => seen.push(`start ${itemIdentifier}`),
        onRecordSuccess: ({ itemIdentifier }) => seen.push(`success ${itemIdentifier}`),
        onRecordFailure: ({ itemIdentifier }, { message }) => seen.push(`failure ${itemIdentifier}: ${message}`),
        onRecordUnprocessed: ({ itemIdentifier }) => seen.push(`unprocessed ${itemIdentifier}`),
      });
      const { handle } = noting(failing(1));
      await respond(groups('a', 'b', 'c'), handle, { logger, fifo: true, observers: [observer], chunk: chunksOf(3) });
      expect(seen).to.deep.equal([
        ...['start id-a', 'start id-b', 'start id-c'],
        ...['success id-a', 'failure id-b: failed at 1', 'unprocessed id-c'],
      ]);
      sinon.assert.calledOnceWithMatch(logger.error, 'Record id-b failed (receive 1).');
      sinon.assert.calledOnceWithMatch(logger.warn, '1 of 3 records were not run');
    });

    describe('with a clock', () => {
      let clock: SinonFakeTimers;
      beforeEach(() => {
        clock = sinon.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate'] });
      });
      afterEach(() => {
        clock.restore();
      });

      /** A context whose time runs out on the clock. */
      const endingIn = (milliseconds: number) => {
        const end = Date.now() + milliseconds;
        return lambdaContext(() => end - Date.now());
      };

      it('are reported with all that follows where the deadline comes while one runs (C14)', async () => {
        const { calls, handle } = noting(nothing, () => new Promise(() => undefined));
        const options = { concurrency: 1, stopBeforeTimeout: 1_000, chunk: chunksOf(2) };
        const answer = respond(five(), handle, options, endingIn(3_000));
        await clock.tickAsync(2_000);
        expect(await answer).to.deep.equal(reporting('2', '3', '4'));
        expect(calls).to.have.lengthOf(2);
      });

      it('fail where one runs for longer than a record may, and their signals abort', async () => {
        const signals: AbortSignal[] = [];
        const handle = (records: readonly SQSRecord[], deliveries: readonly Delivery<SQSRecord>[]): unknown => {
          if (records[0]!.body !== '2') return undefined;
          signals.push(...deliveries.map(({ signal }) => signal));
          return new Promise(() => undefined);
        };
        const answer = respond(five(), handle, { recordTimeout: 500, concurrency: 1, chunk: chunksOf(2) });
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('2', '3'));
        expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
        expect(clock.countTimers()).to.equal(0);
      });

      it('fail with all of their records where their time is over, also where the first is delivered elsewhere', async () => {
        const delivered: string[] = [];
        const nonRetryable = deadLetter({
          errors: [RecordTimeoutError],
          deliverTo: ({ body }: SQSRecord) => {
            if (body === 'b') throw new Error('not taken');
            delivered.push(body);
          },
        });
        const hanging = () => new Promise(() => undefined);
        const options = { fifo: true, recordTimeout: 50, nonRetryable, chunk: chunksOf(3) };
        const answer = respond(groups('a', 'b', 'c', 'd'), hanging, options);
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('b', 'c', 'd'));
        expect(delivered).to.deep.equal(['a']);
      });

      it('have as long as a record may take for their call alone, and not for what is delivered elsewhere', async () => {
        const nonRetryable = deadLetter({ deliverTo: () => new Promise((resolve) => setTimeout(resolve, 150)) });
        const { calls, handle } = noting(() => {
          throw new ChunkError(new Map([[0, new NonRetryableError('poison')]]));
        });
        const options = { fifo: true, recordTimeout: 60, nonRetryable, chunk: chunksOf(2) };
        const answer = respond(groups('a', 'b', 'c'), handle, options);
        await clock.tickAsync(200);
        expect(await answer).to.deep.equal(reporting());
        expect(calls).to.have.lengthOf(2);
        expect(clock.countTimers()).to.equal(0);
      });

      it('read no more records when the deadline has come', async () => {
        const read = sinon.fake((body: string) => {
          clock.tick(400);
          return body;
        });
        const options = {
          payload: reader(read),
          stopBeforeTimeout: 1_000,
          throwOnFullBatchFailure: false,
          chunk: chunksOf(9),
        };
        expect(await respond(five(), sinon.fake(), options, endingIn(2_000))).to.deep.equal(
          reporting('0', '1', '2', '3', '4'),
        );
        sinon.assert.calledThrice(read);
      });

      it('have the records fail that take too long to be read, and no other', async () => {
        const payload = reader((body: string) => (body === '1' ? new Promise<string>(() => undefined) : body));
        const handle = sinon.fake();
        const answer = respond(five(), handle, { payload, recordTimeout: 500, chunk: chunksOf(9) });
        await clock.tickAsync(500);
        expect(await answer).to.deep.equal(reporting('1'));
        expect(handle.firstCall.args[0]).to.deep.equal(['0', '2', '3', '4']);
      });

      it('take no notice of what is read, or fails to be, when its time is over', async () => {
        const late = [new Deferred<string>(), new Deferred<string>()];
        const payload = reader((body: string) => late[Number(body)]?.promise ?? body);
        const handle = sinon.fake(() => new Promise<void>((resolve) => setTimeout(resolve, 400)));
        const answer = respond(five(), handle, { payload, recordTimeout: 500, chunk: chunksOf(9) });
        await clock.tickAsync(600);
        late[0]!.resolve('0');
        late[1]!.reject(new Error('late'));
        await clock.tickAsync(400);
        expect(await answer).to.deep.equal(reporting('0', '1'));
        sinon.assert.calledOnce(handle);
      });

      it('have the records fail whose reader rejects in time', async () => {
        const payload = reader((body: string) => (body === '1' ? Promise.reject(new Error('no')) : body));
        expect(await respond(five(), sinon.fake(), { payload, chunk: chunksOf(9) })).to.deep.equal(reporting('1'));
      });

      it('are all reported where records are still being read at the deadline', async () => {
        const payload = reader((body: string) => (body === '1' ? new Promise<string>(() => undefined) : body));
        const handle = sinon.fake();
        const options = { payload, stopBeforeTimeout: 1_000, throwOnFullBatchFailure: false, chunk: chunksOf(9) };
        const answer = respond(five(), handle, options, endingIn(3_000));
        await clock.tickAsync(2_000);
        expect(await answer).to.deep.equal(reporting('0', '1', '2', '3', '4'));
        sinon.assert.notCalled(handle);
      });

      it('leave no timer behind, and nothing that rejects, where a failure drops what stands behind it', async () => {
        const { handle } = noting(failing(0));
        const options = { recordTimeout: 500, fifo: true, throwOnFullBatchFailure: false, chunk: chunksOf(3) };
        expect(await respond(groups('a', 'b', 'c'), handle, options)).to.deep.equal(reporting('a', 'b', 'c'));
        await clock.tickAsync(0);
        expect(clock.countTimers()).to.equal(0);
      });
    });
  });
}

describe('Chunks of a source whose keys cannot be read', () => {
  it('are refused before any record runs', async () => {
    const handle = sinon.fake();
    const orderingKey = ({ account }: LedgerEntry): string => {
      if (account === 'bad') throw new Error('no key');
      return account;
    };
    const source = { ...ledger, orderingKey } as typeof ledger;
    const entry = createBatchHandler({ source, order: 'key', concurrency: 1, chunk: chunksOf(1) }, handle);
    const event = ledgerEvent('cash#1 a', 'cash#2 bad');
    expect(await rejection(entry(event, lambdaContext()))).to.have.property('message', 'no key');
    sinon.assert.notCalled(handle);
  });
});

describe('The option chunk', () => {
  const make = (options: object) => () =>
    createBatchHandler({ source: 'SQS', ...options } as never, (() => undefined) as never);

  it('is made by chunksOf(), and checked with the other options', () => {
    expect(make({ chunk: { size: 25 } })).to.throw(TypeError, 'made by chunksOf() of lambda-batch-handler/chunk');
    for (const order of [{}, { concurrency: 1 }, { processInParallel: false }]) {
      const options = { chunk: chunksOf(2, { distinct: true }), ...order };
      expect(make(options)).to.throw(TypeError, 'distinct: true is about lanes');
    }
    expect(make({ chunk: chunksOf(2, { distinct: true }), fifo: true, skipGroupOnError: true })).not.to.throw();
    expect(make({ chunk: chunksOf(2), processor: new BatchProcessor('SQS') })).to.throw(
      TypeError,
      'a processor handles',
    );
    const around = observe({ aroundRecord: (_delivery, next) => next() });
    expect(make({ chunk: chunksOf(2), observers: [around] })).to.throw(TypeError, 'aroundRecord');
  });
});

function anotherCopyOfChunk(): { readonly ChunkError: typeof ChunkError } {
  return anotherCopyOf('chunk') as { readonly ChunkError: typeof ChunkError };
}
