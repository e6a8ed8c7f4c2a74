import type { Outcome } from '../engine/outcome';
import { Delivery } from './delivery';
import { refuseInDurable } from './durable';
import {
  type AnyExtension,
  type Attempt,
  type ExtendedBatch,
  extendsBatch,
  type Extension,
  type ExtensionName,
  type Joinable,
  type Participant,
  type Participation,
} from './extension';
import { Patience } from './patience';

/** Makes the value of an option out of what takes part in a batch. */
export function extension<N extends ExtensionName, R = unknown>(
  option: N,
  participate: (batch: ExtendedBatch<R>) => Participant,
): Extension<N, R> {
  return Object.assign(participate, { [extendsBatch]: { option, join } });
}

/** What an attempt comes to where its record failed, and is consumed all the same. */
class Delivered {
  constructor(readonly error: Error) {}
}

function join(extensions: readonly AnyExtension[], joinable: Joinable, isAsync: boolean): Participation {
  const { batch, deadline, context, settings } = joinable;
  refuseInDurable(context, extensions[0]![extendsBatch].option);
  const extended: ExtendedBatch<never> = {
    source: batch.source.name,
    records: batch.records as never[],
    context,
    logger: settings.logger,
    isAsync,
    throwsFullFailure: settings.throwOnFullBatchFailure,
    patience: (what, mostMs) => new Patience(what, context, deadline, mostMs),
    startedAt: Date.now(),
    deliveryOf: (index) => new Delivery(batch, deadline, index) as Delivery<never>,
    failureOf: (index, value) => joinable.failureOf(index, value),
    delivered: (error) => new Delivered(error),
  };
  const participants = extensions.map((participate) => participate(extended));
  const settling = participants.filter((each) => each.settled !== undefined);
  return {
    attempt: attemptWith(participants, joinable.attempt),
    all: (hook, outcomes) => {
      const returned = participants.map((participant) => participant[hook]?.(outcomes!)); // `begin` is before there are any
      return returned.some((each) => each !== undefined) ? allOf(returned) : undefined;
    },
    outcomeOf: (value) => (value instanceof Delivered ? { status: 'success', delivered: value.error } : undefined),
    settled: (index: number, outcome: Outcome) => {
      for (const participant of settling) participant.settled!(index, outcome);
    },
  };
}

/** Rejects only when nobody is at work any more: behind a batch that has failed, Lambda may stop everything. */
async function allOf(returned: readonly unknown[]): Promise<void> {
  for (const settled of await Promise.allSettled(returned)) {
    if (settled.status === 'rejected') throw settled.reason;
  }
}

/** The attempt with all that participants put before and around it. */
function attemptWith(participants: readonly Participant[], plain: Attempt): Attempt {
  const around = participants.reduceRight<Attempt>(
    (inner, participant) => (participant.around === undefined ? inner : (index) => participant.around!(index, inner)),
    plain,
  );
  const starting = participants.filter((each) => each.start !== undefined);
  if (starting.length === 0) return around;
  return (index) => {
    for (const participant of starting) participant.start!(index);
    return around(index);
  };
}
