import { nodeUtil } from './show';

/**
 * An error as a log line may show it: itself, unless it, or what is beneath it, can hold a payload. Then a copy, without
 * the messages that quote one, and without causes that are no errors, such as a record that was thrown.
 */
export function withoutPayload(error: Error): Error {
  try {
    const found = reachable(error);
    const quotes = found.errors.filter(isSyntaxError).map(({ message }) => message);
    return found.others || quotes.length > 0 ? withheld(error, quotes, new Map()) : error;
  } catch {
    return new Error('(an error that cannot be read)');
  }
}

/** Also for errors of another realm, which are no `instanceof Error` here: jest runs its tests in one. Never throws. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || nodeUtil().types.isNativeError(value);
  } catch {
    return false;
  }
}

/** The error, its causes and what it aggregates, each once; and whether there is anything else among the causes. */
function reachable(error: Error): { errors: Error[]; others: boolean } {
  const errors = new Set<Error>();
  const waiting: unknown[] = [error];
  let others = false;
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!isError(next)) {
      others ||= !['undefined', 'number', 'boolean'].includes(typeof next);
    } else if (!errors.has(next)) {
      errors.add(next);
      const aggregated = read(next, 'errors');
      others ||= aggregated === unreadable;
      waiting.push(read(next, 'cause'), ...(Array.isArray(aggregated) ? aggregated.filter(isError) : []));
    }
  }
  return { errors: [...errors], others };
}

/** At run time a SyntaxError comes from JSON.parse, BigInt or RegExp, and its message quotes what was parsed. */
function isSyntaxError(error: Error): boolean {
  return error instanceof SyntaxError || error.name === 'SyntaxError';
}

function withheld(error: Error, quotes: readonly string[], copies: Map<Error, Error>): Error {
  const { name, message } = error;
  const isQuoting = quotes.some((quote) => quote !== '' && message.includes(quote));
  const copy = new Error(isQuoting ? '(message withheld: it can quote the record)' : message);
  copies.set(error, copy);
  copy.name = name;
  copy.stack = `${name}: ${copy.message}${framesOf(error)}`;
  const cause = read(error, 'cause');
  if (isError(cause)) copy.cause = copies.get(cause) ?? withheld(cause, quotes, copies);
  return copy;
}

/** What follows the message in the stack: a line of a payload in the message may look like a frame. */
function framesOf(error: Error): string {
  const stack = read(error, 'stack');
  const start = typeof stack === 'string' ? stack.indexOf(error.message) : -1;
  return start < 0 ? '' : (stack as string).slice(start + error.message.length);
}

const unreadable = Symbol('unreadable');

function read(error: Error, key: 'cause' | 'errors' | 'stack'): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch {
    return unreadable;
  }
}
