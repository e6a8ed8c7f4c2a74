import { show } from '../errors/show';
import { isError } from '../errors/without-payload';
import { checkOneOf, checkOptions } from './check';
import {
  type AnyBatchEvent,
  type BatchEvent,
  batchOf,
  type EventBatch,
  isKafkaEvent,
  type KafkaBatchEvent,
} from './event-batch';
import {
  type AnyInterpretOptions,
  comesBack,
  done,
  type InterpretOptions,
  interpretOptionNames,
  type KafkaInterpretOptions,
  type ResponseInterpretation,
  undocumentedForms,
  undocumentedReturns,
} from './interpretation';
import { afterReporting } from './partial-answer';
import { PAYLOAD_BYTES } from './payload-limit';
import { hasOwn, kindOf, readerOf } from './reported-identifier';

/**
 * Tells what Lambda, or EventBridge Pipes, does with an answer to an event: which records come back, and where the checkpoint
 * of a stream goes. An Error instead of an answer stands for a failed invocation: one that threw, crashed or timed out.
 *
 * The answer is read as the Node.js runtime hands it over, as JSON: `undefined` and NaN are `null` there. An array is an event
 * of a pipe, which is read in the same way, by `eventID` where it is of a stream, as if that set a checkpoint too; AWS does
 * not say. From Kafka a pipe takes no partial answer: any failure brings all of it back.
 * Facts: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (SQS: exactly what is listed comes
 * back), https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html (streams: everything
 * from the lowest listed sequence number on), https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 * (an answer to a tumbling window needs a `state`),
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html (Kafka: see `undocumented`),
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 *
 * @throws TypeError where the event is no batch of one source, an option is not for it, or the answer is a promise
 *
 * @example
 * ```ts
 * const event = sqsEvent(['good', 'bad']);
 * const { returned } = interpretResponse(event, await handler(event, lambdaContext()));
 * ```
 */
export function interpretResponse(
  event: BatchEvent | readonly unknown[],
  answer: unknown,
  options?: InterpretOptions,
): ResponseInterpretation;
export function interpretResponse(
  event: KafkaBatchEvent,
  answer: unknown,
  options?: KafkaInterpretOptions,
): ResponseInterpretation;
export function interpretResponse(
  event: AnyBatchEvent,
  answer: unknown,
  options: AnyInterpretOptions = {},
): ResponseInterpretation {
  checkOptions('interpretResponse', options, interpretOptionNames);
  const { undocumented: form, reportBatchItemFailures = true } = options;
  const forms = isKafkaEvent(event) ? undocumentedReturns : undocumentedForms;
  checkOneOf('undocumented', form ?? forms[0], forms);
  checkOneOf('reportBatchItemFailures', reportBatchItemFailures, Array.isArray(event) ? [true] : [true, false]);
  if (isThenable(answer)) {
    throw new TypeError('Expected the answer of a handler, received a promise of one: await it first.');
  }
  return isError(answer) ? interpretFailure(event, answer) : interpretAnswer(event, answer, options);
}

/** What comes of a failed invocation. */
export function interpretFailure(event: AnyBatchEvent, error: unknown): ResponseInterpretation {
  return comesBack(batchOf(event), `the invocation failed: ${messageOf(error)}`);
}

/** The same for what a handler has returned, which may be an error: that is an answer like any other, `{}` in JSON. */
export function interpretAnswer(
  event: AnyBatchEvent,
  answer: unknown,
  { reportBatchItemFailures, undocumented: form }: AnyInterpretOptions,
): ResponseInterpretation {
  const batch = batchOf(event);
  const json = asJson(answer);
  if ('problem' in json) return comesBack(batch, json.problem);
  if (batch.needsState && !hasOwn(json.value, 'state')) {
    return comesBack(batch, 'the answer to a tumbling window has no state');
  }
  if (reportBatchItemFailures === false) {
    return done(batch, ['The answer is ignored: ReportBatchItemFailures is not set, so every record counts as done.']);
  }
  const interpretation = readAnswer(batch, json.value, form);
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

function readAnswer(batch: EventBatch, value: unknown, form: AnyInterpretOptions['undocumented']) {
  const odd = (problem: string): ResponseInterpretation =>
    form === 'lenient' ? done(batch, [undocumented(problem)]) : comesBack(batch, undocumented(problem));
  if (value === null) {
    return done(batch, ['The answer is null, which counts every record as done: does the handler return its answer?']);
  }
  const isOddArray = Array.isArray(value) && (value.length > 0 || batch.returns === 'partition');
  if (typeof value !== 'object' || isOddArray) return odd(`the answer is ${kindOf(value)} instead of an object`);
  if (!hasOwn(value, 'batchItemFailures')) {
    const names = Object.keys(value).filter((name) => !(batch.needsState && name === 'state'));
    const warning = `The answer has no batchItemFailures but ${names.join(', ')}, which counts every record as done.`;
    return done(batch, names.length === 0 ? [] : [warning]);
  }
  const { batchItemFailures: listed } = value;
  if (listed === null) return done(batch, []);
  if (!Array.isArray(listed)) return odd(`batchItemFailures is ${kindOf(listed)} instead of an array`);
  return listed.length === 0 ? done(batch, []) : readList(batch, listed, form);
}

function readList(
  batch: EventBatch,
  listed: readonly unknown[],
  form: AnyInterpretOptions['undocumented'],
): ResponseInterpretation {
  if (batch.returns === 'everything') return comesBack(batch, 'a pipe takes no partial answer about records of Kafka');
  const read = readerOf(batch);
  const reported = new Set<string>();
  const warnings: string[] = [];
  let problem: string | undefined;
  listed.forEach((entry, index) => {
    const named = read(entry);
    if ('fault' in named) problem ??= `batchItemFailures[${index}] ${named.fault}`;
    else if (reported.has(named.identifier)) {
      warnings.push(undocumented(`batchItemFailures[${index}] lists an identifier again`));
    } else {
      reported.add(named.identifier);
    }
  });
  if (problem !== undefined) {
    if (form !== 'lenient' || reported.size === 0) return comesBack(batch, problem);
    warnings.unshift(undocumented(problem));
  }
  if (form !== 'lenient' && warnings.length > 0) return comesBack(batch, warnings[0]!);
  return afterReporting(batch, reported, warnings, form);
}

const undocumented = (problem: string): string => `${problem}; AWS does not say how Lambda takes that`;
