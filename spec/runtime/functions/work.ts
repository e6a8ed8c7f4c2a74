import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';

import { NonRetryableError } from 'lambda-batch-handler';

/** The text in a record: a letter that orders records, and a word that says what becomes of this one. */
export function textOf(record: SQSRecord | KinesisStreamRecord | DynamoDBRecord): string {
  if ('body' in record) return record.body;
  if ('kinesis' in record) return Buffer.from(record.kinesis.data, 'base64').toString();
  return record.dynamodb!.NewImage!.text!.S!;
}

/** Does what the text of a record says. */
export async function workOn(text: string): Promise<void> {
  await words[text.slice(2)]!();
}

const words: Readonly<Record<string, () => unknown>> = {
  ok: () => undefined,
  bad: () => {
    throw new RangeError('bad');
  },
  poison: () => {
    throw new NonRetryableError('poison');
  },
  promise: () => new Promise(() => undefined),
  event: () => once(new EventEmitter(), 'never'),
  stream: () => once(new PassThrough().end('unread'), 'end'),
  held,
  meet,
  // These come, though they do not keep the process alive either.
  timer: () => new Promise((resolve) => setTimeout(resolve, 50).unref()),
  signal: () => once(AbortSignal.timeout(50), 'abort'),
};

let reject: ((reason: Error) => void) | undefined;

/** A promise that nothing keeps alive; it rejects when the next one is made. */
export function held(): Promise<never> {
  reject?.(new Error('late'));
  return new Promise((_, rejectHeld) => (reject = rejectHeld));
}

let arrive: (() => void) | undefined;

/** Waits for another record that does. */
function meet(): Promise<void> | undefined {
  if (arrive === undefined) return new Promise((resolve) => (arrive = resolve));
  arrive();
  arrive = undefined;
  return undefined;
}
