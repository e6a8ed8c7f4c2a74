/** A promise that a spec settles when it wants to. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** What a promise rejects with; fails where it does not reject. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error('Expected the promise to reject, but it resolved.');
}

/** Lets everything run that waits for no timer and no I/O. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
