import type { Context } from 'aws-lambda';

import { answerOf, type BatchResponse } from '../batch/answer';
import { type Batch, readBatch } from '../batch/batch';
import { chunksBy } from '../batch/chunking';
import { Delivery } from '../batch/delivery';
import type { Attempt } from '../batch/extension';
import { planFor } from '../batch/plan';
import type { CarryingProcessor, Entry } from '../batch/processor';
import { type RecordMethod, reads } from '../batch/reader';
import { type RecordTimeouts, recordTimeoutsFor } from '../batch/record-timeouts';
import { refusalOf } from '../batch/returned';
import { type Handling, runBatch } from '../batch/run-batch';
import { type Settings, settingsFor } from '../batch/settings';
import { deadlineFor } from '../batch/stop-before-timeout';
import { isThenable } from '../batch/thenable';
import type { Deadline } from '../engine/deadline';
import { type Outcome, succeeded } from '../engine/outcome';
import { toError } from '../errors/to-error';
import { type Source, sourceOf } from '../sources';
import type { CheckedOptions } from './options';

/**
 * Makes the entry that runs a method for each record of a batch.
 *
 * @param optionsOf gives the checked options; asked once, when the entry first runs. What it throws is a rejection
 */
export function entryFor(method: RecordMethod, optionsOf: () => CheckedOptions): Entry {
  let run: Entry | undefined;
  return function (this: unknown, event: unknown, context: Context) {
    try {
      run ??= runnerFor(method, optionsOf());
    } catch (error) {
      return Promise.reject(toError(error));
    }
    return run.call(this, event, context);
  };
}

function runnerFor(method: RecordMethod, options: CheckedOptions): Entry {
  const { payload } = options;
  const source = sourceOf(options.source);
  const processor = options.processor as CarryingProcessor | undefined;
  const waits = processor?.['~isSync'] !== true;
  const isRaw = payload === undefined || options.chunk !== undefined; // chunks read for themselves
  const run = isRaw ? method : payload[reads].method(method, source.payload, waits);
  return processor === undefined
    ? methodEntry(run, source, options)
    : processor['~entry'](judging(run), source, options);
}

/** A method that throws where what it returns, or resolves to, can't be meant as success: a processor takes any result. */
function judging(method: RecordMethod): RecordMethod {
  const judged = (value: unknown): unknown => {
    const error = refusalOf(value);
    if (error !== undefined) throw error;
    return value;
  };
  return function (record, context, delivery) {
    const value = method.call(this, record, context, delivery);
    return isThenable(value) ? Promise.resolve(value).then(judged) : judged(value);
  };
}

function methodEntry(method: RecordMethod, source: Source, options: CheckedOptions): Entry {
  const { stopBeforeTimeout, recordTimeout, logger = console } = options;
  const settings = settingsFor(options, planFor(options), logger, options);
  const chunking = options.chunk?.[chunksBy];
  return function (this: unknown, event: unknown, context: Context) {
    return runBatch(() => {
      const batch = readBatch(source, source.records(event));
      const deadline = deadlineFor(stopBeforeTimeout, context, logger);
      const limits = recordTimeoutsFor(recordTimeout, deadline, context);
      const invoked = { batch, context, deadline, limits };
      const attempts = chunking?.chunksOf({
        ...invoked,
        place: source.payload,
        reader: options.payload,
        method: method as never,
        self: this,
      }) ?? { attempt: attemptWith(method, this, invoked) };
      return handlingOf(attempts, invoked, settings);
    });
  };
}

/** What there is of one invocation. */
interface Invoked {
  readonly batch: Batch;
  readonly context: Context;
  readonly deadline: Deadline;
  readonly limits: RecordTimeouts | undefined;
}

function attemptWith(method: RecordMethod, self: unknown, { batch, context, deadline, limits }: Invoked): Attempt {
  const { records } = batch;
  const signals = limits ?? deadline;
  const attempt: Attempt = (index) => method.call(self, records[index], context, new Delivery(batch, signals, index));
  return limits?.limiting(attempt) ?? attempt;
}

function handlingOf(
  { attempt, prepare, schedule }: Pick<Handling<BatchResponse>, 'attempt' | 'prepare' | 'schedule'>,
  { batch, context, deadline }: Invoked,
  settings: Settings,
): Handling<BatchResponse> {
  // Each by its name: a spread, with so much behind it, would cost more than the rest of a batch.
  return {
    attempt,
    prepare,
    schedule,
    settings,
    context,
    deadline,
    batch,
    failureOf: (_index, value) => refusalOf(value),
    returned,
    threw,
    answer: (outcomes) => answerOf(batch, outcomes),
  };
}

function returned(_index: number, value: unknown): Outcome {
  const error = refusalOf(value);
  return error === undefined ? succeeded : { status: 'failure', error };
}

function threw(_index: number, thrown: unknown): Outcome {
  return { status: 'failure', error: toError(thrown) };
}
