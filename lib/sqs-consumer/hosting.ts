import type { SQSRecord } from 'aws-lambda';

import { extension } from '../batch/extend';
import {
  type Carried,
  type ExtendedBatch,
  extendsBatch,
  type Extension,
  type Participant,
  type Participation,
} from '../batch/extension';
import type { Deadline } from '../engine/deadline';
import type { Outcome } from '../engine/outcome';

/** Who is told what becomes of the messages of one call, by their receipt handles. */
export interface Host {
  /** The method of a message begins. */
  started(receiptHandle: string | undefined): void;
  /** The method of a message has ended, or has been given up on. */
  settled(receiptHandle: string | undefined, outcome: Outcome): void;
  /** What there is to wait for before anything is done about failures, if there is anything. */
  beforeConclusion(): Promise<void> | undefined;
  /** Every message has its outcome. */
  ended(receiptHandle: string | undefined, outcome: Outcome): void;
}

/** The extension that the context of one call brings, and a way to end what it takes part in. */
export class Hosting {
  readonly extension: Extension<'observers', never>;
  readonly #host: Host;
  readonly #deadlines: Deadline[] = [];
  #stopped: Error | undefined;

  constructor(host: Host) {
    this.#host = host;
    const plain = extension<'observers', SQSRecord>('observers', (batch) => this.#participate(batch));
    const carried = plain[extendsBatch];
    // It surrounds the others, so it is the one that is asked to have all of them take part.
    const join: Carried<'observers'>['join'] = (...args) => this.#concludingLast(carried.join(...args));
    const govern: Carried<'observers'>['govern'] = (deadline) => {
      this.#deadlines.push(deadline);
      if (this.#stopped !== undefined) deadline.end(this.#stopped);
    };
    this.extension = Object.assign(plain, { [extendsBatch]: { ...carried, join, govern } });
  }

  /** Has what runs answered now, and what has yet to begin as well. */
  stop(reason: Error): void {
    this.#stopped = reason;
    for (const deadline of this.#deadlines) deadline.end(reason);
  }

  #participate(batch: ExtendedBatch<SQSRecord>): Participant {
    const handleOf = (index: number): string | undefined => batch.records[index]?.receiptHandle;
    return {
      start: (index) => {
        this.#host.started(handleOf(index));
      },
      settled: (index, outcome) => {
        this.#host.settled(handleOf(index), outcome);
      },
      end: (outcomes) => {
        outcomes.forEach((outcome, index) => {
          this.#host.ended(handleOf(index), outcome);
        });
      },
    };
  }

  /** A visibility timeout that is being changed must not arrive after the one that `retryDelay` sets. */
  #concludingLast(participation: Participation): Participation {
    const all: Participation['all'] = (hook, outcomes) => {
      const before = hook === 'conclude' ? this.#host.beforeConclusion() : undefined;
      return before === undefined
        ? participation.all(hook, outcomes)
        : before.then(() => participation.all(hook, outcomes));
    };
    return { ...participation, all };
  }
}
