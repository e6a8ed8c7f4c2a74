import type { SQSRecord } from 'aws-lambda';

import { type Source, sourceOf } from '../sources';
import { detectSource, identifierOf } from '../sources/detect';
import { isFromFifoQueue } from '../sources/sqs';
import { show } from '../errors/show';
import { isError } from '../errors/without-payload';
import { checkArray, checkOneOf, checkOptions } from './check';
import { PAYLOAD_BYTES } from './payload-limit';

/** What Lambda does with the answer to a batch. */
export interface ResponseInterpretation {
  /**
   * - `success`: the whole batch is done.
   * - `partial`: the answer lists failures, and Lambda goes by the list; also where it lists every record.
   * - `failure`: the whole batch comes back.
   */
  readonly outcome: 'success' | 'partial' | 'failure';
  /** The identifiers of the records that come back, in record order, each once. */
  readonly returned: readonly string[];
  /**
   * Streams: the sequence number at which Lambda sets its checkpoint. After a success, that of the last record: reading
   * goes on behind it. After a partial answer, the lowest reported one: everything from it is delivered again. None after
   * a failure: the checkpoint stays where it was.
   */
  readonly checkpoint?: string;
  /** Why it is a failure, or why a partial answer makes no progress. */
  readonly reason?: string;
  /** What is dangerous about the answer, although Lambda accepts it without a word. */
  readonly warnings: readonly string[];
}

/** Options of `interpretResponse`, and of the simulations, which interpret with them. */
export interface InterpretOptions {
  /**
   * Whether `FunctionResponseTypes` of the event source mapping has ReportBatchItemFailures. Without it Lambda ignores
   * what a function answers, and takes it for a success. Default: true.
   */
  readonly reportBatchItemFailures?: boolean;
  /**
   * What to make of answers of which AWS does not say how Lambda takes them: a string, a number, a boolean or a filled
   * array instead of an object; a `batchItemFailures` that is no array; an identifier listed twice; a valid one beside an
   * invalid one. With `lenient`, the first two are a success, and of the others the valid identifiers count once.
   * Default: `failure`, the one that a test notices.
   */
  readonly undocumented?: 'failure' | 'lenient';
}

export const interpretOptionNames: readonly (keyof InterpretOptions)[] = ['reportBatchItemFailures', 'undocumented'];

/** An event of one of the sources. */
export interface BatchEvent {
  readonly Records: readonly unknown[];
}

/**
 * Tells what Lambda does with an answer to an event: which records come back, and where the checkpoint of a stream goes.
 * An Error instead of an answer stands for a failed invocation: one that threw, crashed or timed out.
 *
 * The answer is read as the Node.js runtime hands it over, as JSON: `undefined` and NaN are `null` there.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (SQS: exactly what is listed comes
 * back), https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html (streams: everything
 * from the lowest listed sequence number on), https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 * (an answer to a tumbling window needs a `state`).
 *
 * @throws TypeError where the event is no batch of one source, or the answer is a promise
 */
export function interpretResponse(
  event: BatchEvent,
  answer: unknown,
  options: InterpretOptions = {},
): ResponseInterpretation {
  checkOptions('interpretResponse', options, interpretOptionNames);
  checkOneOf('undocumented', options.undocumented ?? 'failure', ['failure', 'lenient']);
  checkOneOf('reportBatchItemFailures', options.reportBatchItemFailures ?? true, [true, false]);
  if (isThenable(answer)) {
    throw new TypeError('Expected the answer of a handler, received a promise of one: await it first.');
  }
  if (isError(answer)) return comesBack(batchOf(event), `the invocation failed: ${messageOf(answer)}`);
  return interpretAnswer(event, answer, options);
}

/** The same for what a handler has returned, which may be an error: that is an answer like any other, `{}` in JSON. */
export function interpretAnswer(event: BatchEvent, answer: unknown, options: InterpretOptions): ResponseInterpretation {
  const batch = batchOf(event);
  const json = asJson(answer);
  if ('problem' in json) return comesBack(batch, json.problem);
  if (batch.needsState && !isObject(json.value, 'state')) {
    return comesBack(batch, 'the answer to a tumbling window has no state');
  }
  if (options.reportBatchItemFailures === false) {
    return done(batch, ['The answer is ignored: ReportBatchItemFailures is not set, so every record counts as done.']);
  }
  const interpretation = readAnswer(batch, json.value, options.undocumented === 'lenient');
  return json.text === '{}' && !isPlainAndEmpty(answer)
    ? {
        ...interpretation,
        warnings: ['The answer is {} in JSON, whatever it holds, which counts every record as done.'],
      }
    : interpretation;
}

