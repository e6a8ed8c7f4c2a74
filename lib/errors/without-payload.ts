import { nodeUtil } from './show';

/**
 * An error as a log line or a span may show it: a copy that has its name, its message where that is safe, its own stack
 * frames, and the same of its causes and of what it aggregates where those are errors. Nothing else of it is shown. Never
 * throws.
 */
export function withoutPayload(error: Error): Error {
  try {
    return copyOf(error);
  } catch {
    return new Error('(an error that cannot be read)');
  }
}

/** Name and message of an error, as `withoutPayload` shows them. Never throws. */
export function summaryOf(error: Error): string {
  try {
    return `${nameOf(error)}: ${messageOf(error)}`;
  } catch {
    return 'Error: (an error that cannot be read)';
  }
}

/** The name of an error; it can be anything, and not all can be shown, or read. Never throws. */
export function nameOf(error: Error): string {
  const name = read(error, 'name');
  return typeof name === 'string' ? name : 'Error';
}

/** Also for errors of another realm, which are no `instanceof Error` here: jest runs its tests in one. Never throws. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Error || nodeUtil().types.isNativeError(value);
  } catch {
    return false;
  }
}

/** How far down causes are shown, and how many errors that one aggregates. */
const MOST_CAUSES = 10;

function copyOf(error: Error, copies?: Map<Error, Error>): Error {
  const copy = withoutFrames(messageOf(error), error);
  copies?.set(error, copy);
  const name = nameOf(error);
  if (name !== 'Error') hide(copy, 'name', name);
  // Its name is what the runtime's log in JSON has as the errorType.
  const { constructor } = Object.getPrototypeOf(error) as Error;
  if (constructor !== Error) hide(copy, 'constructor', constructor);
  const cause = read(error, 'cause');
  const errors = read(error, 'errors');
  if (cause !== undefined || errors !== undefined) addBeneath(copy, cause, errors, copies ?? new Map([[error, copy]]));
  return Object.defineProperty(copy, 'stack', STACK);
}

function addBeneath(copy: Error, cause: unknown, aggregated: unknown, copies: Map<Error, Error>): void {
  const of = (value: unknown): Error | undefined =>
    isError(value) && (copies.has(value) || copies.size < MOST_CAUSES)
      ? (copies.get(value) ?? copyOf(value, copies))
      : undefined;
  const shown = of(cause);
  const errors = Array.isArray(aggregated) ? aggregated.map(of).filter(isError) : [];
  if (shown !== undefined) hide(copy, 'cause', shown);
  if (errors.length > 0) hide(copy, 'errors', errors);
}

/** As enumerable as what any error has. */
function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}

/** A copy that has the frames of another error. */
class Shown extends Error {
  readonly #of: Error;

  constructor(message: string, of: Error) {
    super(message);
    this.#of = of;
  }

  static stackOf(error: Error): string {
    return `${nameOf(error)}: ${error.message}${#of in error ? framesOf(error.#of) : ''}`;
  }
}
Reflect.deleteProperty(Shown.prototype, 'constructor'); // that of Error is its class to all who look

/**
 * On use: not every logger shows it, and V8 has still to write it. One for all, because V8 makes a hidden class of an error that
 * has a getter of its own, which takes longer than all else here.
 */
const STACK: PropertyDescriptor & ThisType<Error> = {
  get() {
    return Shown.stackOf(this);
  },
  set(value) {
    hide(this, 'stack', value); // as of any error
  },
  configurable: true,
};

/** A copy whose own frames nobody captures, which takes long too. */
function withoutFrames(message: string, of: Error): Error {
  const { stackTraceLimit } = Error;
  Reflect.set(Error, 'stackTraceLimit', undefined); // cheaper than 0; where Error is frozen, they are captured
  const copy = new Shown(message, of);
  Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  return copy;
}

function messageOf(error: Error): string {
  const { message } = error;
  const isSafe = !isQuoting(error) && !quotesBeneath(error, []).some((quote) => repeats(message, quote));
  return isSafe ? message : '(message withheld: it can quote the record)';
}

/** Errors whose messages quote what was parsed or checked: of JSON.parse, BigInt and RegExp, and of validators. */
const QUOTING = ['SyntaxError', 'ValidationError', 'ValiError', 'ZodError'];

function isQuoting(error: Error): boolean {
  return error instanceof SyntaxError || QUOTING.includes(error.name);
}

/** The messages beneath an error that can quote a record. */
function quotesBeneath(error: Error, seen: Error[]): string[] {
  if (seen.includes(error) || seen.length > 10 * MOST_CAUSES) return [];
  seen.push(error);
  const quotes: string[] = [];
  for (const key of BENEATH) {
    const value = read(error, key);
    if (value === undefined) continue; // as most have none
    for (const each of key === 'errors' && Array.isArray(value) ? value : [value]) {
      if (isError(each)) quotes.push(...(isQuoting(each) ? [each.message] : []), ...quotesBeneath(each, seen));
    }
  }
  return quotes;
}

const BENEATH = ['cause', 'error', 'suppressed', 'errors'];

/** Whether a message has a part of another, which may be shortened or escaped in it. Of long ones that is assumed. */
function repeats(message: string, quote: string): boolean {
  if (message.length > LONGEST_MESSAGE || quote.length > LONGEST_MESSAGE) return true;
  const quoted = new Set(partsOf(quote));
  return partsOf(message).some((part) => quoted.has(part));
}

/** All that is as long as a part of a record has to be to tell something of it. */
function partsOf(message: string): string[] {
  const text = message.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return Array.from({ length: Math.max(0, text.length - SHORTEST_PART + 1) }, (_, start) =>
    text.slice(start, start + SHORTEST_PART),
  );
}

const SHORTEST_PART = 6;
const LONGEST_MESSAGE = 10_000;

/** The lines after the message, up to what is no frame: a wrapper can have put the stack of another error there. */
function framesOf(error: Error): string {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return '';
  const header = error.message === '' ? '' : `: ${error.message}`;
  const start = stack.indexOf(`${header}\n    at `);
  return start < 0 ? '' : FRAMES.exec(stack.slice(start + header.length))![0];
}

/** As V8 writes them. */
const FRAMES = /^(?:\n {4}at .*(?::\d+:\d+\)?|\((?:<anonymous>|native|index \d+)\))(?=\n|$))*/;

function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
