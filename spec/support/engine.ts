import type { Ordering } from '../../lib/engine/ordering';
import type { Outcome } from '../../lib/engine/outcome';
import type { Job } from '../../lib/engine/run';
import { Deferred } from './promises';

/** A success that keeps what the attempt returned: the engine hands on the object that it was given. */
export const keeping = (value: unknown): Outcome => Object.assign({ status: 'success' } as const, { value });

/** What a success has kept. */
export const kept = (outcome: Outcome | undefined): unknown => (outcome as { value?: unknown }).value;

/** What a job of these specs makes of a thrown value: it wraps each one, and never looks at it. */
export class Failure extends Error {
  constructor(readonly thrown: unknown) {
    super('The record failed.');
  }
}

type Judge = Pick<Job, 'returned' | 'threw'>;

/** Keeps what a record returned, and wraps what it threw. */
export const plainJudge: Judge = {
  returned: (_index, value) => keeping(value),
  threw: (_index, thrown) => ({ status: 'failure', error: new Failure(thrown) }),
};

/** A job of `count` records without keys, all of which make the same attempt. */
export function jobOf(count: number, ordering: Ordering, attempt: (index: number) => unknown): Job {
  return { count, ordering, keyOf: () => undefined, attempt, ...plainJudge };
}

/** A job whose records run until a spec settles them; each letter of `keys` is the key of one record. */
export class HeldJob implements Job {
  readonly count: number;
  /** The indexes of the records that were started, in that order. */
  readonly started: number[] = [];
  /** How each record ends. */
  readonly endings: Deferred<unknown>[];
  readonly returned = plainJudge.returned;
  readonly threw = plainJudge.threw;

  constructor(
    readonly keys: string,
    readonly ordering: Ordering,
  ) {
    this.count = keys.length;
    this.endings = Array.from(keys, () => new Deferred<unknown>());
  }

  keyOf = (index: number): string | undefined => this.keys[index];

  attempt = (index: number): unknown => {
    this.started.push(index);
    return this.endings[index]!.promise;
  };
}

export const statuses = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status }) => status);

/** The error of a failure, or the cause of what was not run. */
export function errorOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined || outcome.status === 'success') return undefined;
  return outcome.status === 'failure' ? outcome.error : outcome.cause;
}

/** What the record of a failure threw. */
export function thrownBy(outcome: Outcome | undefined): unknown {
  const error = errorOf(outcome);
  return error instanceof Failure ? error.thrown : undefined;
}

/** A proxy that throws whatever is done with it. */
export function revokedProxy(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** The rejections that nobody handles while `body` runs. */
export async function unhandledRejections(body: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', listen);
  try {
    await body();
    // Node tells of them once the microtasks have run.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', listen);
  }
  return unhandled;
}
