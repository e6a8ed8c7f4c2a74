import type { Context } from 'aws-lambda';

import { answerOf, type BatchResponse, errorsOf, isFullFailure, orderingMismatch } from './answer';
import { readBatch, recordsOf } from './batch';
import { Delivery } from './delivery';
import { type Outcome, succeeded } from './engine/outcome';
import { type Job, run } from './engine/run';
import { BatchProcessingError, FullBatchFailureError, toError } from './errors';
import { isGenerator, ranNothing } from './generator';
import { extendedJob } from './extended-job';
import { FailureLog, logUnprocessed, logWarning } from './log';
import { Observation } from './observers';
import type { CheckedOptions } from './options';
import { planFor } from './plan';
import { processPartialResponse, processPartialResponseSync } from './processors/process-partial-response';
import { readingMethod } from './reader';
import { RetryDelayer } from './retry-delay';
import { sourceOf } from './sources';
import { deadlineFor } from './stop-before-timeout';
import type { BaseRecord } from './types';

/** A method that handles one record. */
export type RecordMethod = (this: unknown, record: unknown, context: Context, delivery: Delivery) => unknown;

/** The function that Lambda calls with the whole batch. */
export type Entry = (this: unknown, event: unknown, context: Context) => Promise<BatchResponse>;

/** Makes the entry that runs a method for each record of a batch. */
export function entryFor(method: RecordMethod, options: CheckedOptions): Entry {
  const { source, payload, processor } = options;
  const waits = processor?.['~isSync'] !== true;
  const run = payload === undefined ? method : readingMethod(method, sourceOf(source).payload, payload, waits);
  return processor === undefined ? batchEntry(run, options) : processorEntry(run, options);
}

function batchEntry(method: RecordMethod, options: CheckedOptions): Entry {
  const { source: name, stopBeforeTimeout, throwOnFullBatchFailure = true, logger = console } = options;
  const { nonRetryable, observers = [] } = options;
  const delayer = options.retryDelay && new RetryDelayer(options.retryDelay);
  const plan = planFor(options);
  let warned = false;

  return async function (this: unknown, event: unknown, context: Context) {
    const batch = readBatch(name, recordsOf(event));
    const { source, records } = batch;
    const deadline = deadlineFor(stopBeforeTimeout, context);
    const mismatch = warned ? undefined : orderingMismatch(batch, plan);
    if (mismatch !== undefined) {
      warned = true;
      logWarning(logger, mismatch);
    }
    const startedAt = delayer === undefined ? 0 : Date.now();
    const log = new FailureLog(logger);
    const deliveryOf = (index: number) => new Delivery(batch, deadline, index);
    const failed = (index: number, thrown: unknown): Outcome => {
      const error = toError(thrown);
      log.add(deliveryOf(index), error);
      return { status: 'failure', error };
    };
    const plain: Job = {
      count: records.length,
      ordering: plan.ordering,
      keyOf: (index) => source.orderingKey(records[index]),
      attempt: (index) => method.call(this, records[index], context, deliveryOf(index)),
      returned: (index, value) => (isGenerator(value) ? failed(index, ranNothing()) : succeeded),
      threw: failed,
    };
    const observation =
      observers.length === 0
        ? undefined
        : new Observation(observers, logger, { source: name, records, context }, deliveryOf);
    if (observation !== undefined) await observation.start();
    const job = extendedJob(plain, nonRetryable, observation, { logger, deliveryOf, failureOf: () => undefined });
    const outcomes = await run(job, deadline);
    log.end();
    logUnprocessed(logger, outcomes);
    if (delayer !== undefined) await delayer.delay(batch, outcomes, { logger, startedAt, context });
    if (observation !== undefined) await observation.end(outcomes);
    if (throwOnFullBatchFailure && isFullFailure(outcomes)) {
      throw new FullBatchFailureError(errorsOf(outcomes, plan).filter((error) => error !== undefined));
    }
    return answerOf(batch, outcomes);
  };
}

/** The processor does the work, and the method is its record handler. */
function processorEntry(method: RecordMethod, options: CheckedOptions): Entry {
  const { processor, source, logger = console, payload: _read, ...rest } = options;
  const respond = processor?.['~isSync'] === true ? processPartialResponseSync : processPartialResponse;

  return async function (this: unknown, event: unknown, context: Context) {
    if (processor?.eventType === undefined) readBatch(source, recordsOf(event)); // refuses what the processor would not
    const recordHandler = (record: unknown) => {
      const delivery = processor!['~invocations'].current.deliveryOf(record);
      if (delivery === undefined) {
        throw new BatchProcessingError('The processor handed on a record that is not one of the batch.');
      }
      return method.call(this, record, context, delivery);
    };
    return respond(event as { Records: BaseRecord[] }, recordHandler, processor!, { ...rest, logger, context });
  };
}
