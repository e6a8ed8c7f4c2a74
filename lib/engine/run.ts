import { Deadline } from './deadline';
import type { Ordering } from './ordering';
import type { Outcome } from './outcome';
import { Schedule } from './schedule';

/** The records of one batch, by index, and what running one means. */
export interface Job {
  readonly count: number;
  readonly ordering: Ordering;
  /** The key of a record, for lanes by key; undefined is a key like any other. */
  keyOf: (index: number) => string | undefined;
  /**
   * Which other records join the attempt of a record: `next` gives the index of each that may start now, or -1. Where it is
   * absent, each record has an attempt of its own.
   */
  gather?: (index: number, next: () => number) => readonly number[];
  /** Runs one record, and those that joined it. Whatever it throws, or rejects with, is the failure of each. */
  attempt: (index: number, others?: readonly number[]) => unknown;
  /** Judges, for each record, what its `attempt` returned or resolved to; where it throws, the record has failed. */
  returned: (index: number, value: unknown) => Outcome;
  /** Judges what `attempt` threw or rejected with; where it throws, the record has failed all the same. */
  threw: (index: number, thrown: unknown) => Outcome;
}

/** Runs every record and resolves to one outcome a record, in record order. It never rejects. */
export function run(job: Job, deadline = new Deadline()): Promise<Outcome[]> {
  return new Promise((resolve) => {
    const progress = new Progress(job, deadline);

    let starting = false;
    const startAll = () => {
      if (starting) return; // called back from within: the loop below goes on
      starting = true;
      for (let index = progress.start(); index >= 0; index = progress.start()) start(index);
      starting = false;
      if (progress.done) finish();
      else if (progress.late) void Promise.resolve().then(close); // after what has finished in this turn
    };
    const goOn = () => {
      progress.look();
      startAll();
    };
    const startOne = (index: number) => {
      try {
        Promise.resolve(job.attempt(index)).then(
          (value) => {
            progress.returned(index, value);
            goOn();
          },
          (thrown: unknown) => {
            progress.threw(index, thrown);
            goOn();
          },
        );
      } catch (thrown) {
        progress.threw(index, thrown);
      }
    };
    // Apart, because what a closure refers to is paid for by every record.
    const startTogether = (index: number) => {
      const others = progress.gather(index);
      new Promise((settle) => {
        settle(job.attempt(index, others));
      }).then(
        (value) => {
          progress.returned(index, value, others);
          goOn();
        },
        (thrown: unknown) => {
          progress.threw(index, thrown, others);
          goOn();
        },
      );
    };
    const start = job.gather === undefined ? startOne : startTogether;
    const finish = () => {
      release();
      resolve(progress.outcomes);
    };

    const close = () => {
      progress.close();
      finish();
    };

    const release = deadline.watch(close);
    startAll();
  });
}

/** The same for an `attempt` that is synchronous; a promise it returns is judged as the value it is. */
export function runSync(job: Job, deadline = new Deadline()): Outcome[] {
  const progress = new Progress(job, deadline);
  for (let index = progress.start(); index >= 0; index = progress.start()) {
    const others = job.gather === undefined ? undefined : progress.gather(index);
    let value: unknown;
    try {
      value = job.attempt(index, others);
    } catch (thrown) {
      progress.threw(index, thrown, others);
      continue;
    }
    progress.returned(index, value, others);
  }
  if (progress.late) progress.close();
  return progress.outcomes;
}

/** In the place of an outcome: the record has started, and has none yet. */
const running = Symbol('running');

/** What both drivers share: who may start, who has settled, and the end when the deadline comes first. */
class Progress {
  readonly #job: Job;
  readonly #deadline: Deadline;
  readonly #schedule: Schedule;
  readonly #outcomes: (Outcome | typeof running | undefined)[];
  #open: number;
  #late = false;
  #stopped = false;

  constructor(job: Job, deadline: Deadline) {
    this.#job = job;
    this.#deadline = deadline;
    this.#open = job.count;
    this.#outcomes = new Array<undefined>(job.count);
    const keyOf = (index: number) => job.keyOf(index);
    this.#schedule = new Schedule(job.count, job.ordering, keyOf, (index, failed) => {
      this.#record(index, { status: 'unprocessed', cause: (this.#outcomes[failed] as { error: Error }).error });
    });
  }

  get done(): boolean {
    return this.#open === 0;
  }

  /** The deadline was reached when a record was to start, or had settled: from then on none does. */
  get late(): boolean {
    return this.#late;
  }

  /** Looks at the clock: a timer alone is late where records keep the event loop busy. */
  look(): boolean {
    return (this.#late ||= this.#deadline.reached());
  }

  /** One outcome a record; complete once `done`. */
  get outcomes(): Outcome[] {
    return this.#outcomes as Outcome[];
  }

  /** The index of a record that may start now, and counts as started; or -1. */
  start(): number {
    if (this.#late || this.#stopped || this.done) return -1;
    const index = this.#schedule.next();
    if (index < 0 || this.look()) return -1;
    this.#outcomes[index] = running;
    return index;
  }

  /** The records that join the attempt of one that may start now; they count as started. */
  gather(index: number): readonly number[] {
    const next = (): number => {
      const other = this.#schedule.next(true);
      if (other >= 0) this.#outcomes[other] = running;
      return other;
    };
    return this.#job.gather!(index, next);
  }

  /** @param others the records that joined the attempt: they are judged by the same value, each on its own */
  returned(index: number, value: unknown, others?: readonly number[], joined = false): void {
    if (this.#outcomes[index] === running) {
      let outcome: Outcome;
      try {
        outcome = this.#job.returned(index, value);
      } catch (thrown) {
        outcome = this.#failed(index, thrown);
      }
      this.#settle(index, outcome, joined);
    } // else it is late: the batch has been answered
    if (others !== undefined) for (const other of others) this.returned(other, value, undefined, true);
  }

  threw(index: number, thrown: unknown, others?: readonly number[], joined = false): void {
    if (this.#outcomes[index] === running) this.#settle(index, this.#failed(index, thrown), joined);
    if (others !== undefined) for (const other of others) this.threw(other, thrown, undefined, true);
  }

  /** Ends the batch at the deadline: what runs has failed, what did not start is unprocessed. */
  close(): void {
    const cause = this.#deadline.reason();
    for (let index = 0; index < this.#job.count; index++) {
      if (this.#outcomes[index] === running) this.#record(index, this.#failed(index, cause));
    }
    this.#skip(cause);
    this.#deadline.abort();
  }

  #failed(index: number, thrown: unknown): Outcome {
    try {
      return this.#job.threw(index, thrown);
    } catch {
      return { status: 'failure', error: new Error('The record failed, and so did the report of its failure.') };
    }
  }

  #settle(index: number, outcome: Outcome, joined: boolean): void {
    this.#record(index, outcome);
    if (outcome.status === 'failure' && outcome.stopsBatch) this.#stop(outcome.error);
    if (!this.#stopped) this.#schedule.settle(index, outcome.status !== 'success', joined);
  }

  /** From now on no record starts. */
  #stop(cause: Error): void {
    this.#stopped = true;
    this.#skip(cause);
  }

  /** What has not started is unprocessed. */
  #skip(cause: Error): void {
    for (let index = 0; index < this.#job.count; index++) {
      if (this.#outcomes[index] === undefined) this.#record(index, { status: 'unprocessed', cause });
    }
  }

  #record(index: number, outcome: Outcome): void {
    this.#outcomes[index] = outcome;
    this.#open--;
  }
}
