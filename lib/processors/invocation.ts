import { AsyncLocalStorage } from 'node:async_hooks';

import type { Batch } from '../batch';
import type { Delivery } from '../delivery';
import type { Outcome } from '../engine/outcome';
import type { BaseRecord, BatchProcessingOptions, EventSourceDataClassTypes } from '../types';

/** The state of one use of a processor, from `register` to its answer. */
export class Invocation {
  errors: Error[] = [];
  failureMessages: EventSourceDataClassTypes[] = [];
  successMessages: EventSourceDataClassTypes[] = [];
  /** The error that each failed record has, as the failure hook was last given it. */
  readonly errorOf = new Map<unknown, Error>();
  running = false;
  /** What is known of a record beside itself, while the invocation runs. */
  deliveryOf: (record: unknown) => Delivery | undefined = () => undefined;
  /** What came of it; undefined until every record has an outcome. */
  result: { readonly batch: Batch; readonly outcomes: readonly Outcome[] } | undefined;
  /** Whether its answer has been taken, so that the next invocation may take its place. */
  answered = false;

  constructor(
    public records: BaseRecord[],
    public handler: CallableFunction,
    public options: BatchProcessingOptions | undefined,
  ) {}

  /** Forgets an earlier run of the same records. */
  start(): void {
    this.errors = [];
    this.failureMessages = [];
    this.successMessages = [];
    this.errorOf.clear();
    this.result = undefined;
    this.running = true;
  }
}

/**
 * The invocations that share one processor.
 *
 * One that has the processor to itself is kept in a plain slot: it stays readable when it is over, and costs nothing.
 * AsyncLocalStorage, which makes every promise of the process dearer on Node 20 and 22, is entered only by one that
 * finds the slot taken, or may go on after its answer, or runs where Lambda itself runs several at once.
 */
export class Invocations {
  #slot = idle();
  #storage: AsyncLocalStorage<Invocation | undefined> | undefined;

  get current(): Invocation {
    return this.#storage?.getStore() ?? this.#slot;
  }

  begin(invocation: Invocation): void {
    const alone = this.#slot.answered;
    if (alone) this.#slot = invocation;
    const shared = !alone || invocation.options?.stopBeforeTimeout !== undefined || severalAtOnce();
    if (shared) this.#storage ??= new AsyncLocalStorage();
    // Leaves what an earlier invocation of the same async call chain may have entered.
    if (this.#storage?.getStore() !== undefined || shared) this.#storage!.enterWith(shared ? invocation : undefined);
  }
}

function idle(): Invocation {
  const invocation = new Invocation([], () => undefined, undefined);
  invocation.answered = true;
  return invocation;
}

/** Lambda Managed Instances run several invocations in one environment, and say so. */
function severalAtOnce(): boolean {
  return process.env.AWS_LAMBDA_MAX_CONCURRENCY !== undefined;
}
