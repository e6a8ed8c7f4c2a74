import 'reflect-metadata';

import type { CheckedOptions } from './options';

const OPTIONS = Symbol.for('lambda-batch-handler:options');

/**
 * Where a class keeps the metadata object of its standard decorators. No Node has it yet, and compilers that look for
 * `Symbol.metadata` hand decorators no metadata without it; the others use this same symbol.
 */
const metadataKey = ((Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata'));

/** Keeps the options of a decorated method on its function or, given a key, on its prototype or class. */
export function defineOptions(options: CheckedOptions, target: object, key?: string | symbol): void {
  if (key === undefined) Reflect.defineMetadata(OPTIONS, options, target);
  else Reflect.defineMetadata(OPTIONS, options, target, key);
}

/** The options kept right there, not on what it inherits from. */
export function ownOptions(target: object, key?: string | symbol): CheckedOptions | undefined {
  const options: unknown =
    key === undefined ? Reflect.getOwnMetadata(OPTIONS, target) : Reflect.getOwnMetadata(OPTIONS, target, key);
  return options as CheckedOptions | undefined;
}

/** The options of the method as this prototype or class has it itself. */
export function optionsAt(owner: object, key: string | symbol): CheckedOptions | undefined {
  const method: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
  const ofClass: unknown = Object.getOwnPropertyDescriptor(owner.constructor, metadataKey)?.value;
  return (
    ownOptions(owner, key) ??
    (typeof method === 'function' ? ownOptions(method) : undefined) ??
    (typeof ofClass === 'object' && ofClass !== null ? ownOptions(ofClass, key) : undefined)
  );
}

/** The prototypes (or classes, for a static method) in the chain of an object that have a method of that name. */
export function ownersOf(object: object, key: string | symbol): object[] {
  const owners: object[] = [];
  for (let owner: object | null = object; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const isClassOrPrototype = typeof owner === 'function' || Object.hasOwn(owner, 'constructor');
    if (isClassOrPrototype && Object.hasOwn(owner, key)) owners.push(owner);
  }
  return owners;
}

/**
 * Keeps the options of a decorated method where another decorator has wrapped it and the compiler gives decorators no
 * metadata: then a standard decorator learns its class only from the first instance.
 */
export function keepOptions(options: CheckedOptions, instance: object, key: string | symbol): void {
  const owners = ownersOf(instance, key);
  if (owners.some((owner) => optionsAt(owner, key) === options)) return;
  // Of the methods without options the one nearest to the base: an override without a decorator stands before it.
  const owner = owners.findLast((candidate) => optionsAt(candidate, key) === undefined);
  if (owner !== undefined) defineOptions(options, owner, key);
}

/**
 * The frozen options of a decorated method; undefined where the method that instances have is not decorated.
 *
 * Under standard decorators of a compiler without decorator metadata (TypeScript before 5.2), a method that another
 * decorator wraps is known only after the first construction.
 *
 * @param target the class, or an instance; for a static method the class
 */
export function getBatchHandlerOptions(target: object, key: string | symbol): CheckedOptions | undefined {
  const prototype: unknown = typeof target === 'function' ? target.prototype : undefined;
  const objects = typeof prototype === 'object' && prototype !== null ? [prototype, target] : [target];
  const owner = objects.flatMap((object) => ownersOf(object, key))[0];
  return owner === undefined ? undefined : optionsAt(owner, key);
}
