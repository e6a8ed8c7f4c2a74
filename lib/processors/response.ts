import { answerOf, type BatchResponse } from '../answer';
import { type Batch, readBatch, unknownBatch } from '../batch';
import type { Outcome } from '../engine/outcome';
import { BatchProcessingError, toError, UnexpectedBatchTypeError } from '../errors';
import { detectSource, identifierOf } from '../sources/detect';
import type { BasePartialProcessor } from './base-partial-processor';
import type { Invocation, Result } from './invocation';

/**
 * What Lambda is answered about an invocation.
 *
 * @throws BatchProcessingError where nothing came of it yet
 */
export function responseOf(processor: BasePartialProcessor, invocation: Invocation): BatchResponse {
  const { batch, outcomes } = resultOf(processor, invocation);
  return answerOf(batch, outcomes);
}

/** What came of the records that ran, and of others that hooks have told `failureHandler` of. */
export function resultOf(processor: BasePartialProcessor, invocation: Invocation): Result {
  const result = invocation.result ?? resultByLists(processor, invocation);
  const { batch, outcomes, failures } = result;
  const { failureMessages, errors } = invocation;
  if (failureMessages.length <= failures) return result;

  const told = new Map<unknown, Error | undefined>(failureMessages.map((record, index) => [record, errors[index]]));
  const failed = (record: unknown): Outcome => ({ status: 'failure', error: toError(told.get(record)) });
  const others = failureMessages.filter((record) => !batch.records.includes(record));
  return {
    batch: {
      source: batch.source,
      records: [...batch.records, ...others],
      identifiers: [...batch.identifiers, ...others.map((record) => identifierOf(batch.source, record))],
    },
    outcomes: [
      ...outcomes.map((outcome, index) => (told.has(batch.records[index]) ? failed(batch.records[index]) : outcome)),
      ...others.map(failed),
    ],
    failures: failureMessages.length,
  };
}

/** For a processor whose `process` is its own: what is not in its list of successes has failed. */
function resultByLists(processor: BasePartialProcessor, invocation: Invocation): Result {
  const { records, successMessages, failureMessages, registered, running } = invocation;
  const isEmpty = records.length > 0 && successMessages.length + failureMessages.length === 0;
  if (!registered || running || isEmpty) {
    throw new BatchProcessingError(
      'response() has nothing to report yet: register the records and await process(), or call processSync(), first.',
    );
  }
  const batch = batchOf(processor, records);
  const succeeded = new Set<unknown>(successMessages);
  const error = new BatchProcessingError('The record is not among those that succeeded.');
  return {
    batch,
    outcomes: batch.records.map((record) =>
      succeeded.has(record) ? { status: 'success' } : { status: 'failure', error },
    ),
    failures: 0,
  };
}

/** The batch that the registered records of a processor make. */
export function batchOf({ eventType }: BasePartialProcessor, records: unknown): Batch {
  if (!Array.isArray(records)) {
    throw new UnexpectedBatchTypeError(`Expected an array of records to be registered, received ${typeof records}.`);
  }
  const source = eventType ?? detectSource(records[0]);
  return source === undefined ? unknownBatch(records) : readBatch(source, records);
}
