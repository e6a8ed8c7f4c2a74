import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { FullBatchFailureError } from '../../lib';
import { environment } from '../support/environment';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { asyncWays, type Handle, type Options, syncWays } from '../support/module-entries';
import { Deferred, rejection, settled } from '../support/promises';

const shapes: readonly [string, Options][] = [
  ['a standard queue', {}],
  ['a FIFO queue', { fifo: true }],
  ['FIFO groups', { fifo: true, skipGroupOnError: true }],
];

/** The batches of three invocations, each of which fails elsewhere: `a1 bad`, where `a` is the message group. */
const batches = [
  ['a1 bad', 'b1', 'a2', 'c1'],
  ['d1', 'e1 bad', 'd2', 'e2'],
  ['f1', 'g1', 'f2', 'g2'],
] as const;

/** What has to be reported of each of the batches. */
const reported: Record<string, readonly string[][]> = {
  'a standard queue': [['a1 bad'], ['e1 bad'], []],
  'a FIFO queue': [['a1 bad', 'b1', 'a2', 'c1'], ['e1 bad', 'd2', 'e2'], []],
  'FIFO groups': [['a1 bad', 'a2'], ['e1 bad', 'e2'], []],
};

const fails = ({ body }: SQSRecord): void => {
  if (body.endsWith('bad')) throw new Error(`no ${body}`);
};

