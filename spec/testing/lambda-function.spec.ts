import { once as onceEmitted } from 'node:events';
import vm from 'node:vm';

import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, EventType, processPartialResponse } from '../../lib';
import {
  type FaultName,
  formatTimeline,
  type Handler,
  simulateQueue,
  simulateStream,
  type Simulation,
} from '../../lib/testing';
import { unhandledRejections } from '../support/engine';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

/** One message an invocation, each of which is received once. */
const once = { batchSize: 1, maxReceiveCount: 1, ioWaitMs: 0 };
const payloads = <P>(records: readonly { readonly payload: P }[]): P[] => records.map(({ payload }) => payload);
const durations = ({ invocations }: Simulation<unknown>): number[] =>
  invocations.map(({ at, endedAt }) => endedAt - at);
const messages = ({ invocations }: Simulation<unknown>): (string | undefined)[] =>
  invocations.map(({ error }) => error?.message);
const colds = ({ invocations }: Simulation<unknown>): boolean[] => invocations.map(({ cold }) => cold);
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const forEver = () => new Promise<never>(() => undefined);
const bodyOf = (event: SQSEvent): string => event.Records[0]!.body;

/** One fault an invocation, in this order. */
const inOrder =
  (...faults: (FaultName | undefined)[]) =>
  ({ index }: { index: number }): FaultName | undefined =>
    faults[index];

