import { copyMetadata } from './metadata';

type AnyFunction = (...args: never[]) => unknown;

/**
 * A function of an instance (or class) that keeps it when it is detached, as in
 * `export const handler = new Orders().handle`.
 */
export function bind(method: AnyFunction, self: object, name: string | symbol): AnyFunction {
  // A static method that a subclass inherits, or calls as `super`, runs on the subclass.
  const bound = function (this: unknown, ...args: never[]): unknown {
    const inherits = typeof this === 'function' && Object.prototype.isPrototypeOf.call(self, this);
    return method.apply((inherits ? this : self) as never, args);
  };
  return present(bound, method, name);
}

/**
 * Makes an entry look like the method it stands for: its name, the metadata that other decorators put on it, and
 * two parameters, because Node 24's runtime takes a handler of three for one with a callback and refuses it.
 */
export function present<F extends AnyFunction>(entry: F, method: AnyFunction, name: string | symbol): F {
  const shown = typeof name === 'symbol' ? `[${name.description ?? ''}]` : name;
  Object.defineProperty(entry, 'name', { value: shown, configurable: true });
  Object.defineProperty(entry, 'length', { value: 2, configurable: true });
  copyMetadata(method, entry);
  return entry;
}
