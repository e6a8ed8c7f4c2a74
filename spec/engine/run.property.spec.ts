import vm from 'node:vm';

import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { Deadline } from '../../lib/engine/deadline';
import { byKey, firstFailureStops, type Ordering, parallel, sequential } from '../../lib/engine/ordering';
import type { Outcome } from '../../lib/engine/outcome';
import { report } from '../../lib/engine/report';
import { type Job, run, runSync } from '../../lib/engine/run';
import { errorOf, Failure, keeping, kept, plainJudge, revokedProxy, unhandledRejections } from '../support/engine';
import { Deferred, settled } from '../support/promises';

/** What records return and throw here, by name so that a counterexample can be read. */
const values: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  'an empty string': '',
  zero: -0,
  NaN: Number.NaN,
  'a symbol': Symbol('odd'),
  'a function': () => 'odd',
  'an error': new Error('an error'),
  'a frozen error': Object.freeze(new Error('frozen')),
  'an error of another realm': vm.runInNewContext('new Error("elsewhere")') as unknown,
  'no prototype': Object.create(null) as unknown,
};
const thrownValues: Record<string, unknown> = { ...values, 'a revoked proxy': revokedProxy() };

type How = 'returns' | 'throws' | 'resolves' | 'rejects' | 'thenable resolves' | 'thenable rejects';
const synchronous: How[] = ['returns', 'throws'];

/** How one record of a batch ends. */
interface Plot {
  readonly key: string | undefined;
  readonly how: How;
  /** The name of the value it returns or throws. */
  readonly value: string;
  /** Whether the job takes a returned value for a failure, as it does a fail tuple. */
  readonly refused: boolean;
}

const isThrown = ({ how }: Plot) => how === 'throws' || how === 'rejects' || how === 'thenable rejects';
const fails = (plot: Plot) => isThrown(plot) || plot.refused;
const valueOf = (plot: Plot) => (isThrown(plot) ? thrownValues : values)[plot.value];

/** The records that a record shares its lane with; its own index where it has one to itself. */
function laneOf(index: number, plots: readonly Plot[], { lane }: Ordering): unknown {
  if (lane === 'record') return index;
  return lane === 'batch' ? 'the batch' : plots[index]!.key;
}

/** For each record the index of the failure that keeps it from running, if there is one: whatever settles when. */
function stoppers(plots: readonly Plot[], ordering: Ordering): (number | undefined)[] {
  const stopped = new Map<unknown, number>();
  return plots.map((plot, index) => {
    const lane = laneOf(index, plots, ordering);
    const stopper = stopped.get(lane);
    if (stopper === undefined && ordering.failureStopsLane && fails(plot)) stopped.set(lane, index);
    return stopper;
  });
}

/** Plays a batch as its plots say, settles what runs when it is told, and watches the engine at every step. */
class Play implements Job {
  readonly count: number;
  readonly started: number[] = [];
  /** Running by the engine's own account: started, and not yet judged. */
  readonly running = new Set<number>();
  readonly finished = new Set<number>();
  /** The rules that the engine broke: thrown errors would be taken for failures of a record. */
  readonly broken: string[] = [];
  /** Whether the deadline has come, so that nothing may start. */
  isLate = false;
  readonly #endings = new Map<number, Deferred<unknown>>();

  constructor(
    readonly plots: readonly Plot[],
    readonly ordering: Ordering,
  ) {
    this.count = plots.length;
  }

  keyOf = (index: number): string | undefined => this.plots[index]!.key;

  attempt = (index: number): unknown => {
    this.#checkStart(index);
    this.started.push(index);
    this.running.add(index);
    const plot = this.plots[index]!;
    const value = valueOf(plot);
    if (plot.how === 'throws') throw value;
    if (plot.how === 'returns') return value;
    const ending = new Deferred<unknown>();
    this.#endings.set(index, ending);
    const { promise } = ending;
    return plot.how.startsWith('thenable') ? { then: promise.then.bind(promise) } : promise;
  };

  returned = (index: number, value: unknown): Outcome => {
    this.#checkEnd(index, value, false);
    return this.plots[index]!.refused ? { status: 'failure', error: new Failure(value) } : keeping(value);
  };

