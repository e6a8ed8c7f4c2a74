import { answerOf } from '../batch/answer';
import { type Batch, readBatch } from '../batch/batch';
import type { Outcome } from '../engine/outcome';
import { BatchProcessingError, UnexpectedBatchTypeError } from '../errors';
import { toError } from '../errors/to-error';
import { detectSource, identifierOf } from '../sources/detect';
import type { Invocation, Result } from './invocation';
import type { Runnable } from './runnable';
import type { PartialItemFailureResponse } from './types';

/**
 * What Lambda is answered about an invocation.
 *
 * @throws BatchProcessingError where nothing came of it yet
 */
export function responseOf(processor: Runnable, invocation: Invocation): PartialItemFailureResponse {
  const { batch, outcomes } = resultOf(processor, invocation);
  return answerOf(batch, outcomes) as PartialItemFailureResponse;
}

/** What came of the records that ran, and of others that hooks have told `failureHandler` of. */
export function resultOf(processor: Runnable, invocation: Invocation): Result {
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
function resultByLists(processor: Runnable, invocation: Invocation): Result {
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
export function batchOf(processor: Runnable, records: unknown): Batch {
  if (!Array.isArray(records)) {
    throw new UnexpectedBatchTypeError(`Expected an array of records to be registered, received ${typeof records}.`);
  }
  const source = processor['~source'] ?? detectSource(records[0]);
  return source === undefined ? unknownBatch(records) : readBatch(source, records);
}

/** The batch that records of an unknown source make: none of them can be reported. */
function unknownBatch(records: readonly unknown[]): Batch {
  const source: Batch['source'] = {
    name: 'unknown',
    kind: 'stream',
    eventSource: '',
    hasShape: () => true,
    itemIdentifier: () => undefined,
    orderingKey: () => undefined,
  };
  return { source, records: [...records], identifiers: records.map(() => undefined) };
}
