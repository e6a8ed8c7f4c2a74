/** Handlers of whole batches without the library, by which the specs show what they would see. */
import type { Context, SQSEvent } from 'aws-lambda';

export const hanging = (): Promise<never> => new Promise(() => undefined);

/** It hangs as well, while a timer keeps the process alive. */
export async function alive(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

export async function floating(): Promise<object> {
  void Promise.reject(new Error('floating'));
  await new Promise((resolve) => setImmediate(resolve));
  return { batchItemFailures: [] };
}

export async function callback(_event: SQSEvent, _context: Context, _callback: () => void): Promise<object> {
  return { batchItemFailures: [] };
}

export const failing = (): Promise<never> => Promise.reject(new RangeError('failing'));

export async function remaining(_event: SQSEvent, context: Context): Promise<number> {
  return context.getRemainingTimeInMillis();
}