  threw = (index: number, thrown: unknown): Outcome => {
    this.#checkEnd(index, thrown, true);
    return plainJudge.threw(index, thrown);
  };

  /** The records that wait for the play to settle them. */
  get held(): number[] {
    return [...this.#endings.keys()];
  }

  settle(index: number): void {
    const plot = this.plots[index]!;
    const ending = this.#endings.get(index)!;
    this.#endings.delete(index);
    if (isThrown(plot)) ending.reject(valueOf(plot));
    else ending.resolve(valueOf(plot));
  }

  /** Once nothing moves, nothing may wait that could run. */
  checkIdle(): void {
    if (this.isLate || this.running.size >= this.ordering.concurrency) return;
    for (let index = 0; index < this.count; index++) {
      if (this.#mayStart(index)) this.broken.push(`${index} waits while only ${this.running.size} run`);
    }
  }

  #checkStart(index: number): void {
    if (this.isLate) this.broken.push(`${index} starts after the deadline`);
    if (this.started.includes(index)) this.broken.push(`${index} is attempted twice`);
    if (this.running.size >= this.ordering.concurrency) this.broken.push(`${index} starts beside too many`);
    if (!this.#mayStart(index)) this.broken.push(`${index} starts before its lane is ready`);
    const last = this.started.at(-1) ?? -1;
    if (this.ordering.concurrency === 1 && index < last) this.broken.push(`${index} starts after ${last}`);
  }

  #checkEnd(index: number, value: unknown, thrown: boolean): void {
    const plot = this.plots[index]!;
    if (!this.running.delete(index)) this.broken.push(`${index} is judged without running`);
    this.finished.add(index);
    if (thrown !== isThrown(plot) || !Object.is(value, valueOf(plot))) this.broken.push(`${index} is misheard`);
  }

  /** Not started, and all records before it in its lane have finished, without a failure that stops the lane. */
  #mayStart(index: number): boolean {
    if (this.running.has(index) || this.finished.has(index)) return false;
    const lane = laneOf(index, this.plots, this.ordering);
    for (let earlier = 0; earlier < index; earlier++) {
      if (laneOf(earlier, this.plots, this.ordering) !== lane) continue;
      if (!this.finished.has(earlier)) return false;
      if (this.ordering.failureStopsLane && fails(this.plots[earlier]!)) return false;
    }
    return true;
  }
}

/** Whether the outcomes are those of the plots; the first that is not, in words. */
function firstWrong(outcomes: readonly Outcome[], plots: readonly Plot[], ordering: Ordering): string | undefined {
  const stoppedBy = stoppers(plots, ordering);
  for (const [index, plot] of plots.entries()) {
    // Not `entries` of the outcomes: a hole is no outcome.
    const outcome = Object.hasOwn(outcomes, index) ? outcomes[index] : undefined;
    const stopper = stoppedBy[index];
    const expected = stopper !== undefined ? 'unprocessed' : fails(plot) ? 'failure' : 'success';
    if (outcome?.status !== expected) return `${index}: expected ${expected}, received ${String(outcome?.status)}`;
    if (stopper !== undefined) {
      if (errorOf(outcome) !== errorOf(outcomes[stopper])) return `${index}: expected the cause to be of ${stopper}`;
    } else {
      const told = outcome.status === 'success' ? kept(outcome) : (errorOf(outcome) as Failure).thrown;
      if (!Object.is(told, valueOf(plot))) return `${index}: expected ${plot.value}`;
    }
  }
  return undefined;
}

/** What tells two lists of outcomes apart that should be equal. */
const essence = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) =>
    outcome.status === 'success' ? outcome : { status: outcome.status, thrown: (errorOf(outcome) as Failure).thrown },
  );

function sameEssence(some: readonly Outcome[], others: readonly Outcome[]): boolean {
  const [left, right] = [essence(some), essence(others)] as Record<string, unknown>[][];
  return (
    left!.length === right!.length &&
    left!.every((one, index) =>
      ['status', 'value', 'thrown'].every((part) => Object.is(one[part], right![index]![part])),
    )
  );
}