describe('The simulated function', () => {
  it('is called with an event and a context, and with no callback', async () => {
    const handler = sinon.stub().resolves();
    await simulateQueue({ ...once, handler, messages: ['a'] });

    sinon.assert.calledOnceWithExactly(handler, sinon.match.has('Records'), sinon.match.has('awsRequestId'));
  });

  it('is called without a this, as Lambda does', async () => {
    const handler = sinon.stub();
    await simulateQueue({ ...once, handler, messages: ['a'] });

    expect(handler.firstCall.thisValue).to.be.undefined;
  });

  it('fails where it answers by a callback, which Lambda has no longer', async () => {
    const handler = (
      _event: SQSEvent,
      _context: Context,
      callback: (error: null, answer: SQSBatchResponse) => void,
    ) => {
      callback(null, { batchItemFailures: [] });
    };
    const result = await simulateQueue({ ...once, handler, messages: ['a'] });

    expect(result.invocations[0]!.error).to.be.an.instanceOf(TypeError);
    expect(payloads(result.deadLettered)).to.deep.equal(['a']);
  });

  it('has a context of its own for each invocation, throttled ones aside', async () => {
    const ids: string[] = [];
    await simulateQueue({
      ...once,
      messages: ['a', 'b', 'c'],
      faults: inOrder('throttle'),
      handler: (_, { awsRequestId }) => void ids.push(awsRequestId),
    });

    expect(new Set(ids)).to.have.property('size', 3);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('has request ids that are the same for the same seed', async () => {
    const idsOf = async (seed?: number): Promise<string[]> => {
      const ids: string[] = [];
      await simulateQueue({
        ...once,
        ...(seed !== undefined && { seed }),
        messages: ['a', 'b'],
        handler: (_, { awsRequestId }) => void ids.push(awsRequestId),
      });
      return ids;
    };
    const [byDefault, first, second] = [await idsOf(), await idsOf(1), await idsOf(2)];

    expect(first).to.deep.equal(byDefault);
    expect(second).not.to.deep.equal(first);
  });

  for (const functionTimeoutMs of [undefined, 1_000, 30_000]) {
    it(`sees its time run out on the virtual clock, of ${functionTimeoutMs ?? 'three seconds by default'}`, async () => {
      const timeout = functionTimeoutMs ?? 3_000;
      const seen: number[] = [];
      await simulateQueue({
        ...once,
        ...(functionTimeoutMs !== undefined && { functionTimeoutMs }),
        messages: ['a', 'b'],
        handler: async (_, context) => {
          seen.push(context.getRemainingTimeInMillis());
          await after(400);
          seen.push(context.getRemainingTimeInMillis());
        },
      });

      expect(seen).to.deep.equal([timeout, timeout - 400, timeout, timeout - 400]);
    });
  }

  describe('answers', () => {
    it('at once, later, or with something that can be awaited', async () => {
      const answer = { batchItemFailures: [] };
      const thenable = { then: (resolve: (value: unknown) => void) => void setTimeout(() => resolve(answer), 20) };
      const handlers: (() => unknown)[] = [
        () => answer,
        async () => answer,
        () => after(10).then(() => answer),
        () => thenable,
      ];
      for (const [index, handler] of handlers.entries()) {
        const result = await simulateQueue({ ...once, handler, messages: ['a'] });

        expect(result.invocations[0]!.answer).to.equal(answer);
        expect(result.invocations[0]!.endedAt).to.equal([0, 0, 10, 20][index]);
        expect(payloads(result.deleted)).to.deep.equal(['a']);
      }
    });

    it('with nothing, which counts as success', async () => {
      const result = await simulateQueue({ ...once, handler: () => undefined, messages: ['a'] });

      expect(result.invocations[0]).to.include({ answer: undefined, error: undefined });
      expect(payloads(result.deleted)).to.deep.equal(['a']);
    });

    it('with something that has no JSON, which fails the invocation', async () => {
      const result = await simulateQueue({ ...once, handler: () => ({ count: 1n }), messages: ['a'] });

      expect(result.invocations[0]!.interpretation).to.include({ outcome: 'failure' });
      expect(payloads(result.deadLettered)).to.deep.equal(['a']);
    });
  });

  describe('throws', () => {
    const error = new Error('no');
    const throwing: Record<string, () => unknown> = {
      'at once': () => {
        throw error;
      },
      later: async () => {
        await after(10);
        throw error;
      },
    };
    for (const [when, handler] of Object.entries(throwing)) {
      it(`${when}, and the error is in the result`, async () => {
        const { invocations, deadLettered } = await simulateQueue({ ...once, handler, messages: ['a'] });

        expect(invocations[0]!.error).to.equal(error);
        expect(invocations[0]!.answer).to.be.undefined;
        expect(invocations[0]!.interpretation).to.deep.include({ outcome: 'failure' });
        expect(payloads(deadLettered)).to.deep.equal(['a']);
      });
    }

    const odd: Record<string, [thrown: unknown, shown: string]> = {
      undefined: [undefined, 'undefined (undefined)'],
      null: [null, 'null (object)'],
      'a text': ['no', "'no' (string)"],
      'an object': [{ code: 1 }, '{ code: 1 } (object)'],
    };
    for (const [what, [thrown, shown]] of Object.entries(odd)) {
      it(`${what}, which is the cause of the error in the result`, async () => {
        const handler = () => Promise.reject(thrown);
        const { invocations, deadLettered } = await simulateQueue({ ...once, handler, messages: ['a'] });

        expect(invocations[0]!.error)
          .to.be.an.instanceOf(Error)
          .that.deep.includes({
            message: `The function threw ${shown}.`,
            cause: thrown,
          });
        expect(deadLettered).to.have.length(1);
      });
    }

    it('an error of another realm, which is kept as it is', async () => {
      const foreign = vm.runInNewContext('new Error("elsewhere")') as Error;
      const handler = () => Promise.reject(foreign);
      const { invocations } = await simulateQueue({ ...once, handler, messages: ['a'] });

      expect(invocations[0]!.error).to.equal(foreign);
    });
  });

  describe('times out', () => {
    it('when it has taken as long as its timeout, by default three seconds', async () => {
      const handler = () => new Promise(() => setInterval(() => undefined, 1_000));
      const common = { ...once, handler, messages: ['a'] };
      const [byDefault, longest] = await Promise.all([
        simulateQueue(common),
        simulateQueue({ ...common, functionTimeoutMs: 900_000, visibilityTimeoutMs: 900_000 }),
      ]);

      expect(durations(byDefault)).to.deep.equal([3_000]);
      expect(messages(byDefault)).to.deep.equal(['The function timed out after 3000 ms.']);
      expect(byDefault.invocations[0]).to.include({ answer: undefined, fault: undefined });
      expect(byDefault.invocations[0]!.interpretation).to.include({ outcome: 'failure' });
      expect(payloads(byDefault.deadLettered)).to.deep.equal(['a']);
      expect(durations(longest)).to.deep.equal([900_000]);
    });

    it('not where it answers a millisecond before', async () => {
      const result = await simulateQueue({ ...once, handler: () => after(2_999), messages: ['a'] });

      expect(messages(result)).to.deep.equal([undefined]);
      expect(durations(result)).to.deep.equal([2_999]);
    });

    it('and goes on: what it does late has happened when the simulation ends', async () => {
      const done: string[] = [];
      const result = await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        handler: async (event) => {
          await after(100_000);
          done.push(`${bodyOf(event)} at ${Date.now()}`);
          return { batchItemFailures: [] };
        },
      });
      const start = Date.parse('2026-01-01T00:00:00Z');

      expect(done).to.deep.equal([`a at ${start + 100_000}`, `b at ${start + 103_000}`]);
      expect(result.invocations.map(({ answer }) => answer)).to.deep.equal([undefined, undefined]);
      expect(payloads(result.deadLettered)).to.deep.equal(['a', 'b']);
    });

    it('and goes on beside the next delivery of the same message', async () => {
      const story: string[] = [];
      await simulateQueue({
        messages: ['a'],
        maxReceiveCount: 2,
        visibilityTimeoutMs: 3_000,
        ioWaitMs: 0,
        handler: async ({ Records }) => {
          const receive = Records[0]!.attributes.ApproximateReceiveCount;
          story.push(`begins ${receive}`);
          await after(receive === '1' ? 4_000 : 2_000);
          story.push(`ends ${receive}`);
        },
      });

      expect(story).to.deep.equal(['begins 1', 'begins 2', 'ends 1', 'ends 2']);
    });

    it('and what it throws late is of no concern', async () => {
      const unhandled = await unhandledRejections(async () => {
        const result = await simulateQueue({
          ...once,
          messages: ['a'],
          handler: async () => {
            await after(5_000);
            throw new Error('late');
          },
        });
        expect(messages(result)).to.deep.equal(['The function timed out after 3000 ms.']);
      });

      expect(unhandled).to.deep.equal([]);
    });
  });

  // Evidence: AWS's runtime interface client, 3.3.0 under Node.js 20 and 22, 4.0.2 under 24, against a Runtime API server.
  describe('hangs, with nothing left to wait for,', () => {
    const HUNG =
      'the function had not answered, and nothing was left to wait for (work that is not on this clock: see ioWaitMs)';
    const hanging: Record<string, () => unknown> = {
      'on a promise that nobody settles': forEver,
      'after a pause': () => after(500).then(forEver),
      'on an unreferenced timer': () => new Promise((resolve) => setTimeout(resolve, 500).unref()),
      'on the timeout of a signal, which is unreferenced': () => onceEmitted(AbortSignal.timeout(1_000), 'abort'),
      'on a timer that it has cleared': () => new Promise((resolve) => clearTimeout(setTimeout(resolve, 500))),
    };
    for (const [how, handler] of Object.entries(hanging)) {
      it(`${how}: the answer is null, by which every record is done`, async () => {
        const result = await simulateQueue({ ...once, handler, messages: ['a'] });
        const [invocation] = result.invocations;

        expect(invocation).to.include({ answer: null, error: undefined, hung: true });
        expect(invocation!.interpretation).to.deep.equal({
          outcome: 'success',
          returned: [],
          warnings: [`nodejs22.x answered null, which counts every record as done: ${HUNG}`],
        });
        expect(payloads(result.deleted)).to.deep.equal(['a']);
        expect(durations(result)).to.deep.equal([how === 'after a pause' ? 500 : 0]);
      });
    }

    it('which the timeline says, under the name of the runtime', async () => {
      const result = await simulateQueue({ ...once, handler: forEver, messages: ['a'], runtime: 'nodejs20.x' });

      expect(formatTimeline(result).split('\n')).to.deep.equal([
        '0.000 s  invocation 0  invoked  #0',
        `0.000 s  invocation 0  deleted  #0  nodejs20.x answered null, which counts every record as done: ${HUNG}`,
        '1 done, 0 dead-lettered, 0 remaining',
      ]);
    });

    it('which the timeline says of a stream too', async () => {
      const { timeline, deleted } = await simulateStream({ records: ['a'], ioWaitMs: 0, handler: forEver });

      expect(payloads(deleted)).to.deep.equal(['a']);
      expect(timeline.at(-1))
        .to.include({ what: 'checkpointed' })
        .and.to.have.property('reason')
        .that.includes('answered null');
    });

    it('and the runtime for Node.js 24 exits, so the batch comes back', async () => {
      const result = await simulateQueue({ ...once, handler: forEver, messages: ['a'], runtime: 'nodejs24.x' });

      expect(result.invocations[0]).to.include({ answer: undefined, hung: true });
      expect(messages(result)).to.deep.equal([`The runtime exited: ${HUNG}.`]);
      expect(payloads(result.deadLettered)).to.deep.equal(['a']);
      expect(result.timeline[1]).to.deep.include({
        what: 'returned',
        reason: `the invocation failed: The runtime exited: ${HUNG}.`,
      });
    });

    it('also where the mapping has no ReportBatchItemFailures', async () => {
      const result = await simulateQueue({
        ...once,
        handler: forEver,
        messages: ['a'],
        reportBatchItemFailures: false,
      });

      expect(result.invocations[0]!.interpretation!.warnings).to.have.length(1);
      expect(payloads(result.deleted)).to.deep.equal(['a']);
    });

    it('but a timer keeps it alive until its timeout: of this invocation, or left behind by one before', async () => {
      let calls = 0;
      const result = await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        handler: () => {
          if (++calls === 1) return void setInterval(() => undefined, 100);
          return forEver();
        },
      });

      expect(messages(result)).to.deep.equal([undefined, 'The function timed out after 3000 ms.']);
    });

    it('whatever timers another environment has', async () => {
      const result = await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        maximumConcurrency: 2,
        handler: (event) => (bodyOf(event) === 'a' ? forEver() : after(2_000)),
      });

      expect(durations(result)).to.deep.equal([0, 2_000]);
      expect(result.invocations.map(({ hung }) => hung)).to.deep.equal([true, false]);
    });

    it('and may be woken by the next invocation, after the answer', async () => {
      const gate = new Deferred();
      const story: string[] = [];
      const result = await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        handler: async (event) => {
          if (bodyOf(event) === 'b') gate.resolve();
          await gate.promise;
          story.push(`${bodyOf(event)} goes on`);
        },
      });

      expect(result.invocations.map(({ hung }) => hung)).to.deep.equal([true, false]);
      expect(story).to.deep.equal(['a goes on', 'b goes on']);
    });

    it('for which a batch of this library is not taken: it keeps the process alive, and times out', async () => {
      const common = { ...once, messages: ['a', 'b'], batchSize: 2, maximumConcurrency: 2 };
      const hang = async ({ body }: SQSRecord) => (body === 'a' ? forEver() : undefined);
      const processor = new BatchProcessor(EventType.SQS);
      const entries: Handler<SQSEvent>[] = [
        handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger() }, hang),
        (event, context) => processPartialResponse(event, hang, processor, { context }),
        async (event, context) => {
          await after(10); // such as a middleware
          return handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger() }, hang)(event, context);
        },
      ];
      for (const handler of entries) {
        const result = await simulateQueue({ ...common, handler });

        expect(messages(result)).to.deep.equal(['The function timed out after 3000 ms.']);
        expect(payloads(result.deadLettered)).to.deep.equal(['a', 'b']);
      }
    });

    it('as what stands around a batch of this library may, whatever other environments have', async () => {
      const entry = handlerFor<'SQS'>({ source: 'SQS', logger: fakeLogger() }, ({ body }) =>
        body === 'a' ? forEver() : undefined,
      );
      const result = await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        maximumConcurrency: 2,
        handler: async (event, context) => {
          await entry(event, context);
          await forEver();
        },
      });

      expect(messages(result)).to.deep.equal(['The function timed out after 3000 ms.', undefined]);
      expect(result.invocations.map(({ hung }) => hung)).to.deep.equal([false, true]);
    });

    it('under no other runtime than those', async () => {
      const error = await rejection(
        simulateQueue({ ...once, handler: forEver, messages: ['a'], runtime: 'nodejs18.x' as never }),
      );

      expect(error)
        .to.be.an.instanceOf(TypeError)
        .with.property(
          'message',
          "Expected runtime to be one of nodejs20.x, nodejs22.x, nodejs24.x, received 'nodejs18.x' (string).",
        );
    });
  });

  describe('has faults', () => {
    it('that are asked for before each invocation, throttled ones included', async () => {
      const asked: string[] = [];
      await simulateQueue({
        ...once,
        messages: ['a', 'b'],
        handler: () => undefined,
        faults: ({ index, event }) => {
          asked.push(`${index} ${bodyOf(event)}`);
          return index === 1 ? 'throttle' : undefined;
        },
      });

      expect(asked).to.deep.equal(['0 a', '1 b', '2 b']);
    });

    it('of which the result tells', async () => {
      const { invocations } = await simulateQueue({
        messages: ['a'],
        maxReceiveCount: 6,
        ioWaitMs: 0,
        faults: inOrder('throttle', 'crash', 'timeout', 'duplicate', 'coldStart'),
        handler: () => undefined,
      });

      expect(invocations.map(({ fault }) => fault)).to.deep.equal([
        'throttle',
        'crash',
        'timeout',
        'duplicate',
        'coldStart',
      ]);
    });

    it('such as a crash: the work is done, and the answer never arrives', async () => {
      const done: string[] = [];
      const result = await simulateQueue({
        ...once,
        maxReceiveCount: 2,
        messages: ['a'],
        faults: inOrder('crash'),
        handler: async (event) => {
          await after(700);
          done.push(bodyOf(event));
          return { batchItemFailures: [] };
        },
      });

      expect(done).to.deep.equal(['a', 'a']);
      expect(durations(result)).to.deep.equal([700, 700]);
      expect(messages(result)).to.deep.equal(['The execution environment crashed.', undefined]);
      expect(result.invocations[0]).to.include({ answer: undefined });
      expect(result.deliveries.map(({ outcome }) => outcome)).to.deep.equal(['returned', 'deleted']);
    });

    it('such as a timeout: the work is done, which is known when the time is over', async () => {
      const done: string[] = [];
      const result = await simulateQueue({
        ...once,
        maxReceiveCount: 2,
        messages: ['a'],
        faults: inOrder('timeout'),
        handler: async (event) => {
          await after(700);
          done.push(bodyOf(event));
          return { batchItemFailures: [] };
        },
      });

      expect(done).to.deep.equal(['a', 'a']);
      expect(durations(result)).to.deep.equal([3_000, 700]);
      expect(messages(result)).to.deep.equal(['The function timed out after 3000 ms.', undefined]);
      expect(result.invocations[0]).to.include({ answer: undefined });
      expect(payloads(result.deleted)).to.deep.equal(['a']);
    });

    it('such as a crash or a timeout of a function that hangs: nothing is answered then', async () => {
      const hanging = { ...once, messages: ['a'], handler: forEver };
      const crash = await simulateQueue({ ...hanging, faults: inOrder('crash') });
      const timeout = await simulateQueue({ ...hanging, faults: inOrder('timeout') });

      expect([durations(crash), durations(timeout)]).to.deep.equal([[0], [3_000]]);
      expect([...messages(crash), ...messages(timeout)]).to.deep.equal([
        'The execution environment crashed.',
        'The function timed out after 3000 ms.',
      ]);
      expect([...payloads(crash.deadLettered), ...payloads(timeout.deadLettered)]).to.deep.equal(['a', 'a']);
    });

    it('such as a throttle: it does not run, and there is no cold start', async () => {
      const handler = sinon.stub();
      const coldStart = sinon.stub().returns(handler);
      const result = await simulateQueue({
        ...once,
        messages: ['a'],
        maxInvocations: 1,
        faults: () => 'throttle',
        handler,
        coldStart,
      });

      sinon.assert.notCalled(handler);
      sinon.assert.notCalled(coldStart);
      expect(result.invocations).to.have.length(1);
      expect(result.invocations[0]).to.include({
        at: 0,
        endedAt: 0,
        fault: 'throttle',
        cold: false,
        answer: undefined,
        error: undefined,
        interpretation: undefined,
      });
    });

    for (const [what, fault] of Object.entries({ boom: 'boom', null: null, 'a promise': Promise.resolve('crash') })) {
      it(`but none that it does not know, such as ${what}`, async () => {
        const error = await rejection(
          simulateQueue({ ...once, messages: ['a'], handler: () => undefined, faults: () => fault as FaultName }),
        );

        expect(error)
          .to.be.an.instanceOf(TypeError)
          .with.property('message')
          .that.matches(
            /^Expected a fault to be one of undefined, crash, timeout, throttle, duplicate, coldStart, received /,
          );
      });
    }

    it('and a simulation rejects with what the faults throw', async () => {
      const error = new Error('no fault of mine');
      const faults = () => {
        throw error;
      };

      expect(await rejection(simulateQueue({ ...once, messages: ['a'], handler: () => undefined, faults }))).to.equal(
        error,
      );
    });
  });

  describe('has execution environments', () => {
    /** A factory of entries, each of which notes who was called with what. */
    function environments(work: (body: string) => unknown = () => undefined) {
      let made = 0;
      const calls: string[] = [];
      const coldStart = (): Handler<SQSEvent> => {
        const name = `environment ${made++}`;
        return (event) => {
          calls.push(`${name}: ${bodyOf(event)}`);
          return work(bodyOf(event));
        };
      };
      const handler = sinon.stub().throws(new Error('Expected an entry of coldStart to be called.'));
      return { coldStart, handler, calls };
    }

    it('of which the first is cold, and then serves every invocation', async () => {
      const { calls, ...entry } = environments();
      const result = await simulateQueue({ ...once, ...entry, messages: ['a', 'b', 'c'] });

      expect(calls).to.deep.equal(['environment 0: a', 'environment 0: b', 'environment 0: c']);
      expect(colds(result)).to.deep.equal([true, false, false]);
    });

    it('that are as many as invocations run at once', async () => {
      const { calls, ...entry } = environments(() => after(10));
      const result = await simulateQueue({
        ...once,
        ...entry,
        messages: ['a', 'b', 'c', 'd'],
        maximumConcurrency: 2,
      });

      expect(calls.map((call) => call.split(':')[0])).to.have.members([
        'environment 0',
        'environment 0',
        'environment 1',
        'environment 1',
      ]);
      expect(colds(result)).to.deep.equal([true, true, false, false]);
    });

    it('that stay warm when the function throws', async () => {
      const { calls, ...entry } = environments((body) => {
        if (body === 'a') throw new Error('no');
      });
      const result = await simulateQueue({ ...once, ...entry, messages: ['a', 'b'] });

      expect(calls).to.deep.equal(['environment 0: a', 'environment 0: b']);
      expect(colds(result)).to.deep.equal([true, false]);
    });

    it('that stay warm while the function is throttled', async () => {
      const { calls, ...entry } = environments();
      const result = await simulateQueue({
        ...once,
        ...entry,
        messages: ['a', 'b'],
        faults: inOrder(undefined, 'throttle'),
      });

      expect(calls).to.deep.equal(['environment 0: a', 'environment 0: b']);
      expect(colds(result)).to.deep.equal([true, false, false]);
    });

    for (const fault of ['crash', 'timeout'] as const) {
      it(`that are gone after a ${fault}`, async () => {
        const { calls, ...entry } = environments();
        const result = await simulateQueue({ ...once, ...entry, messages: ['a', 'b'], faults: inOrder(fault) });

        expect(calls).to.deep.equal(['environment 0: a', 'environment 1: b']);
        expect(colds(result)).to.deep.equal([true, true]);
      });
    }

    it('that are gone when the function has timed out', async () => {
      const { calls, ...entry } = environments((body) => (body === 'a' ? after(4_000) : undefined));
      const result = await simulateQueue({ ...once, ...entry, messages: ['a', 'b'] });

      expect(calls).to.deep.equal(['environment 0: a', 'environment 1: b']);
      expect(colds(result)).to.deep.equal([true, true]);
    });

    for (const [runtime, environment] of [
      ['nodejs22.x', 'that stay warm where the runtime answers for a function that hangs'],
      ['nodejs24.x', 'that are gone where the runtime exits because the function hangs'],
    ] as const) {
      it(environment, async () => {
        const { calls, ...entry } = environments((body) => (body === 'a' ? forEver() : undefined));
        const result = await simulateQueue({ ...once, ...entry, runtime, messages: ['a', 'b'] });
        const isWarm = runtime === 'nodejs22.x';

        expect(calls).to.deep.equal(['environment 0: a', isWarm ? 'environment 0: b' : 'environment 1: b']);
        expect(colds(result)).to.deep.equal([true, !isWarm]);
      });
    }

    it('of which a coldStart makes another one, and leaves the warm one warm', async () => {
      const { calls, ...entry } = environments();
      const result = await simulateQueue({
        ...once,
        ...entry,
        messages: ['a', 'b', 'c', 'd'],
        faults: inOrder(undefined, 'coldStart'),
      });

      expect(calls).to.deep.equal(['environment 0: a', 'environment 1: b', 'environment 1: c', 'environment 1: d']);
      expect(colds(result)).to.deep.equal([true, true, false, false]);
    });

    it('that share the handler where there is no coldStart', async () => {
      const handler = sinon.stub();
      const result = await simulateQueue({ ...once, handler, messages: ['a', 'b'], faults: inOrder('crash') });

      sinon.assert.calledTwice(handler);
      expect(colds(result)).to.deep.equal([true, true]);
    });

    it('whose start may fail, which fails the invocation and is tried again', async () => {
      const handler = sinon.stub();
      const error = new Error('no configuration');
      const coldStart = sinon.stub().returns(handler).onFirstCall().throws(error);
      const result = await simulateQueue({ ...once, handler, coldStart, messages: ['a', 'b'] });

      expect(result.invocations.map((invocation) => invocation.error)).to.deep.equal([error, undefined]);
      expect(colds(result)).to.deep.equal([true, true]);
      expect(payloads(result.deadLettered)).to.deep.equal(['a']);
      expect(payloads(result.deleted)).to.deep.equal(['b']);
    });
  });

  it('crashes with all that runs in it where the callback of a timer throws, and comes back in a new environment', async () => {
    let calls = 0;
    const { invocations, deleted } = await simulateQueue({
      messages: ['a'],
      handler: async () => {
        if (++calls === 1) setTimeout(() => void JSON.parse('{'), 10);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { batchItemFailures: [] };
      },
    });

    expect(invocations.map(({ at, endedAt, cold }) => [at, endedAt, cold])).to.deep.equal([
      [0, 10, true],
      [30_000, 30_100, true],
    ]);
    expect(invocations[0]!.error).to.be.an('error').with.property('cause').that.is.an('error');
    expect(invocations[0]!.error!.message).to.match(/^The execution environment crashed: /);
    expect(deleted).to.have.length(1);
  });

  it('that only waits for timers without delay is stopped by its timeout nevertheless', async () => {
    const { invocations } = await simulateQueue({
      messages: ['a'],
      maxInvocations: 1,
      functionTimeoutMs: 5,
      ioWaitMs: 0,
      handler: async () => {
        for (;;) await new Promise((resolve) => setTimeout(resolve, 0));
      },
    });

    expect(invocations[0]!.error).to.have.property('message', 'The function timed out after 5 ms.');
  });

  it('that returns an error instead of throwing it loses the batch, as it does in Lambda', async () => {
    const { deleted, invocations } = await simulateQueue({ messages: ['a'], handler: () => new Error('returned') });

    expect(deleted).to.have.length(1);
    expect(invocations[0]).to.have.property('error', undefined);
    expect(invocations[0]!.interpretation!.outcome).to.equal('success');
  });

  it('is not called any more when the simulation has rejected', async () => {
    let calls = 0;
    const gate = new Deferred();
    const error = new Error('no fault of mine');
    const simulation = simulateQueue({
      ...once,
      messages: ['a', 'b', 'c', 'd'],
      maximumConcurrency: 2,
      handler: () => {
        calls++;
        return gate.promise;
      },
      faults: ({ index }) => {
        if (index === 1) throw error;
        return undefined;
      },
    });
    expect(await rejection(simulation)).to.equal(error);
    gate.resolve();
    for (let turns = 0; turns < 10; turns++) await settled();

    expect(calls).to.equal(1);
  });
});
