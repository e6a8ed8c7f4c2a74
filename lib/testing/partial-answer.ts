import type { SQSRecord } from 'aws-lambda';

import { isFromFifoQueue } from '../sources/sqs';
import type { EventBatch } from './event-batch';
import { type AnyInterpretOptions, type ResponseInterpretation, returnedOf } from './interpretation';

/** What comes of a batch whose answer lists some of its records. */
export function afterReporting(
  batch: EventBatch,
  reported: ReadonlySet<string>,
  warnings: readonly string[],
  form: AnyInterpretOptions['undocumented'],
): ResponseInterpretation {
  if (batch.returns === 'checkpoint') return fromCheckpoint(batch, reported, warnings);
  return batch.returns === 'listed' || form === 'items'
    ? exactly(batch, reported, warnings)
    : resumed(batch, reported, warnings);
}

/** SQS, and perhaps Kafka: what is listed comes back, and the rest is done. */
function exactly(
  batch: EventBatch,
  reported: ReadonlySet<string>,
  warnings: readonly string[],
): ResponseInterpretation {
  const lost = batch.identifiers.filter((identifier) => identifier === undefined).length;
  const noIdentifier = `Records without an identifier cannot be reported, and ${wordsOf(batch).areDone}: ${lost} of them.`;
  const returned = returnedOf(batch, (identifier) => reported.has(identifier));
  return {
    outcome: 'partial',
    returned,
    ...(batch.returns === 'partition' && noProgress(returned.length === new Set(batch.identifiers).size)),
    warnings: [...warnings, ...(lost > 0 ? [noIdentifier] : []), ...brokenOrder(batch, reported)],
  };
}

/** What an answer leaves to be done behind a failure of its group, or partition: that record will have overtaken it. */
function brokenOrder(batch: EventBatch, reported: ReadonlySet<string>): string[] {
  const { record: what, isDone, lane: laneName } = wordsOf(batch);
  const failed = new Map<string | undefined, string>();
  const warnings: string[] = [];
  batch.records.forEach((record, index) => {
    if (batch.returns === 'listed' && isFromFifoQueue(record as SQSRecord) !== true) return;
    const lane = batch.laneOf(record);
    const identifier = batch.identifiers[index];
    const before = failed.get(lane);
    if (identifier !== undefined && reported.has(identifier)) failed.set(lane, before ?? identifier);
    else if (before !== undefined) {
      warnings.push(
        `${what} ${identifier ?? 'without identifier'} ${isDone} although ${before}, before it in ${laneName} ${String(lane)}, comes back: order is lost.`,
      );
    }
  });
  return warnings;
}

const wordsOf = ({ returns }: EventBatch) =>
  returns === 'listed'
    ? { record: 'Message', isDone: 'is deleted', areDone: 'are deleted', lane: 'group' }
    : { record: 'Record', isDone: 'counts as done', areDone: 'count as done', lane: 'partition' };

/** Kafka, perhaps: in each partition, everything from the lowest listed offset on. Its records arrive in ascending order. */
function resumed(
  batch: EventBatch,
  reported: ReadonlySet<string>,
  warnings: readonly string[],
): ResponseInterpretation {
  const failed = new Set<string | undefined>();
  const isBack = batch.records.map((record, index) => {
    const lane = batch.laneOf(record);
    if (reported.has(batch.identifiers[index]!)) failed.add(lane);
    return failed.has(lane);
  });
  return {
    outcome: 'partial',
    returned: returnedOf(batch, (_, index) => isBack[index]!),
    ...noProgress(isBack.every(Boolean)),
    warnings,
  };
}

const noProgress = (isAll: boolean) => (isAll ? { reason: 'no progress: every record of the batch comes back' } : {});

/** Streams: everything from the lowest listed sequence number on comes back. Records arrive in ascending order. */
function fromCheckpoint(
  batch: EventBatch,
  reported: ReadonlySet<string>,
  warnings: readonly string[],
): ResponseInterpretation {
  const first = batch.identifiers.findIndex((identifier) => reported.has(identifier!));
  return {
    outcome: 'partial',
    returned: returnedOf(batch, (_, index) => index >= first),
    checkpoint: batch.identifiers[first]!,
    ...(first === 0 && { reason: 'no progress: the checkpoint is at the first record of the batch' }),
    warnings,
  };
}
