import { kafka } from '../kafka/kafka';
import { isObject } from './check';
import type { EventBatch } from './event-batch';

/** The identifier that an entry of an answer has, in one line; or why Lambda knows no record of the batch by it. */
export type Reported = { readonly identifier: string } | { readonly fault: string };

/** Reads the entries of an answer to a batch. */
export function readerOf({ identifiers, returns }: EventBatch): (entry: unknown) => Reported {
  const known: ReadonlySet<unknown> = new Set(identifiers);
  const read = returns === 'partition' ? readOffset : readText;
  return (entry) => {
    if (!hasOwn(entry, 'itemIdentifier')) return { fault: 'has no itemIdentifier' };
    const reported = read(entry.itemIdentifier);
    return 'fault' in reported || known.has(reported.identifier)
      ? reported
      : { fault: 'has an itemIdentifier that is not in the batch' };
  };
}

function readText(identifier: unknown): Reported {
  if (typeof identifier !== 'string') return { fault: `has an itemIdentifier that is ${kindOf(identifier)}` };
  return identifier === '' ? { fault: 'has an empty itemIdentifier' } : { identifier };
}

/** Kafka: `{ partition, offset }`, in which the offset is a number. */
function readOffset(identifier: unknown): Reported {
  if (!isObject(identifier)) {
    return { fault: `has an itemIdentifier that is ${kindOf(identifier)} instead of an object` };
  }
  const { partition, offset } = identifier;
  if (typeof partition !== 'string') return { fault: `has an itemIdentifier whose partition is ${kindOf(partition)}` };
  if (typeof offset !== 'number') return { fault: `has an itemIdentifier whose offset is ${kindOf(offset)}` };
  return { identifier: kafka.textOf!({ partition, offset }) };
}

export function hasOwn<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

/** What a value in JSON is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
