import type { ChunkError } from '../chunk-error';
import { byPosition, type EntryAnswer, type PositionalApi } from './by-position';

/** The parts of an answer of PutEvents that say what failed. */
export interface PutEventsAnswer {
  /** How many were not taken. */
  readonly FailedEntryCount?: number | null | undefined;
  /** What became of each event, in their order: `ErrorCode` where it was not taken. */
  readonly Entries?: readonly EntryAnswer[] | null | undefined;
}

const API: PositionalApi = {
  helper: 'putEvents',
  call: 'PutEvents',
  service: 'EventBridge',
  list: 'Entries',
  count: 'FailedEntryCount',
  isMessageSafe: false,
};

/**
 * The events that PutEvents of EventBridge has not taken, by their position in the request, which has to be their index in
 * the chunk; undefined where it has taken all. The name of each error is its ErrorCode; its ErrorMessage is left out,
 * because it can be about what the event holds.
 *
 * @throws BatchProcessingError where the answer fits no request, so that the whole chunk fails
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 *
 * @example
 * ```ts
 * const Entries = chunk.map((order) => ({ Source: 'shop', DetailType: 'placed', Detail: JSON.stringify(order) }));
 * const error = failedIn.putEvents(await bus.send(new PutEventsCommand({ Entries })));
 * if (error !== undefined) throw error;
 * ```
 */
export function putEvents(result: PutEventsAnswer): ChunkError | undefined {
  return byPosition(API, result);
}
