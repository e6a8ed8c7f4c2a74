// Not in index.ts: of that, the other subpaths have what is public alone.
import { BatchProcessingError } from '.';
import { isError } from './without-payload';

/** Any thrown value as an Error: itself if it is one, of whatever realm; otherwise it becomes the `cause`. Never throws. */
export function toError(thrown: unknown): Error {
  try {
    // One whose message cannot be read would fail everyone who reports it.
    if (isError(thrown) && typeof thrown.message === 'string') return thrown;
  } catch {
    return new BatchProcessingError('The record failed with an error that cannot be read.', { cause: thrown });
  }
  return new BatchProcessingError(describe(thrown), { cause: thrown });
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const what = typeof thrown === 'object' && thrown !== null ? 'an object' : String(thrown);
  return `The record failed with ${typeof thrown === 'function' ? 'a function' : what}, which is no Error.`;
}
