import type { Attempt } from './functions';
import type { Message } from './workload';

/** What a source promises. */
export interface Rules {
  readonly title: string;
  /** What its messages keep their order in; none do where it is undefined. */
  readonly orderedBy?: 'group' | 'key' | 'partition';
  /** Whether a message is given up on together with the batch that it begins. */
  readonly byBatch: boolean;
  /** How often a message is delivered before it is given up on. */
  readonly attempts: number;
}

/** The runs of a message by its function. Each beginning and each end has a number, so that they can be put in order. */
export interface Runs {
  count: number;
  readonly firstBegan: number;
  lastBegan: number;
  firstSucceeded?: number;
}

/** What is known of a message that was sent. */
export interface Facts {
  readonly message: Message;
  readonly receives: number;
  /** How often it was the first record of a batch, or of those of its partition. */
  readonly receivesAsFirst: number;
  /** How often a message of its group that is to fail was before it in the batch. */
  readonly receivesBehind: number;
  readonly runs: Runs | undefined;
  /** Whether it was deleted from its queue, or passed by the checkpoint of its shard or partition. */
  readonly isDone: boolean;
  /** How often it was read from the dead-letter queue. */
  readonly deadLetters: number;
  /** The first message of the batch that it was given up on with: itself in a queue. */
  readonly givenUpWith: Message | undefined;
}

/**
 * The books of one source. What was sent, received, done and dead-lettered is entered by what the service answered, and
 * what ran by what the collaborators of the function saw; nothing is taken from the answers of the function.
 */
export class Ledger {
  readonly #messages: ReadonlyMap<string, Message>;
  readonly #sent = new Map<string, Message>();
  readonly #batches: (readonly string[])[] = [];
  readonly #runs = new Map<string, Runs>();
  readonly #done = new Set<string>();
  readonly #letters = new Map<string, { first: string; count: number }>();
  readonly #onProgress: () => void;
  #invocations = 0;
  #moment = 0;

  constructor(
    readonly rules: Rules,
    messages: readonly Message[],
    onProgress: () => void,
  ) {
    this.#messages = new Map(messages.map((message) => [message.id, message]));
    this.#onProgress = onProgress;
  }

  get size(): number {
    return this.#messages.size;
  }

  get done(): number {
    return this.#done.size;
  }

  get invocations(): number {
    return this.#invocations;
  }

  /** The service has taken a message, and given it this message id, sequence number or offset. */
  sent(message: Message, identifier: string): void {
    this.#sent.set(identifier, message);
  }

  /** A batch goes to the function, or several that each make progress of their own: those of partitions. */
  received(...batches: readonly (readonly string[])[]): void {
    this.#batches.push(...batches);
    this.#invocations++;
    this.#onProgress();
  }

  /** Runs what a message asks for, or fails as its workload says. */
  readonly attempt: Attempt = async (id, act) => {
    const { failures } = this.#messages.get(id)!;
    const began = this.#moment++;
    const runs = this.#runs.get(id) ?? { count: 0, firstBegan: began, lastBegan: began };
    this.#runs.set(id, runs);
    runs.count++;
    runs.lastBegan = began;
    if (failures !== Infinity && runs.count <= failures) throw new Error('The service is not there for a moment.');
    await act();
    runs.firstSucceeded ??= this.#moment++;
  };

  /** The service has deleted these, or the checkpoint has passed them. */
  finished(identifiers: readonly string[]): void {
    for (const identifier of identifiers) this.#done.add(identifier);
  }

  /** These were read from the dead-letter queue or, in one call for a batch, by what the on-failure destination was told. */
  deadLettered(identifiers: readonly string[]): void {
    for (const identifier of identifiers) {
      this.#letters.set(identifier, { first: identifiers[0]!, count: (this.#letters.get(identifier)?.count ?? 0) + 1 });
    }
  }

  /** What is known of each message, in the order in which they were sent. */
  facts(): Facts[] {
    const receives = this.#receives();
    return Array.from(this.#sent, ([identifier, message]) => {
      const letter = this.#letters.get(identifier);
      return {
        message,
        ...(receives.get(identifier) ?? { receives: 0, receivesAsFirst: 0, receivesBehind: 0 }),
        runs: this.#runs.get(message.id),
        isDone: this.#done.has(identifier),
        deadLetters: letter?.count ?? 0,
        givenUpWith: letter && this.#sent.get(letter.first),
      };
    });
  }

  /** The identifiers of dead letters that nobody sent. */
  strayLetters(): string[] {
    return [...this.#letters.keys()].filter((identifier) => !this.#sent.has(identifier));
  }

  #receives(): Map<string, Pick<Facts, 'receives' | 'receivesAsFirst' | 'receivesBehind'>> {
    const counts = new Map<string, { receives: number; receivesAsFirst: number; receivesBehind: number }>();
    for (const batch of this.#batches) {
      const failing = new Set<string | undefined>();
      batch.forEach((identifier, position) => {
        const message = this.#sent.get(identifier);
        const count = counts.get(identifier) ?? { receives: 0, receivesAsFirst: 0, receivesBehind: 0 };
        counts.set(identifier, count);
        count.receives++;
        if (position === 0) count.receivesAsFirst++;
        if (failing.has(message?.group)) count.receivesBehind++;
        if (message?.failures !== 0) failing.add(message?.group);
      });
    }
    return counts;
  }
}