const concurrencies = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.constant(Infinity));
const orderings: fc.Arbitrary<Ordering> = fc.oneof(
  concurrencies.map(parallel),
  fc.constant(sequential),
  fc.constant(firstFailureStops),
  { weight: 3, arbitrary: concurrencies.map(byKey) },
);

/** Batches with few keys, so that lanes are long, or with many. */
function batches(hows: How[] = [...synchronous, 'resolves', 'rejects', 'thenable resolves', 'thenable rejects']) {
  const few = fc.constantFrom('a', 'b', '', '__proto__', undefined);
  const many = fc.option(fc.string({ maxLength: 3 }), { nil: undefined });
  const endings = hows.map((how) => ({
    // Mostly successes: a batch that stops at once shows little.
    weight: how === 'throws' || how.endsWith('rejects') ? 1 : 3,
    arbitrary: fc.constant(how),
  }));
  return fc.constantFrom(few, many).chain((key) =>
    fc.array(
      fc.record({
        key,
        how: fc.oneof(...endings),
        value: fc.constantFrom(...Object.keys(values)),
        refused: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      }),
      { maxLength: 40, size: 'max' },
    ),
  );
}

/** Which of the running records settle next: some at once, before the engine hears of the first. */
const steps = fc.array(fc.record({ pick: fc.nat(), together: fc.integer({ min: 1, max: 3 }) }), { maxLength: 20 });
type Steps = readonly { readonly pick: number; readonly together: number }[];

/** Settles what runs, in the order of the steps, until nothing runs or `isOver` says so. */
async function playOut(play: Play, order: Steps, isOver: (step: number) => boolean = () => false): Promise<void> {
  for (let step = 0; ; step++) {
    await settled();
    if (isOver(step) || play.held.length === 0) return;
    play.checkIdle();
    const { pick, together } = order[step % order.length] ?? { pick: 0, together: 1 };
    for (let nth = 0; nth < together && play.held.length > 0; nth++) {
      play.settle(play.held[(pick + nth) % play.held.length]!);
    }
  }
}

