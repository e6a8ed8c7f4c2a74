import type { ChunkError } from '../chunk-error';
import { chunkErrorOf, failure } from './failures';
import { type Api, filledListOf, listOf, misfit, nameIn, objectOf } from './misfit';

/** The parts of an answer of SendMessageBatch, or PublishBatch, that say what became of each entry. */
export interface SendMessageBatchAnswer {
  /** What was taken, by the Id of its entry. */
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | null | undefined;
  /** What was not taken, by the Id of its entry, and why. */
  readonly Failed?:
    | readonly {
        readonly Id?: string | undefined;
        readonly Code?: string | undefined;
        readonly Message?: string | null | undefined;
        readonly SenderFault?: boolean | undefined;
      }[]
    | null
    | undefined;
}

const API: Api = { helper: 'sendMessageBatch', call: 'SendMessageBatch or PublishBatch' };

/**
 * The messages that SendMessageBatch of SQS, or PublishBatch of SNS, has not taken; undefined where it has taken all. The
 * name of each error is its Code; its Message is left out, because it can quote a value of the entry.
 *
 * @param ids the Id of each entry, in the order of the chunk
 * @throws BatchProcessingError where the answer fits no request, such as one that does not have each of the ids once, so that
 * the whole chunk fails
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 *
 * @example
 * ```ts
 * const Entries = chunk.map((order, index) => ({ Id: String(index), MessageBody: JSON.stringify(order) }));
 * const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
 * const error = failedIn.sendMessageBatch(
 *   answer,
 *   Entries.map(({ Id }) => Id),
 * );
 * if (error !== undefined) throw error;
 * ```
 */
export function sendMessageBatch(result: SendMessageBatchAnswer, ids: readonly string[]): ChunkError | undefined {
  const indexes = indexesOf(ids);
  const answer = objectOf(API, 'the answer', result);
  const open = new Set(indexes.values());
  const indexOf = (what: string, entry: Readonly<Record<string, unknown>>): number => {
    const index = indexes.get(entry.Id);
    if (index === undefined) throw misfit(API, `the Id of ${what} to be one of the ids`, 'another');
    if (!open.delete(index)) throw misfit(API, 'each of the ids once in the answer', `that of ${what} twice`);
    return index;
  };
  for (const [what, entry] of entriesOf('Successful', answer)) indexOf(what, entry);
  const failed: [number, Error][] = [];
  for (const [what, entry] of entriesOf('Failed', answer)) {
    const fault =
      typeof entry.SenderFault === 'boolean' ? `, by the fault of the ${entry.SenderFault ? 'sender' : 'service'}` : '';
    const error = failure(nameIn(API, `the Code of ${what}`, entry.Code), `The message was not taken${fault}.`);
    failed.push([indexOf(what, entry), error]);
  }
  if (open.size > 0) {
    throw misfit(
      API,
      'each of the ids in Successful or in Failed',
      `an answer without ${open.size} of ${indexes.size}`,
    );
  }
  return chunkErrorOf(new Map(failed.sort(([one], [other]) => one - other)));
}

function indexesOf(ids: unknown): Map<unknown, number> {
  const what = 'the second argument, the ids,';
  const indexes = new Map<unknown, number>();
  for (const [index, id] of filledListOf(API, what, ids).entries())
    indexes.set(nameIn(API, 'each of the ids', id), index);
  const { length } = ids as readonly unknown[];
  if (indexes.size < length) throw misfit(API, 'ids that are distinct', `${indexes.size} different ones of ${length}`);
  return indexes;
}

/** The entries of a list that can be left out where it is empty, each with where it is. */
function* entriesOf(
  name: keyof SendMessageBatchAnswer,
  answer: Readonly<Record<string, unknown>>,
): Iterable<[string, Readonly<Record<string, unknown>>]> {
  for (const [position, entry] of listOf(API, name, answer[name] ?? []).entries()) {
    const what = `${name}[${position}]`;
    yield [what, objectOf(API, what, entry)];
  }
}
