import type { AsyncLocalStorage } from 'node:async_hooks';

import type { Batch } from '../batch/batch';
import type { Delivery } from '../batch/delivery';
import type { Outcome } from '../engine/outcome';
import type { EventSourceDataClassTypes } from '../sources';
import type { BaseRecord, BatchProcessingOptions, FailureResponse, SuccessResponse } from './types';

/** A batch with what came of its records. */
export interface Result {
  readonly batch: Batch;
  readonly outcomes: readonly Outcome[];
  /** How many `failureMessages` the outcomes account for; hooks may add others later. */
  readonly failures: number;
}

/** The state of one use of a processor, from `register` to its answer. */
export class Invocation {
  errors: Error[] = [];
  failureMessages: EventSourceDataClassTypes[] = [];
  successMessages: EventSourceDataClassTypes[] = [];
  running = false;
  /** It runs, or has run, by `processSync`, which can wait for no promise. */
  isSync = false;
  /** Every record has its outcome: what settles from now on is late, and no hook is told of it. */
  over = false;
  /** The records that were running at the deadline, and have been reported as failed. */
  readonly abandoned = new Set<unknown>();
  /** A WeakMap for all invocations would not let go before a major collection: an error's stack refers to its batch. */
  readonly errorOfResponse = new Map<SuccessResponse | FailureResponse, Error>();
  /** What came of the records that ran; undefined until all have their outcome. */
  result: Result | undefined;
  /** What is known of a record beside itself. */
  deliveryOf: (record: unknown) => Delivery | undefined = () => undefined;

  constructor(
    public records: BaseRecord[],
    public handler: CallableFunction,
    public options: BatchProcessingOptions | undefined,
    /** False for what a processor has before the first `register`. */
    readonly registered = true,
  ) {}

  isLate(record: unknown): boolean {
    if (this.over || this.abandoned.size === 0) return this.over;
    return this.abandoned.has(record) || this.abandoned.has(this.deliveryOf(record)?.record);
  }

  /** Whether both are one record of the batch: itself, or copies of it. */
  isSame(one: unknown, other: unknown): boolean {
    if (one === other) return true;
    const index = this.deliveryOf(one)?.index;
    return index !== undefined && index === this.deliveryOf(other)?.index;
  }

  /** Begins a run, which may be the second one of the same records. */
  start(): void {
    this.errors = [];
    this.failureMessages = [];
    this.successMessages = [];
    this.over = false;
    this.abandoned.clear();
    this.errorOfResponse.clear();
    this.result = undefined;
    this.running = true;
  }
}

/**
 * What is entered: the processors that have an invocation there, and know which. One storage serves all processors,
 * because Node copies each storage that was ever entered to every promise, and forgets none of them.
 */
class Entered {
  readonly owners: WeakRef<Invocations>[] = [];
}

/** Made when it is first entered; from then on Node tracks every promise of the process. */
let storage: AsyncLocalStorage<Entered> | undefined;

const storageToEnter = (): AsyncLocalStorage<Entered> =>
  (storage ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)());

const nothing = (): Invocation => new Invocation([], () => undefined, undefined, false);

/**
 * The invocations that share one processor. Inside the library each is handed on by name; `current` is for those who
 * read or write the processor's state: hooks, subclasses, and whoever calls `register`, `process` and `response`.
 *
 * AsyncLocalStorage keeps them apart, but makes every promise of the process dearer on Node 20 and 22 once it is
 * entered. So `processPartialResponse` has a plain slot to itself, and enters the storage only where it finds the slot
 * taken. `register` alone has to enter it: Node 20 and 22 do not track a promise that is older than the first entry, so
 * an invocation that did not enter at its start cannot be told from another one later.
 */
export class Invocations {
  #slot = nothing();
  /** The slot belongs to a `processPartialResponse` that is not over. */
  #taken = false;
  /** The next `register` is that of the owner of the slot. */
  #joining = false;
  /** The owner of the slot began when nothing had been entered: Node may not tell its promises from those of another. */
  #untracked = false;
  readonly #byEntered = new WeakMap<Entered, Invocation>();
  readonly #self = new WeakRef<Invocations>(this);

  get current(): Invocation {
    return this.#entered ?? this.#slot;
  }

  begin(invocation: Invocation): void {
    if (this.#joining || !this.#taken) this.#slot = invocation; // also to be read from elsewhere when it is over
    if (!this.#joining) storageToEnter().enterWith(this.#entering(invocation));
    this.#joining = false;
  }

  /** Calls what registers, processes and answers one invocation; `mayOutlive` where records may go on after that. */
  serve<T>(mayOutlive: boolean, call: () => T): T {
    if (this.#entered !== undefined) return call();
    // What enters the storage here must not stay entered for a slot's owner that has no entry of its own.
    if (this.#taken) return this.#untracked ? storageToEnter().run(this.#entering(nothing()), call) : call();
    if (mayOutlive) return call();
    this.#taken = this.#joining = true;
    this.#untracked = storage === undefined;
    let result: T | undefined;
    try {
      result = call();
      return result instanceof Promise ? (result.finally(this.#release) as T) : result;
    } finally {
      if (!(result instanceof Promise)) this.#release();
    }
  }

  /** Calls user code with this invocation as the current one, whatever that code begins or the caller is in. */
  within<T>(invocation: Invocation, call: () => T): T {
    const before = this.enter(invocation);
    try {
      return call();
    } finally {
      this.leave(before);
    }
  }

  /** The same in two halves, for what runs once a record: a closure each would cost more than all else here. */
  enter(invocation: Invocation): Invocation | undefined {
    const before = this.#entered;
    if ((before ?? this.#slot) !== invocation) storageToEnter().enterWith(this.#entering(invocation));
    return before;
  }

  /** @param before what `enter` gave */
  leave(before: Invocation | undefined): void {
    if (this.#entered !== before) storageToEnter().enterWith(this.#entering(before));
  }

  readonly #release = (): void => {
    this.#taken = this.#joining = false;
  };

  /** The invocation that was entered where the caller is, if one was. */
  get #entered(): Invocation | undefined {
    const entered = storage?.getStore();
    return entered && this.#byEntered.get(entered);
  }

  /** What is entered now, but with another invocation, or none, of this processor. */
  #entering(invocation: Invocation | undefined): Entered {
    const before = storageToEnter().getStore();
    const entered = new Entered();
    for (const owner of before?.owners ?? []) {
      const invocations = owner.deref(); // gone with a processor that was made for one batch
      if (invocations === undefined || invocations === this) continue;
      invocations.#byEntered.set(entered, invocations.#byEntered.get(before!)!);
      entered.owners.push(owner);
    }
    if (invocation !== undefined) {
      this.#byEntered.set(entered, invocation);
      entered.owners.push(this.#self);
    }
    return entered;
  }
}
