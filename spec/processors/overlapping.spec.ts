import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  FullBatchFailureError,
  type PartialItemFailureResponse,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { fifoEvent, fifoRecord, nameOf, reporting, sqsEvent } from '../support/events';
import { failing, hooked, namesOf, noting } from '../support/processors';
import { Deferred, rejection, settled } from '../support/promises';

class Counting extends BatchProcessor {
  #runs = 0;

  get runs(): number {
    return this.#runs;
  }

  override async processRecord(...[record]: Parameters<BatchProcessor['processRecord']>) {
    this.#runs++;
    return super.processRecord(record);
  }
}

interface Kind {
  readonly title: string;
  readonly make: () => BatchProcessor;
  readonly skipGroupOnError?: boolean;
  /** Whether the failure of an earlier record keeps a later one from running. */
  readonly stops: (earlier: string, later: string) => boolean;
}

const kinds: readonly Kind[] = [
  { title: 'a standard processor', make: () => new BatchProcessor(EventType.SQS), stops: () => false },
  { title: 'a subclass with #private fields', make: () => new Counting(EventType.SQS), stops: () => false },
  { title: 'a FIFO processor', make: () => new SqsFifoPartialProcessorAsync(), stops: () => true },
  {
    title: 'a FIFO processor with skipGroupOnError',
    make: () => new SqsFifoPartialProcessorAsync(),
    skipGroupOnError: true,
    stops: (earlier, later) => earlier[0] === later[0],
  },
];

/** What should become of a batch in which the records of `failed` fail. */
function expectedOf({ stops }: Kind, names: readonly string[], failed: ReadonlySet<string>) {
  const isStopped = (name: string, index: number): boolean =>
    names.slice(0, index).some((earlier) => failed.has(earlier) && stops(earlier, name));
  return {
    ran: names.filter((name, index) => !isStopped(name, index)),
    reported: names.filter((name, index) => failed.has(name) || isStopped(name, index)),
  };
}

/** Names in batches that have none in common: `a1.0`, where `a` is the message group and 0 the batch. */
const batchOf = (id: number, names: readonly string[]): string[] => names.map((name) => `${name}.${id}`);