function isThenable(value: unknown): boolean {
  try {
    return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
  } catch {
    return false; // whoever awaits it will be told
  }
}

function isPlainAndEmpty(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Reflect.ownKeys(value as object).length === 0;
}

function messageOf(thrown: unknown): string {
  try {
    return isError(thrown) ? thrown.message : show(thrown);
  } catch {
    return 'an error that cannot be read';
  }
}

/** What an event holds, as far as its answer is concerned. */
interface EventBatch {
  readonly records: readonly unknown[];
  /** Index-aligned with the records. */
  readonly identifiers: readonly (string | undefined)[];
  readonly isStream: boolean;
  readonly needsState: boolean;
}

function batchOf(event: BatchEvent | undefined): EventBatch {
  const { Records: records, window } = (event ?? {}) as { Records?: unknown; window?: unknown };
  checkArray('Records of the event', records);
  const list = records as readonly unknown[];
  const source = detectSource(list[0]);
  if (source === undefined && list.length > 0) {
    const { eventSource } = (list[0] ?? {}) as { eventSource?: unknown };
    throw new TypeError(
      `Expected records of SQS, Kinesis or DynamoDB Streams, received one whose eventSource is ${show(eventSource)}.`,
    );
  }
  const other = list.findIndex((record) => detectSource(record) !== source);
  if (other >= 0) throw new TypeError(`Expected records of one source, received another one at index ${other}.`);
  const identifiers = list.map((record) => identifierOf(source!, record) as string | undefined);
  return {
    records: list,
    identifiers,
    isStream: source?.kind !== 'queue',
    needsState: (window ?? undefined) !== undefined,
  };
}

/** What the runtime makes of an answer: its JSON, read again, or the problem that fails the invocation. */
function asJson(answer: unknown): { value: unknown; text: string } | { problem: string } {
  try {
    const text = JSON.stringify(answer === undefined ? null : answer) as string | undefined;
    if (text !== undefined) {
      return Buffer.byteLength(text) > PAYLOAD_BYTES
        ? { problem: 'the answer is larger than 6 MB' }
        : { value: JSON.parse(text), text };
    }
  } catch (error) {
    return { problem: `the answer cannot be serialised: ${messageOf(error)}` };
  }
  return { problem: `the answer cannot be serialised: it is of type ${typeof answer}` };
}

function readAnswer(batch: EventBatch, value: unknown, lenient: boolean): ResponseInterpretation {
  if (value === null) {
    return done(batch, ['The answer is null, which counts every record as done: does the handler return its answer?']);
  }
  if (typeof value !== 'object' || (Array.isArray(value) && value.length > 0)) {
    const problem = `the answer is ${kindOf(value)} instead of an object`;
    return lenient ? done(batch, [undocumented(problem)]) : comesBack(batch, undocumented(problem));
  }
  if (!isObject(value, 'batchItemFailures')) {
    const names = Object.keys(value).filter((name) => !(batch.needsState && name === 'state'));
    const warning = `The answer has no batchItemFailures but ${names.join(', ')}, which counts every record as done.`;
    return done(batch, names.length === 0 ? [] : [warning]);
  }
  const { batchItemFailures: listed } = value;
  if (listed === null) return done(batch, []);
  if (!Array.isArray(listed)) {
    const problem = `batchItemFailures is ${kindOf(listed)} instead of an array`;
    return lenient ? done(batch, [undocumented(problem)]) : comesBack(batch, undocumented(problem));
  }
  return listed.length === 0 ? done(batch, []) : readList(batch, listed, lenient);
}

