import type { ChunkError } from '../chunk-error';
import { chunkErrorOf, failure } from './failures';
import { type Api, kindOf, filledListOf, misfit, nameIn, objectOf } from './misfit';

/** What became of one action. */
export interface BulkItemAnswer {
  readonly status?: number | undefined;
  readonly error?: { readonly type?: string | null | undefined } | null | undefined;
}

/** The parts of an answer of _bulk that say what failed. */
export interface BulkAnswer {
  /** Whether one of the actions failed. */
  readonly errors?: boolean | undefined;
  /** What became of each action, in their order, under the name of the action. */
  readonly items?: readonly Readonly<Partial<Record<(typeof ACTIONS)[number], BulkItemAnswer>>>[] | undefined;
}

const ACTIONS = ['index', 'create', 'update', 'delete'] as const;

const API: Api = { helper: 'bulk', call: '_bulk (the body of the response, without filter_path)' };

/**
 * The actions that _bulk of OpenSearch, or of Elasticsearch, has not carried out, by their position in the request, which has
 * to be their index in the chunk; undefined where it has carried out all. To delete what is not there is no failure. The
 * name of each error is its type; its reason is left out, because it can quote a field.
 *
 * @throws BatchProcessingError where the answer fits no request, so that the whole chunk fails
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/indexing.html
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 *
 * @example
 * ```ts
 * const { body } = await openSearch.bulk({ body: chunk.flatMap((order) => [{ index: { _id: order.id } }, order]) });
 * const error = failedIn.bulk(body);
 * if (error !== undefined) throw error;
 * ```
 */
export function bulk(result: BulkAnswer): ChunkError | undefined {
  const { errors, items } = objectOf(API, 'the answer', result);
  const failures = new Map<number, Error>();
  for (const [index, item] of filledListOf(API, 'items', items).entries()) {
    const error = errorOf(`items[${index}]`, item);
    if (error !== undefined) failures.set(index, error);
  }
  if (errors !== failures.size > 0) {
    const expected = `errors to be ${failures.size > 0}, as ${failures.size} of the items have an error`;
    throw misfit(API, expected, typeof errors === 'boolean' ? String(errors) : kindOf(errors));
  }
  return chunkErrorOf(failures);
}

function errorOf(what: string, item: unknown): Error | undefined {
  const actions = Object.entries(objectOf(API, what, item)).filter(([, value]) => value !== undefined);
  const [action, value] = actions[0] ?? [];
  if (actions.length !== 1 || !ACTIONS.includes(action as never)) {
    throw misfit(API, `${what} to have one of ${ACTIONS.join(', ')}`, `an object with ${actions.length} properties`);
  }
  const { status, error } = objectOf(API, `the action of ${what}`, value);
  // Without one, filter_path has left out what succeeded, and positions say nothing.
  if (!Number.isInteger(status)) throw misfit(API, `the status of ${what} to be an integer`, kindOf(status));
  if (error === undefined || error === null) {
    if ((status as number) < 400 || (status === 404 && action === 'delete')) return undefined;
    throw misfit(API, `${what} to have an error, as its status is ${status as number}`, kindOf(error));
  }
  const type = nameIn(API, `the type of the error of ${what}`, objectOf(API, `the error of ${what}`, error).type);
  return failure(type, `The index has not carried it out: status ${status as number}.`);
}