for (const maxConcurrency of [undefined, '10']) {
  describe(`overlapping invocations, ${maxConcurrency === undefined ? 'without' : 'with'} AWS_LAMBDA_MAX_CONCURRENCY (3c 4) (L3) (L4)`, () => {
    let before: string | undefined;

    beforeEach(() => {
      before = process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      if (maxConcurrency === undefined) delete process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      else process.env.AWS_LAMBDA_MAX_CONCURRENCY = maxConcurrency;
    });

    afterEach(() => {
      if (before === undefined) delete process.env.AWS_LAMBDA_MAX_CONCURRENCY;
      else process.env.AWS_LAMBDA_MAX_CONCURRENCY = before;
    });

    for (const kind of kinds) {
      const { make, skipGroupOnError } = kind;

      describe(`of ${kind.title}`, () => {
        const options = { skipGroupOnError, throwOnFullBatchFailure: false };

        it('lose no failure when the other one succeeds', async () => {
          const processor = make();
          const gate = new Deferred();
          const a = processPartialResponse(
            fifoEvent('a1', 'b1', 'a2'),
            async (record: SQSRecord) => {
              await gate.promise;
              return failing('b1')(record);
            },
            processor,
            options,
          );
          const b = processPartialResponse(fifoEvent('c1', 'c2'), failing(), processor, options);
          expect(await b).to.deep.equal(reporting());
          gate.resolve();
          expect(await a).to.deep.equal(reporting(...expectedOf(kind, ['a1', 'b1', 'a2'], new Set(['b1'])).reported));
        });

        it('keep three apart that end in the reverse order', async () => {
          const processor = make();
          const gates = [new Deferred(), new Deferred(), new Deferred()];
          const answers = gates.map(({ promise }, id) =>
            processPartialResponse(
              fifoEvent(...batchOf(id, ['a1', 'a2', 'b1'])),
              async (record: SQSRecord) => {
                await promise;
                return failing(`a1.${id}`)(record);
              },
              processor,
              { ...options, throwOnFullBatchFailure: id !== 2 },
            ),
          );
          const outcomes = Promise.allSettled(answers);
          for (const gate of gates.toReversed()) {
            gate.resolve();
            await settled();
          }
          (await outcomes).forEach((outcome, id) => {
            const names = batchOf(id, ['a1', 'a2', 'b1']);
            const { reported } = expectedOf(kind, names, new Set([`a1.${id}`]));
            if (id !== 2 && reported.length === names.length) {
              expect(outcome).to.have.property('reason').that.is.instanceOf(FullBatchFailureError);
            } else {
              expect(outcome)
                .to.have.property('value')
                .that.deep.equals(reporting(...reported));
            }
          });
        });

        it('stay apart after an earlier one failed as a whole', async () => {
          const processor = make();
          await rejection(processPartialResponse(fifoEvent('x1'), failing('x1'), processor));
          const [a, b] = await Promise.all([
            processPartialResponse(fifoEvent('a1', 'b1'), failing('b1'), processor, options),
            processPartialResponse(fifoEvent('c1', 'd1'), failing(), processor, options),
          ]);
          expect(a).to.deep.equal(reporting('b1'));
          expect(b).to.deep.equal(reporting());
        });

        it('stay apart after a chain that failed before it asked for its response', async () => {
          const processor = make();
          const chain = async (names: string[], failed: string): Promise<PartialItemFailureResponse> => {
            await settled();
            processor.register(fifoEvent(...names).Records, failing(failed), { skipGroupOnError });
            await settled();
            await processor.process();
            await settled();
            return processor.response();
          };
          expect(await rejection(chain(['x1'], 'x1'))).to.be.instanceOf(FullBatchFailureError);
          expect(
            await Promise.all([chain(['a1', 'b1'], 'b1'), chain(['c1', 'd1'], ''), chain(['e1'], '')]),
          ).to.deep.equal([reporting('b1'), reporting(), reporting()]);
        });

        it('never mix, however their steps interleave', async () => {
          const names = fc.uniqueArray(fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1'), { minLength: 1, maxLength: 4 });
          const step = fc.record({
            names,
            failed: fc.subarray(['a1', 'a2', 'b1', 'b2', 'c1']),
            whole: fc.boolean(),
            waitsFirst: fc.boolean(),
          });
          const chains = fc.array(step, { minLength: 1, maxLength: 3 });
          await fc.assert(
            fc.asyncProperty(fc.scheduler(), fc.array(chains, { minLength: 1, maxLength: 2 }), async (s, rounds) => {
              const processor = make();
              const pause = (): Promise<unknown> => s.schedule(Promise.resolve());

              const run = async (id: number, { names, failed, whole, waitsFirst }: (typeof rounds)[0][0]) => {
                const bodies = batchOf(id, names);
                const bad = new Set(batchOf(id, failed));
                const { ran: runnable, reported } = expectedOf(kind, bodies, bad);
                const records = bodies.map((body) => fifoRecord(body));
                const ran: string[] = [];
                const recordHandler = async (record: SQSRecord): Promise<string> => {
                  await pause();
                  expect(processor.records).to.equal(records);
                  ran.push(record.body);
                  return failing(...bad)(record);
                };
                if (waitsFirst) await pause();
                let response: PartialItemFailureResponse;
                if (whole) {
                  response = await processPartialResponse({ Records: records }, recordHandler, processor, options);
                } else {
                  processor.register(records, recordHandler, options);
                  await pause();
                  const results = await processor.process();
                  expect(results.map(([, , record]) => nameOf(record))).to.deep.equal(bodies);
                  await pause();
                  response = processor.response();
                }
                expect(response).to.deep.equal(reporting(...reported));
                expect(ran).to.have.members(runnable);
                expect(processor.failureMessages.map(nameOf)).to.deep.equal(reported);
                expect(processor.errors).to.have.length(reported.length);
                expect(processor.successMessages).to.have.length(bodies.length - reported.length);
              };

              for (const round of rounds) await s.waitFor(Promise.all(round.map((chain, id) => run(id, chain))));
            }),
            { numRuns: maxConcurrency === undefined ? 15 : 5 },
          );
        });
      });
    }

    it('have each their own handler, options and context', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const seen: unknown[] = [];
      const invoke = async (name: string): Promise<void> => {
        await settled();
        const handler = async (record: SQSRecord): Promise<void> => {
          await settled();
          seen.push([name, nameOf(record), namesOf(processor.records), processor.handler === handler]);
        };
        processor.register(sqsEvent(`${name}1`).Records, handler, { throwOnFullBatchFailure: name === 'a' });
        await settled();
        await processor.process();
        expect(processor.options).to.deep.equal({ throwOnFullBatchFailure: name === 'a' });
      };
      await Promise.all([invoke('a'), invoke('b')]);
      expect(seen).to.deep.equal([
        ['a', 'a1', ['a1'], true],
        ['b', 'b1', ['b1'], true],
      ]);
    });

    it('stay apart while the first one is in a clean() that asks for the response', async () => {
      const gate = new Deferred();
      const processor = hooked(new BatchProcessor(EventType.SQS), {
        async clean() {
          this.response();
          await gate.promise;
        },
      });
      const a = processPartialResponse(sqsEvent('a1', 'a2'), failing('a1'), processor);
      await settled();
      const b = processPartialResponse(sqsEvent('b1', 'b2'), failing(), processor);
      await settled();
      gate.resolve();
      expect(await Promise.all([a, b])).to.deep.equal([reporting('a1'), reporting()]);
    });

    it('stay apart while the first one is processed a second time', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const gate = new Deferred();
      let gated = false;
      const twice = (async () => {
        await settled();
        processor.register(sqsEvent('a1', 'a2').Records, async (record: SQSRecord) => {
          if (gated) await gate.promise;
          return failing('a1')(record);
        });
        await processor.process();
        processor.response();
        gated = true;
        await processor.process();
        return processor.response();
      })();
      await settled();
      await settled();
      const other = processPartialResponse(sqsEvent('b1', 'b2'), failing('b2'), processor);
      expect(await other).to.deep.equal(reporting('b2'));
      gate.resolve();
      expect(await twice).to.deep.equal(reporting('a1'));
    });

    it('stay apart where the record handler runs another batch on the same processor', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const inner = noting(failing());
      const outer = noting(async (record) => {
        if (nameOf(record) === 'a') await processPartialResponse(sqsEvent('x', 'y'), inner.handler, processor);
        return failing('b')(record);
      });
      const answer = await processPartialResponse(sqsEvent('a', 'b'), outer.handler, processor);
      expect(outer.ran).to.deep.equal(['a', 'b']);
      expect(inner.ran).to.deep.equal(['x', 'y']);
      expect(answer).to.deep.equal(reporting('b'));
    });

    it('stay apart where the record handler registers another batch on the same processor', async () => {
      const processor = new BatchProcessor(EventType.SQS);
      const chain = async (names: string[], handler: (record: SQSRecord) => unknown) => {
        processor.register(sqsEvent(...names).Records, handler);
        await processor.process();
        return processor.response();
      };
      const inner = noting(failing());
      const outer = noting(async (record) => {
        if (nameOf(record) === 'a') await chain(['x', 'y'], inner.handler);
        return failing('b')(record);
      });
      expect(await chain(['a', 'b'], outer.handler)).to.deep.equal(reporting('b'));
      expect(outer.ran).to.deep.equal(['a', 'b']);
      expect(inner.ran).to.deep.equal(['x', 'y']);
      expect(processor.errors.map(({ message }) => message)).to.deep.equal(['b failed']);
    });

    it('may be of a sync processor, between register() and processSync()', async () => {
      const processor = new BatchProcessorSync(EventType.SQS);
      const chain = async (...names: string[]): Promise<PartialItemFailureResponse> => {
        await settled();
        processor.register(sqsEvent(...names).Records, failing('a1', 'b2'));
        await settled();
        processor.processSync();
        await settled();
        return processor.response();
      };
      expect(await Promise.all([chain('a1', 'a2'), chain('b1', 'b2')])).to.deep.equal([
        reporting('a1'),
        reporting('b2'),
      ]);
    });
  });
}