function readList(batch: EventBatch, listed: readonly unknown[], lenient: boolean): ResponseInterpretation {
  const known = new Set(batch.identifiers);
  const reported = new Set<string>();
  const warnings: string[] = [];
  let problem: string | undefined;
  listed.forEach((entry, index) => {
    const identifier = isObject(entry, 'itemIdentifier') ? entry.itemIdentifier : undefined;
    if (typeof identifier !== 'string' || !known.has(identifier)) {
      problem ??= `batchItemFailures[${index}] ${faultOf(entry)}`;
    } else if (reported.has(identifier)) {
      warnings.push(undocumented(`batchItemFailures[${index}] lists an identifier again`));
    } else {
      reported.add(identifier);
    }
  });
  if (problem !== undefined) {
    if (!lenient || reported.size === 0) return comesBack(batch, problem);
    warnings.unshift(undocumented(problem));
  }
  if (!lenient && warnings.length > 0) return comesBack(batch, warnings[0]!);
  return batch.isStream ? fromCheckpoint(batch, reported, warnings) : exactly(batch, reported, warnings);
}

/** What is wrong with an entry of the list. */
function faultOf(entry: unknown): string {
  if (!isObject(entry, 'itemIdentifier')) return 'has no itemIdentifier';
  const { itemIdentifier } = entry;
  if (typeof itemIdentifier !== 'string') return `has an itemIdentifier that is ${kindOf(itemIdentifier)}`;
  return itemIdentifier === '' ? 'has an empty itemIdentifier' : 'has an itemIdentifier that is not in the batch';
}

/** SQS: what is listed comes back, and the rest is deleted. */
function exactly(batch: EventBatch, reported: ReadonlySet<string>, warnings: string[]): ResponseInterpretation {
  const lost = batch.records.filter((_, index) => batch.identifiers[index] === undefined).length;
  if (lost > 0) warnings.push(`Records without an identifier cannot be reported, and are deleted: ${lost} of them.`);
  warnings.push(...brokenGroups(batch, reported));
  return { outcome: 'partial', returned: inOrder(batch, (identifier) => reported.has(identifier)), warnings };
}

/** What a FIFO answer leaves to be deleted behind a failure of its group: that message will have overtaken it. */
function brokenGroups({ records, identifiers }: EventBatch, reported: ReadonlySet<string>): string[] {
  const source: Source = sourceOf('SQS');
  const failed = new Map<string | undefined, string>();
  const warnings: string[] = [];
  records.forEach((record, index) => {
    if (isFromFifoQueue(record as SQSRecord) !== true) return;
    const group = source.orderingKey(record);
    const identifier = identifiers[index];
    const before = failed.get(group);
    if (identifier !== undefined && reported.has(identifier)) failed.set(group, before ?? identifier);
    else if (before !== undefined) {
      warnings.push(
        `Message ${identifier ?? 'without identifier'} is deleted although ${before}, before it in group ${String(group)}, comes back: order is lost.`,
      );
    }
  });
  return warnings;
}

/** Streams: everything from the lowest listed sequence number on comes back. Records arrive in ascending order. */
function fromCheckpoint(batch: EventBatch, reported: ReadonlySet<string>, warnings: string[]): ResponseInterpretation {
  const first = batch.identifiers.findIndex((identifier) => reported.has(identifier!));
  return {
    outcome: 'partial',
    returned: inOrder(batch, (_, index) => index >= first),
    checkpoint: batch.identifiers[first]!,
    ...(first === 0 && { reason: 'no progress: the checkpoint is at the first record of the batch' }),
    warnings,
  };
}

function done(batch: EventBatch, warnings: readonly string[]): ResponseInterpretation {
  const last = batch.isStream ? batch.identifiers.findLast((identifier) => identifier !== undefined) : undefined;
  return { outcome: 'success', returned: [], ...(last !== undefined && { checkpoint: last }), warnings };
}

function comesBack(batch: EventBatch, reason: string): ResponseInterpretation {
  return { outcome: 'failure', returned: inOrder(batch, () => true), reason, warnings: [] };
}

function inOrder({ identifiers }: EventBatch, test: (identifier: string, index: number) => boolean): string[] {
  const kept = identifiers.filter((identifier, index) => identifier !== undefined && test(identifier, index));
  return [...new Set(kept as string[])];
}

const undocumented = (problem: string): string => `${problem}; AWS does not say how Lambda takes that`;

function isObject<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