describe('For any batch, ordering, failures and completion order, a run', () => {
  it('gives every record exactly one outcome, its own, and keeps lanes, limits and arrival order (3c 9, 3c 28)', async () => {
    await fc.assert(
      fc.asyncProperty(batches(), orderings, steps, async (plots, ordering, order) => {
        const play = new Play(plots, ordering);
        let outcomes: Outcome[] | undefined;
        void run(play).then((all) => (outcomes = all));
        await playOut(play, order);

        expect(play.broken).to.deep.equal([]);
        expect(outcomes, 'the run ends').to.have.lengthOf(plots.length);
        expect(firstWrong(outcomes!, plots, ordering)).to.be.undefined;
        const attempted = stoppers(plots, ordering).flatMap((stopper, index) => (stopper === undefined ? [index] : []));
        expect(play.started.toSorted((a, b) => a - b)).to.deep.equal(attempted);
      }),
      { numRuns: 500 },
    );
  });

  it('ends with the same outcomes whatever order a scheduler chooses', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches(['returns', 'throws']),
        orderings,
        fc.scheduler(),
        async (plots, ordering, scheduler) => {
          const attempt = (index: number) =>
            scheduler.schedule(Promise.resolve(), String(index)).then(() => {
              const plot = plots[index]!;
              if (isThrown(plot)) throw valueOf(plot);
              return valueOf(plot);
            });
          const play = new Play(plots, ordering);
          const { returned, threw, keyOf, count } = play;
          const lively: Job = {
            count,
            ordering,
            keyOf,
            attempt: (index) => (play.running.add(index), attempt(index)),
            returned,
            threw,
          };

          expect(firstWrong(await scheduler.waitFor(run(lively)), plots, ordering)).to.be.undefined;
          expect(play.broken).to.deep.equal([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is reported as its outcomes are: all that did not succeed, in record order, each identifier once', async () => {
    const named = batches().chain((plots) =>
      fc.record({
        plots: fc.constant(plots),
        identifiers: fc.array(
          fc.option(fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz')), { nil: undefined, freq: 8 }),
          {
            minLength: plots.length,
            maxLength: plots.length,
          },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(named, orderings, steps, async ({ plots, identifiers }, ordering, order) => {
        const play = new Play(plots, ordering);
        const outcomes = run(play);
        await playOut(play, order);
        const answer = report<string>(identifiers, await outcomes, String);

        const stoppedBy = stoppers(plots, ordering);
        const lost = plots.flatMap((plot, index) => (stoppedBy[index] !== undefined || fails(plot) ? [index] : []));
        const expected = new Set(lost.map((index) => identifiers[index]));
        expected.delete(undefined);
        expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.deep.equal([...expected]);
        expect(answer.unidentified).to.deep.equal(lost.filter((index) => identifiers[index] === undefined));
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with the sync driver on attempts that are synchronous', async () => {
    await fc.assert(
      fc.asyncProperty(batches(synchronous), orderings, async (plots, ordering) => {
        const play = new Play(plots, ordering);
        const outcomes = runSync(play);

        expect(play.broken).to.deep.equal([]);
        expect(outcomes).to.have.lengthOf(plots.length);
        expect(firstWrong(outcomes, plots, ordering)).to.be.undefined;
        const other = new Play(plots, ordering);
        expect(sameEssence(await run(other), outcomes)).to.be.true;
        expect(other.started.toSorted((a, b) => a - b)).to.deep.equal(play.started.toSorted((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });
});

describe('Whenever the deadline comes, a run', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    sinon.restore();
  });

  it('keeps what finished, fails what runs with its reason, and leaves the rest unprocessed (3c 18)', async () => {
    const moments = fc.record({ step: fc.nat({ max: 12 }), byTimer: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(batches(), orderings, steps, moments, async (plots, ordering, order, { step, byTimer }) => {
        const reason = new Error('time is up');
        let left = 1_000;
        const play = new Play(plots, ordering);
        const { attempt, returned, threw } = play;
        const job: Job = {
          count: plots.length,
          ordering,
          keyOf: play.keyOf,
          attempt,
          returned,
          threw: (index, thrown) => (thrown === reason ? plainJudge.threw(index, thrown) : threw(index, thrown)),
        };
        let outcomes: Outcome[] | undefined;
        void run(job, new Deadline({ remaining: () => left, reserve: 0, reason: () => reason })).then(
          (all) => (outcomes = all),
        );
        await playOut(play, order, (now) => {
          if (now < step) return outcomes !== undefined;
          left = 0;
          play.isLate = true;
          if (byTimer) timers.tick(1_000);
          // Without the timer, the clock is looked at before the next record starts.
          return byTimer || outcomes !== undefined;
        });
        // Twice, because an engine may let finish what finishes in this turn.
        await settled();
        await settled();

        expect(play.broken).to.deep.equal([]);
        expect(outcomes, 'the run ends').to.have.lengthOf(plots.length);
        expect(timers.countTimers()).to.equal(0);
        const stoppedBy = stoppers(plots, ordering);
        for (const [index, outcome] of outcomes!.entries()) {
          if (play.finished.has(index)) {
            expect(outcome.status).to.equal(fails(plots[index]!) ? 'failure' : 'success');
          } else if (play.running.has(index)) {
            expect(outcome.status).to.equal('failure');
            expect((errorOf(outcome) as Failure).thrown).to.equal(reason);
          } else {
            expect(outcome.status).to.equal('unprocessed');
            const stopper = stoppedBy[index];
            const causes = [reason, stopper === undefined ? undefined : errorOf(outcomes![stopper])];
            expect(causes.includes(errorOf(outcome))).to.be.true;
          }
        }

        const answer = [...outcomes!];
        const { started } = play;
        const startedThen = started.length;
        const unhandled = await unhandledRejections(async () => {
          for (const index of play.held) play.settle(index);
          await settled();
        });
        expect(outcomes!.every((outcome, index) => outcome === answer[index])).to.be.true;
        expect(unhandled).to.be.empty;
        expect(started).to.have.lengthOf(startedThen);
        expect(play.broken).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });
});