describe('warm invocations, one after another (3c 2)', () => {
  const standard = new BatchProcessor(EventType.SQS);
  const fifo = new SqsFifoPartialProcessorAsync();

  it('answer cleanly after a full failure (B2)', async () => {
    await rejection(processPartialResponse(sqsEvent('a', 'b'), failing('a', 'b'), standard));
    expect(await processPartialResponse(sqsEvent('c'), failing(), standard)).to.deep.equal(reporting());
    expect(standard.errors).to.deep.equal([]);
  });

  it('fail as a whole after a clean one', async () => {
    await processPartialResponse(sqsEvent('a', 'b', 'c'), failing(), standard);
    const error = await rejection(processPartialResponse(sqsEvent('d', 'e'), failing('d', 'e'), standard));
    expect(error).to.be.instanceOf(FullBatchFailureError);
    expect((error as FullBatchFailureError).recordErrors.map(({ message }) => message)).to.deep.equal([
      'd failed',
      'e failed',
    ]);
  });

  it('report only their own failures', async () => {
    expect(await processPartialResponse(sqsEvent('a', 'b'), failing('a'), standard)).to.deep.equal(reporting('a'));
    expect(await processPartialResponse(sqsEvent('b', 'c'), failing('c'), standard)).to.deep.equal(reporting('c'));
    expect(standard.failureMessages.map(nameOf)).to.deep.equal(['c']);
  });

  it('leave the lists of the invocation before as they were (B3)', async () => {
    standard.register(sqsEvent('a', 'b').Records, failing('a'));
    const results = await standard.process();
    const { errors, failureMessages, successMessages } = standard;
    standard.response();
    await processPartialResponse(sqsEvent('c', 'd', 'e'), failing('c', 'd'), standard);
    expect(results).to.have.length(2);
    expect(errors).to.have.length(1);
    expect(namesOf(failureMessages)).to.deep.equal(['a']);
    expect(namesOf(successMessages)).to.deep.equal(['b']);
  });

  it('do not keep the options of the one before (L2)', async () => {
    const answer = await processPartialResponse(sqsEvent('a'), failing('a'), standard, {
      throwOnFullBatchFailure: false,
    });
    expect(answer).to.deep.equal(reporting('a'));
    const error = await rejection(processPartialResponse(sqsEvent('a'), failing('a'), standard));
    expect(error).to.be.instanceOf(FullBatchFailureError);
    expect(standard.options).to.equal(undefined);
  });

  it('run a FIFO group again that failed before (B4) (3c 8)', async () => {
    const options = { skipGroupOnError: true };
    const first = await processPartialResponse(fifoEvent('a1', 'a2', 'b1'), failing('a1'), fifo, options);
    expect(first).to.deep.equal(reporting('a1', 'a2'));
    const { ran, handler } = noting(failing());
    const retried = await processPartialResponse(fifoEvent('a1', 'a2'), handler, fifo, options);
    expect(retried).to.deep.equal(reporting());
    expect(ran).to.deep.equal(['a1', 'a2']);
  });

  it('run a FIFO batch again that stopped before', async () => {
    await rejection(processPartialResponse(fifoEvent('a1', 'a2'), failing('a1'), fifo));
    const { ran, handler } = noting(failing());
    expect(await processPartialResponse(fifoEvent('a1', 'a2'), handler, fifo)).to.deep.equal(reporting());
    expect(ran).to.deep.equal(['a1', 'a2']);
  });
});
