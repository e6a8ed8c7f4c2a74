import { nodeUtil, show } from '../errors/show';
import { type AnySource, anySource, hasMethods, isRow, isSourceName, sourceOf } from '../sources';
import { isChunk } from './chunking';
import { type ExtensionName, isExtension } from './extension';
import type { OrderingOptions } from './plan';
import { isReader } from './reader';

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

type Rule = readonly [expected: string, test: (value: unknown) => boolean];

const milliseconds: Rule = [
  'a number of milliseconds above 0 and at most 900000',
  (value) => typeof value === 'number' && value > 0 && value <= 900_000,
];

/** What each option must be, in words and as a test. */
const rules: Record<string, Rule> = {
  source: [anySource, (value) => isSourceName(value) || isRow(value)],
  fifo: ['a boolean', isBoolean],
  skipGroupOnError: ['a boolean', isBoolean],
  processInParallel: ['a boolean', isBoolean],
  throwOnFullBatchFailure: ['a boolean', isBoolean],
  order: ['a string', (value) => typeof value === 'string'], // which one, the source decides
  concurrency: ['a positive integer or Infinity', (value) => value === Infinity || isPositiveInteger(value)],
  stopBeforeTimeout: milliseconds,
  recordTimeout: milliseconds,
  logger: ['an object with the functions debug, warn and error', isLogger],
  processor: ['an instance of a processor class', (value) => hasMethods(value, ['~check', '~entry'])],
  payload: [`a payload reader, ${madeBy('json(), reader() or another', 'payload')}`, isReader],
  chunk: [madeBy('chunksOf()', 'chunk'), isChunk],
  nonRetryable: [madeBy('deadLetter()', 'dead-letter'), madeFor('nonRetryable')],
  retryDelay: [madeBy('exponentialBackoff() or delayBy()', 'retry-delay'), madeFor('retryDelay')],
  observers: [
    'an array of what observe() makes, or openTelemetry()',
    (value) => Array.isArray(value) && value.every(madeFor('observers')),
  ],
  guard: [madeBy('partialResponses()', 'guard'), madeFor('guard')],
};

/** All options of a decorator. */
export const optionNames = Object.keys(rules);

/** @throws TypeError where one of the named options has a value it can't have; undefined is as good as absent */
export function checkValues(who: string, given: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    if (given[name] !== undefined) checkValue(who, name, given[name]);
  }
}

/** @throws TypeError where the option has a value it can't have */
export function checkValue(who: string, name: string, value: unknown): void {
  const [expected, test] = rules[name]!;
  if (test(value)) return;
  throw new TypeError(`${who}: expected ${name} to be ${expected}, received ${show(value)}.`);
}

/** @throws TypeError where options contradict each other or the source */
export function checkCombination(
  who: string,
  given: OrderingOptions & { readonly source?: unknown; readonly retryDelay?: unknown },
): void {
  const { source, fifo, skipGroupOnError, order, concurrency, processInParallel, retryDelay } = given;
  const row = source === undefined ? undefined : sourceOf(source as AnySource);
  const refuse = (problem: string) => new TypeError(`${who}: ${problem}.`);
  const isQueue = row?.kind === 'queue';
  const orders: readonly string[] = row?.orders ?? ['shard', 'key'];
  const known = (): string => `'${orders.join("' or '")}'`; // the class API checks each batch
  if (retryDelay !== undefined && !isQueue) {
    throw refuse(
      `retryDelay is for source 'SQS', whose messages have a visibility timeout, received ${show(row?.name)}`,
    );
  }
  if (isQueue && order !== undefined) {
    throw refuse(`order is for streams; with source 'SQS' use fifo, received order: ${show(order)}`);
  }
  if (!isQueue && (fifo ?? skipGroupOnError) !== undefined) {
    throw refuse(
      `fifo and skipGroupOnError are for source 'SQS'; for streams use order: ${known()}, received source: ${show(row?.name)}`,
    );
  }
  if (order !== undefined && !orders.includes(order)) {
    throw refuse(`expected order to be ${known()}, received ${show(order)}`);
  }
  if (skipGroupOnError !== undefined && fifo !== true) {
    throw refuse(`skipGroupOnError needs fifo: true, received fifo: ${show(fifo)}`);
  }
  const oneLane = (fifo === true && !skipGroupOnError) || order === 'shard';
  if (oneLane && concurrency !== undefined) {
    throw refuse(
      `concurrency needs more than one lane (fifo with skipGroupOnError: true, or order: 'key'), received ${show(concurrency)}`,
    );
  }
  if ((fifo === true || order !== undefined) && processInParallel !== undefined) {
    throw refuse(`processInParallel is for batches without order, received ${show(processInParallel)}`);
  }
  if (concurrency !== undefined && processInParallel === (concurrency === 1)) {
    throw refuse(
      `processInParallel: ${show(processInParallel)} and concurrency: ${show(concurrency)} contradict each other`,
    );
  }
}

/** @throws TypeError where what should handle a record is no function, or a generator, which would never run */
export function checkRecordFunction(who: string, value: unknown): void {
  if (typeof value === 'function' && !nodeUtil().types.isGeneratorFunction(value)) return;
  const received =
    typeof value === 'function' ? 'a generator function, which runs nothing when it is called' : show(value);
  throw new TypeError(`Expected ${who} to be a function, received ${received}.`);
}

function madeBy(what: string, subpath: string): string {
  return `made by ${what} of lambda-batch-handler/${subpath}`;
}

function madeFor(name: ExtensionName): (value: unknown) => boolean {
  return (value) => isExtension(value, name);
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isLogger(value: unknown): boolean {
  return hasMethods(value, ['debug', 'warn', 'error']);
}
