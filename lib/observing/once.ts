/** A call that is made once, and gives the same result to all who ask. */
export class Once {
  readonly #call: () => unknown;
  #result: { readonly value: unknown } | { readonly thrown: unknown } | undefined;
  #onStart: () => void = () => undefined;

  constructor(call: () => unknown) {
    this.#call = call;
  }

  get started(): boolean {
    return this.#result !== undefined;
  }

  run(): unknown {
    if (this.#result === undefined) {
      try {
        this.#result = { value: this.#call() };
      } catch (thrown) {
        this.#result = { thrown };
      }
      this.#onStart();
    }
    if ('thrown' in this.#result) throw this.#result.thrown;
    return this.#result.value;
  }

  /** The result, once the call has started; it is started when `waiting` is over, if not before. */
  startedOr(waiting: PromiseLike<unknown>): Promise<unknown> {
    return new Promise<void>((resolve) => {
      this.#onStart = resolve;
      void waiting.then(() => {
        resolve();
      });
    }).then(() => this.run());
  }
}
