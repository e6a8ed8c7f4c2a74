// Not in index.ts: of that, the other subpaths have what is public alone.
import { BatchProcessingError } from '.';
import { isError } from './without-payload';

/** Any thrown value as an Error: itself if it is one, of whatever realm; otherwise it becomes the `cause`. Never throws. */
export function toError(thrown: unknown): Error {
  try {
    // One whose message cannot be read would fail everyone who reports it.
    if (isError(thrown) && typeof thrown.message === 'string') return thrown;
    return new BatchProcessingError(describe(thrown), { cause: thrown });
  } catch {
    return new BatchProcessingError('The record failed with an error that cannot be read.', { cause: thrown });
  }
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return `The record failed with ${kindOf(thrown)}, which is no Error.`;
}

/** What was thrown, in words: of an object its class at the most, because all else of it can be a payload. */
function kindOf(thrown: unknown): string {
  if (typeof thrown === 'function') return 'a function';
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const [what, one] = Array.isArray(thrown)
    ? [`an array of ${thrown.length}`, thrown[0] as unknown]
    : ['an object', thrown];
  const name = classOf(one);
  return name === '' || name === 'Object' ? what : `${what} (${name})`;
}

function classOf(value: unknown): string {
  const prototype = Object.getPrototypeOf(Object(value)) as { constructor?: { name?: unknown } } | null;
  const name = value === undefined ? undefined : prototype?.constructor?.name;
  return typeof name === 'string' ? name : '';
}
