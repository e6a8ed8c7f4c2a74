import { extension } from '../batch/extend';
import { type Extension, surrounds } from '../batch/extension';
import { quietly } from '../batch/thenable';
import { show } from '../errors/show';
import { Observation } from './observation';
import type { BatchObserver } from './observer';

const hooks = [
  'onBatchStart',
  'onRecordStart',
  'aroundRecord',
  'onRecordSuccess',
  'onRecordFailure',
  'onRecordUnprocessed',
  'onBatchEnd',
] as const;

/** A value of the option `observers`, as `observe` and `openTelemetry` make it. */
export type Observer = Extension<'observers'>;

/**
 * Makes an observer for the option `observers`: it sees what becomes of each batch and its records.
 *
 * @throws TypeError where it is no object, or a hook no function
 *
 * @example
 * ```ts
 * createBatchHandler(
 *   {
 *     source: 'SQS',
 *     observers: [observe({ onBatchEnd: ({ records, failed }) => console.log({ records, failed }) })],
 *   },
 *   (record) => orders.place(JSON.parse(record.body)),
 * );
 * ```
 */
export function observe(observer: BatchObserver): Observer {
  if (typeof observer !== 'object' || (observer as unknown) === null) {
    throw new TypeError(`observe(): expected an object such as { onBatchEnd() {} }, received ${show(observer)}.`);
  }
  for (const name of hooks) {
    const hook: unknown = quietly(() => Reflect.get(observer, name) as unknown);
    if (hook === undefined || typeof hook === 'function') continue;
    throw new TypeError(`observe(): expected ${name} to be a function, received ${show(hook)}.`);
  }
  const made = extension('observers', (batch) => new Observation(observer, batch));
  return Object.assign(made, { [surrounds]: quietly(() => observer.aroundRecord !== undefined) === true });
}
