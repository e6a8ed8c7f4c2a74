import { Deadline } from './deadline';
import type { Ordering } from './ordering';
import type { Outcome } from './outcome';
import { Schedule, type Scheduling } from './schedule';

/** The records of one batch, by index, and what running one means. */
export interface Job {
  readonly count: number;
  readonly ordering: Ordering;
  /** The key of a record, for lanes by key; undefined is a key like any other. */
  keyOf: (index: number) => string | undefined;
  /**
   * Who decides which record starts next, in place of a Schedule. `skip` is to be told each record that does not run, or does
   * not count as run, and the index of the failure that is why.
   */
  schedule?: ((job: Job, skip: (index: number, failed: number) => void) => Scheduling) | undefined;
  /** Runs one record. Whatever it throws, or rejects with, is its failure. */
  attempt: (index: number) => unknown;
  /** Judges what `attempt` returned or resolved to; where it throws, the record has failed. */
  returned: (index: number, value: unknown) => Outcome;
  /** Judges what `attempt` threw or rejected with; where it throws, the record has failed all the same. */
  threw: (index: number, thrown: unknown) => Outcome;
}

/** Runs every record and resolves to one outcome a record, in record order. It never rejects. */
export function run(job: Job, deadline = new Deadline()): Promise<Outcome[]> {
  const progress = new Progress(job, deadline);
  let resolve!: (outcomes: Outcome[]) => void;
  const outcomes = new Promise<Outcome[]>((resolver) => {
    resolve = resolver;
  });

  let starting = false;
  // All in one function, and not within that of the promise: an error of a record costs more with each frame beneath it, and
  // shows ten of them.
  const goOn = () => {
    if (starting) return; // called back from within: the loop below goes on
    starting = true;
    for (let next = progress.start(); next >= 0; next = progress.start()) {
      const index = next;
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
    }
    starting = false;
    if (progress.done) finish();
    else if (progress.late) void Promise.resolve().then(close); // after what has finished in this turn
  };
  const finish = () => {
    deadline.unwatch();
    resolve(progress.outcomes);
  };
  const close = () => {
    progress.close();
    finish();
  };

  deadline.watch(close);
  goOn();
  return outcomes;
}

/** The same for an `attempt` that is synchronous; a promise it returns is judged as the value it is. */
export function runSync(job: Job, deadline = new Deadline()): Outcome[] {
  const progress = new Progress(job, deadline);
  for (let index = progress.start(); index >= 0; index = progress.start()) {
    let value: unknown;
    try {
      value = job.attempt(index);
    } catch (thrown) {
      progress.threw(index, thrown);
      continue;
    }
    progress.returned(index, value);
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
  readonly #schedule: Scheduling;
  readonly #outcomes: (Outcome | typeof running | undefined)[];
  #open: number;
  #late = false;
  #stopped = false;
  /** Whether no record has run since the clock was looked at: one look is enough for one that settles and the next. */
  #looked = false;

  constructor(job: Job, deadline: Deadline) {
    this.#job = job;
    this.#deadline = deadline;
    this.#open = job.count;
    this.#outcomes = new Array<undefined>(job.count);
    const keyOf = (index: number) => job.keyOf(index);
    const skip = (index: number, failed: number) => {
      if ((this.#outcomes[index] ?? running) !== running) return; // the batch has stopped
      this.#record(index, { status: 'unprocessed', cause: (this.#outcomes[failed] as { error: Error }).error });
    };
    this.#schedule = job.schedule?.(job, skip) ?? new Schedule(job.count, job.ordering, keyOf, skip);
  }

  get done(): boolean {
    return this.#open === 0;
  }

  /** The deadline was reached when a record was to start, or had settled: from then on none does. */
  get late(): boolean {
    return this.#late;
  }

  /** Looks at the clock: a timer alone is late where records keep the event loop busy. */
  #look(): boolean {
    this.#looked = true;
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
    if (index < 0 || (!this.#looked && this.#look())) return -1;
    this.#looked = false;
    this.#outcomes[index] = running;
    return index;
  }

  returned(index: number, value: unknown): void {
    if (this.#outcomes[index] !== running) return; // it is late: the batch has been answered
    let outcome: Outcome;
    try {
      outcome = this.#job.returned(index, value);
    } catch (thrown) {
      outcome = this.#failed(index, thrown);
    }
    this.#settle(index, outcome);
  }

  threw(index: number, thrown: unknown): void {
    if (this.#outcomes[index] === running) this.#settle(index, this.#failed(index, thrown));
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

  #settle(index: number, outcome: Outcome): void {
    this.#record(index, outcome);
    if (outcome.status === 'failure' && outcome.stopsBatch) this.#stop(outcome.error);
    this.#schedule.settle(index, outcome.status !== 'success');
    if (!this.done) this.#look();
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
