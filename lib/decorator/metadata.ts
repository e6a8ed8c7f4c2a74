import { show } from '../errors/show';
import type { CheckedOptions } from './options';
import { reflect } from './reflect';
import './reflect'; // stays in the declarations, for who reads metadata: it brings the types of reflect-metadata

const OPTIONS = Symbol.for('lambda-batch-handler:options');
const HOME = Symbol.for('lambda-batch-handler:home');

/**
 * Where a class keeps the metadata object of its standard decorators. No Node has it yet, and compilers that look for
 * `Symbol.metadata` hand decorators no metadata without it; the others use this same symbol.
 */
const metadataKey = ((Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata'));

/** Keeps the options of a decorated method on its function or, given a key, on its prototype or class. */
export function defineOptions(options: CheckedOptions, target: object, key?: string | symbol): void {
  reflect.defineMetadata(OPTIONS, options, target, key!); // undefined is as good as absent
}

/** The options kept right there, not on what it inherits from. */
export function ownOptions(target: object, key?: string | symbol): CheckedOptions | undefined {
  return reflect.getOwnMetadata(OPTIONS, target, key!) as CheckedOptions | undefined;
}

/** The options of the method as this prototype or class has it itself. */
export function optionsAt(owner: object, key: string | symbol): CheckedOptions | undefined {
  return (keptAt(OPTIONS, owner, key) as CheckedOptions | undefined) ?? optionsOfMethod(owner, key);
}

/** What is kept at a prototype or class or, by a standard decorator, at the metadata object of its class. */
function keptAt(kind: symbol, owner: object, key: string | symbol): unknown {
  const own: unknown = reflect.getOwnMetadata(kind, owner, key);
  const ofClass = metadataOf(owner);
  if (own !== undefined || typeof ofClass !== 'object' || ofClass === null) return own;
  return reflect.getOwnMetadata(kind, ofClass, key);
}

/** The options kept on the function of the method. */
function optionsOfMethod(owner: object, key: string | symbol): CheckedOptions | undefined {
  const method: unknown = Object.getOwnPropertyDescriptor(owner, key)?.value;
  return typeof method === 'function' ? ownOptions(method) : undefined;
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

/** Where an entry finds its options: at the class that has the method, or else on the function. */
export interface Home {
  readonly key: string | symbol;
  /** What the entry stands for: where this is found in its place, there is no entry. */
  readonly method: object;
  /** The prototype, or the class of a static method; undefined where there is none, or none is known yet. */
  owner: object | undefined;
  /** The options that it runs with, once it has. */
  taken?: CheckedOptions;
}

/** Keeps where an entry finds its options on its function or, given a key, on its prototype or class. */
export function defineHome(home: Home, target: object, key?: string | symbol): void {
  reflect.defineMetadata(HOME, home, target, key!);
}

/** The options that an entry finds now. */
export function optionsOf(entry: object, { owner, key, taken }: Home): CheckedOptions | undefined {
  return taken ?? (owner && optionsAt(owner, key)) ?? ownOptions(entry);
}

/** Copies what decorators have put on a function to one that stands for it. */
export function copyMetadata(from: object, to: object): void {
  for (const key of reflect.getOwnMetadataKeys(from) as unknown[]) {
    reflect.defineMetadata(key, reflect.getOwnMetadata(key, from), to);
  }
}

/**
 * The prototype at which a standard decorator stands, which it learns only from an instance: by the metadata object of its
 * class. Where the compiler gives decorators none, by the options, which are kept there if another decorator has wrapped
 * the method.
 */
export function homeOf(
  options: CheckedOptions,
  metadata: object | undefined,
  instance: object,
  key: string | symbol,
): object | undefined {
  const owners = ownersOf(instance, key);
  const has = (owner: object): boolean =>
    metadata === undefined
      ? [ownOptions(owner, key), optionsOfMethod(owner, key)].includes(options)
      : metadataOf(owner) === metadata;
  const home = owners.find(has);
  if (home !== undefined || metadata !== undefined) return home;
  // Of the methods without options the one nearest to the base: an override without a decorator stands before it.
  const owner = owners.findLast((candidate) => optionsAt(candidate, key) === undefined);
  if (owner !== undefined) defineOptions(options, owner, key);
  return owner;
}

/** The metadata object of the class of a prototype. */
function metadataOf(owner: object): unknown {
  return Object.getOwnPropertyDescriptor(owner.constructor, metadataKey)?.value;
}

/**
 * The frozen options of a decorated method, or of an entry: those that it runs with; undefined where there is none.
 *
 * Under standard decorators of a compiler without decorator metadata (TypeScript before 5.2), a method that another
 * decorator wraps is known only after the first construction.
 *
 * @param target the class, or an instance; for a static method the class. Without a key, an entry: what
 * `createBatchHandler` or `lambdaHandler` gave, or `new Orders().handle`
 * @throws TypeError where it is none of these
 *
 * @example
 * ```ts
 * class OrderHandler {@BatchHandler({ source: 'SQS', concurrency: 5 })
 *   async handle(record: SQSRecord): Promise<void> {
 *     await orders.place(JSON.parse(record.body));
 *   }
 * }
 *
 * getBatchHandlerOptions(OrderHandler, 'handle')?.source; // 'SQS'
 * ```
 */
export function getBatchHandlerOptions(target: object, key?: string | symbol): CheckedOptions | undefined {
  if (Object(target) !== target) {
    throw new TypeError(`getBatchHandlerOptions: expected a class, an instance or an entry, received ${show(target)}.`);
  }
  if (key === undefined) {
    const home: unknown = reflect.getOwnMetadata(HOME, target);
    return home === undefined ? ownOptions(target) : optionsOf(target, home as Home);
  }
  const prototype: unknown = typeof target === 'function' ? target.prototype : undefined;
  const objects = typeof prototype === 'object' && prototype !== null ? [prototype, target] : [target];
  const owner = objects.flatMap((object) => ownersOf(object, key))[0];
  if (owner === undefined) return undefined;
  const home = keptAt(HOME, owner, key) as Home | undefined;
  const isDropped = home !== undefined && objects.some((object) => Reflect.get(object, key) === home.method);
  if (isDropped) return undefined; // by another decorator: the method itself is there
  return home?.taken ?? optionsAt(owner, key);
}
