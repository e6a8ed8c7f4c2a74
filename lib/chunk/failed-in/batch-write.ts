import type { ChunkError } from '../chunk-error';
import { chunkErrorOf, failure } from './failures';
import { formOf } from './form-of';
import { type Api, kindOf, listOf, misfit, objectOf } from './misfit';

/** What BatchWriteItem is to do with one item: attributes, or plain values with the document client. */
export interface WriteRequest {
  readonly PutRequest?: { readonly Item?: object | undefined } | null | undefined;
  readonly DeleteRequest?: { readonly Key?: object | undefined } | null | undefined;
}

/** The requests of a call of BatchWriteItem, by table. */
export type RequestItems = Readonly<Record<string, readonly WriteRequest[]>>;

/** The part of an answer of BatchWriteItem that says what was not written. */
export interface BatchWriteAnswer {
  /** What was not written, by table, as it was sent. */
  readonly UnprocessedItems?: RequestItems | null | undefined;
}

const API: Api = { helper: 'batchWrite', call: 'BatchWriteItem' };

/** All that an answer has that leaves nothing unprocessed. */
const OF_SUCCESS = ['UnprocessedItems', 'ItemCollectionMetrics', 'ConsumedCapacity', '$metadata'];

/**
 * The items that BatchWriteItem of DynamoDB has left unprocessed; undefined where it has left none. They are found by their
 * value among those that were sent, and the index is the position there: with one table that in its array, which has to be
 * the index in the chunk; with several that over all of their arrays, in the order of the object's entries.
 *
 * It is the same with the document client, and with the answer of a later call that was made with what the first had left.
 *
 * @param sent the RequestItems of the call, for all of the chunk
 * @throws BatchProcessingError where the answer fits no request, such as one with an item that was not sent, so that the whole
 * chunk fails
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 *
 * @example
 * ```ts
 * const RequestItems = { orders: chunk.map((Item) => ({ PutRequest: { Item } })) };
 * const answer = await documents.send(new BatchWriteCommand({ RequestItems }));
 * const error = failedIn.batchWrite(answer, RequestItems);
 * if (error !== undefined) throw error;
 * ```
 */
export function batchWrite(result: BatchWriteAnswer, sent: RequestItems): ChunkError | undefined {
  const requests = requestsIn('the second argument, the RequestItems,', sent);
  if (requests.length === 0) throw misfit(API, 'RequestItems with a request', 'none');
  const left = leftIn(result);
  const indexes = indexesOf(left, requests);
  if (indexes.length < left.length) {
    const expected = 'each of the UnprocessedItems to be one of the RequestItems';
    throw misfit(API, expected, `${left.length - indexes.length} of ${left.length} that are not, or more often`);
  }
  indexes.sort((one, other) => one - other);
  return chunkErrorOf(new Map(indexes.map((index) => [index, failure('UnprocessedItem', MESSAGE)])));
}

const MESSAGE = 'DynamoDB has left the item unprocessed, and does not say why: throughput or size, as a rule.';

/** What is to be done with one item. */
interface Request {
  readonly table: string;
  readonly kind: string;
  readonly values: object;
}

function leftIn(result: unknown): Request[] {
  const answer = objectOf(API, 'the answer', result);
  const { UnprocessedItems } = answer;
  if (UnprocessedItems !== undefined && UnprocessedItems !== null) {
    return requestsIn('UnprocessedItems', UnprocessedItems);
  }
  // Nothing else says that it is an answer of BatchWriteItem at all.
  if (!isPlain(answer) || Object.keys(answer).some((name) => !OF_SUCCESS.includes(name))) {
    const expected = `UnprocessedItems, or an answer that has nothing but ${OF_SUCCESS.slice(1).join(', ')}`;
    throw misfit(API, expected, kindOf(answer));
  }
  return [];
}

function requestsIn(what: string, items: unknown): Request[] {
  const tables = objectOf(API, what, items);
  // Of a Map, say, there are no entries: it would be one that has nothing in it.
  if (!isPlain(tables)) throw misfit(API, `${what} to be a plain object of arrays`, kindOf(tables));
  return Object.entries(tables).flatMap(([table, list], position) =>
    [...listOf(API, `table ${position + 1} of ${what}`, list)].map((request) => requestOf(what, table, request)),
  );
}

function requestOf(what: string, table: string, request: unknown): Request {
  const { PutRequest, DeleteRequest } = objectOf(API, `each request of ${what}`, request);
  const values = [of(PutRequest, 'Item'), of(DeleteRequest, 'Key')];
  const [put, remove] = values;
  if ((put === undefined) === (remove === undefined)) {
    const expected = `each request of ${what} to have either a PutRequest with an Item or a DeleteRequest with a Key`;
    throw misfit(API, expected, put === undefined ? 'one with neither' : 'one with both');
  }
  return { table, kind: put === undefined ? 'delete' : 'put', values: (put ?? remove)! };
}

function of(request: unknown, name: string): object | undefined {
  const value = (request as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Where the requests that are left are among those that were sent, each at a place of its own; without those that are not. */
function indexesOf(left: readonly Request[], sent: readonly Request[]): number[] {
  const found: number[] = [];
  let missing = left;
  // What is exactly the same comes first, in case that two of those sent are one as they are stored.
  for (const asStored of [false, true]) {
    if (missing.length === 0) break;
    const placeOf = ({ table, kind, values }: Request): string =>
      `${JSON.stringify(table)} ${kind} ${formOf(values, asStored)}`;
    const open = new Map<string, number[]>();
    for (const [index, request] of sent.entries()) {
      if (found.includes(index)) continue;
      const place = placeOf(request);
      open.set(place, [...(open.get(place) ?? []), index]);
    }
    missing = missing.filter((request) => {
      const index = open.get(placeOf(request))?.shift();
      if (index !== undefined) found.push(index);
      return index === undefined;
    });
  }
  return found;
}

/** Also of another realm, which jest runs its tests in. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
