import { LONGEST_SECONDS } from './options';
import type { QueueCalls } from './queue-calls';
import type { SqsMessage } from './record-of';

/** How a heartbeat beats. */
interface HeartbeatOptions {
  /** Seconds that each beat makes messages invisible for. */
  readonly visibilityTimeout: number;
  /** Seconds after which it ends. */
  readonly longest: number;
}

/** A second for what lies between SQS and here: it counts the 12 hours from when it hands the message out. */
const MARGIN_SECONDS = 1;

/** Keeps messages of one receive invisible, each until it is let go. */
export class Heartbeat<M extends SqsMessage> {
  readonly #kept: Set<M>;
  readonly #calls: QueueCalls;
  readonly #options: HeartbeatOptions;
  readonly #begun = Date.now();
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> | undefined;

  constructor(messages: readonly M[], calls: QueueCalls, options: HeartbeatOptions) {
    this.#kept = new Set(messages);
    this.#calls = calls;
    this.#options = options;
    // A third: one beat may fail before a message is visible.
    this.#timer = setInterval(this.#beatOnce, (options.visibilityTimeout * 1000) / 3);
  }

  /** The beat that is under way, if one is. It never rejects. */
  get beating(): Promise<void> | undefined {
    return this.#beating;
  }

  /** The message becomes visible when its time is over, or when somebody says. */
  letGo(message: M): void {
    this.#kept.delete(message);
  }

  /** The message is kept, whatever was said before. */
  keep(message: M): void {
    this.#kept.add(message);
  }

  /** No beat begins any more; waits for the one that is under way, if one is. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  /** One at a time: where SQS is slow, the next one has to wait. */
  readonly #beatOnce = (): void => {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  };

  async #beat(): Promise<void> {
    const { visibilityTimeout, longest } = this.#options;
    const seconds = Math.ceil((Date.now() - this.#begun) / 1000) + MARGIN_SECONDS;
    const left = Math.min(visibilityTimeout, LONGEST_SECONDS - seconds);
    if (seconds - MARGIN_SECONDS >= longest || left <= 0) {
      clearInterval(this.#timer);
    } else if (this.#kept.size > 0) {
      const gone = await this.#calls.changeVisibility([...this.#kept], left, 'could not be kept invisible');
      for (const message of gone) this.#kept.delete(message);
    }
  }
}