for (const maxConcurrency of [undefined, '10']) {
  const which = maxConcurrency === undefined ? 'without' : 'with';

  describe(`Invocations that overlap in one module, ${which} AWS_LAMBDA_MAX_CONCURRENCY`, () => {
    environment({ AWS_LAMBDA_MAX_CONCURRENCY: maxConcurrency });

    for (const [way, make] of Object.entries(asyncWays)) {
      const handsOnSignals = way.startsWith('@BatchHandler');

      describe(`in ${way}`, () => {
        for (const [shape, options] of shapes) {
          it(`answer each for itself, in whatever order they end: ${shape}`, async () => {
            const gates = new Map(batches.flat().map((body) => [body as string, new Deferred()]));
            const seen: [string, string][] = [];
            const entry = make(
              async (record, { awsRequestId }) => {
                seen.push([record.body, awsRequestId]);
                await gates.get(record.body)!.promise;
                fails(record);
              },
              { ...options, throwOnFullBatchFailure: false, logger: fakeLogger() },
            );
            const answers = batches.map((bodies, id) =>
              entry(fifoEvent(...bodies), { ...lambdaContext(), awsRequestId: `request ${id}` }),
            );
            // The last invocation ends first, and the records of the others take turns.
            for (const body of [...batches[2], ...batches[0].flatMap((first, index) => [batches[1][index]!, first])]) {
              gates.get(body)!.resolve();
              await settled();
            }

            expect(await Promise.all(answers)).to.deep.equal(reported[shape]!.map((bodies) => reporting(...bodies)));
            for (const [body, request] of seen) {
              expect(request).to.equal(`request ${batches.findIndex((bodies) => bodies.includes(body as never))}`);
            }
          });
        }

        it('fail each for itself, with its own errors', async () => {
          const gate = new Deferred();
          const handle: Handle = async (record) => {
            await gate.promise;
            fails(record);
          };
          const entry = make(handle, { logger: fakeLogger() });
          const whole = [sqsEvent('a bad', 'b bad'), sqsEvent('c bad')].map((event) => entry(event, lambdaContext()));
          const partial = entry(sqsEvent('d', 'e bad'), lambdaContext());
          const errors = Promise.all(whole.map(rejection));
          await settled();
          gate.resolve();

          expect(
            (await errors).map((error) => (error as FullBatchFailureError).recordErrors.map(({ message }) => message)),
          ).to.deep.equal([['no a bad', 'no b bad'], ['no c bad']]);
          expect(await partial).to.deep.equal(reporting('e bad'));
        });

        it('log each failure once, under its own identifier', async () => {
          const gate = new Deferred();
          const logger = fakeLogger();
          const handle: Handle = async (record) => {
            await gate.promise;
            fails(record);
          };
          const entry = make(handle, { fifo: true, throwOnFullBatchFailure: false, logger });
          const answers = batches.map((bodies) => entry(fifoEvent(...bodies), lambdaContext()));
          await settled();
          gate.resolve();
          await Promise.all(answers);

          expect(logger.error.args.map(([message, error]) => [message, (error as Error).message])).to.have.deep.members(
            [
              ['Record id-a1 bad failed (receive 1).', 'no a1 bad'],
              ['Record id-e1 bad failed (receive 1).', 'no e1 bad'],
            ],
          );
          expect(logger.warn.args.map(([message]) => message.slice(0, 6))).to.have.members(['3 of 4', '2 of 4']);
        });

        it('stop each at its own timeout, and never at that of another', async () => {
          const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
          try {
            const gates = { slow: new Deferred(), other: new Deferred() };
            const signals = new Map<string, AbortSignal | undefined>();
            const handle: Handle = async ({ body }, _context, signal) => {
              signals.set(body, signal);
              if (body in gates) await gates[body as keyof typeof gates].promise;
              if (body === 'hangs') await new Promise(() => undefined);
            };
            const entry = make(handle, { stopBeforeTimeout: 500, logger: fakeLogger() });
            const invoke = (timeoutMs: number, ...bodies: string[]) => {
              const end = Date.now() + timeoutMs;
              return entry(
                sqsEvent(...bodies),
                lambdaContext(() => end - Date.now()),
              );
            };
            const early = invoke(1_000, 'a', 'hangs');
            const late = invoke(3_000, 'b', 'slow');
            const latest = invoke(2_000, 'c', 'other');
            await settled();
            gates.other.resolve();
            await clock.tickAsync(1_000);

            expect(await early).to.deep.equal(reporting('hangs'));
            expect(await latest).to.deep.equal(reporting());
            const aborted = [...signals].filter(([, signal]) => signal?.aborted).map(([body]) => body);
            expect(aborted).to.deep.equal(handsOnSignals ? ['a', 'hangs'] : []);
            gates.slow.resolve();
            expect(await late).to.deep.equal(reporting());
            await clock.tickAsync(10_000);
            expect(signals.get('slow')?.aborted).to.equal(handsOnSignals ? false : undefined);
          } finally {
            clock.restore();
          }
        });
      });
    }

    for (const [way, make] of Object.entries(syncWays)) {
      for (const [shape, options] of shapes) {
        it(`answer each for itself in ${way}: ${shape}`, async () => {
          const entry = make(fails, { ...options, throwOnFullBatchFailure: false, logger: fakeLogger() });
          const answers = await Promise.all(batches.map((bodies) => entry(fifoEvent(...bodies), lambdaContext())));

          expect(answers).to.deep.equal(reported[shape]!.map((bodies) => reporting(...bodies)));
        });
      }
    }

    describe('in a process of its own, under the runtime of Lambda', function () {
      this.timeout(60_000); // Each spec starts a process that compiles

      let out: Record<string, { answers: unknown[]; lines: Record<string, unknown>[] }>;

      before(() => {
        // Powertools writes lines, metrics among them, to the console.
        const powertools = { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' };
        const env = { ...process.env, ...powertools, AWS_LAMBDA_MAX_CONCURRENCY: maxConcurrency };
        const script = join(__dirname, '../support/managed-instance.ts');
        const command = ['-r', 'ts-node/register', script, JSON.stringify(batches)];
        const options = { env, encoding: 'utf8', stdio: 'pipe' } as const;
        out = JSON.parse(execFileSync(process.execPath, command, options)) as typeof out;
      });

      for (const way of Object.keys(asyncWays)) {
        it(`answer each for itself in ${way}`, () => {
          expect(out[way]!.answers).to.deep.equal(reported['a standard queue']!.map((bodies) => reporting(...bodies)));
        });

        if (maxConcurrency === undefined) continue;

        it(`have each their own keys and context in Powertools Logger, and their own metrics: ${way}`, () => {
          const { lines } = out[way]!;
          for (const bodies of batches) {
            const own = lines.filter(({ message }) => (bodies as readonly unknown[]).includes(message));
            const request = `request ${batches.indexOf(bodies)}`;
            expect(
              own.map(({ message, function_request_id, batch }) => [message, function_request_id, batch]),
            ).to.deep.equal(bodies.map((body) => [body, request, bodies[0]]));
          }
          expect(
            lines.filter((line) => '_aws' in line).map(({ batch, orders }) => [batch, orders]),
          ).to.have.deep.members(batches.map((bodies) => [bodies[0], Array(bodies.length).fill(1)]));
        });
      }
    });
  });
}

describe('Worker threads, of which Managed Instances have several', () => {
  it('warn once each of what is wrong with the settings, however many invocations overlap there', async function () {
    this.timeout(60_000); // each compiles
    const script = join(__dirname, '../support/warning-worker.ts');
    const warningsOf = () =>
      new Promise<unknown>((resolve, reject) => {
        const worker = new Worker(script, { execArgv: ['-r', 'ts-node/register'] });
        worker.once('message', resolve).once('error', reject);
      });

    const warning =
      'The queue orders.fifo is a FIFO queue, but its messages are not processed in FIFO order: set fifo: true.';
    expect(await Promise.all([warningsOf(), warningsOf()])).to.deep.equal([[warning], [warning]]);
  });
});
