import { checkedAnswer } from '../batch/answer';
import { type AnySource, sourceOf } from '../sources';
import { isBatchOf } from '../sources/detect';
import { copyMetadata } from './metadata';

type AnyFunction = (...args: never[]) => unknown;

/**
 * A function of an instance (or class) that keeps it when it is detached, as in
 * `export const handler = new Orders().handle`.
 */
export function bind(method: AnyFunction, self: object, name: string | symbol, source: AnySource): AnyFunction {
  // A static method that a subclass inherits, or calls as `super`, runs on the subclass.
  const bound = function (this: unknown, ...args: never[]): unknown {
    const inherits = typeof this === 'function' && Object.prototype.isPrototypeOf.call(self, this);
    return answered(method.apply((inherits ? this : self) as never, args), args[0], name, source);
  };
  return present(bound, method, name);
}

/**
 * What an entry answers, or what is written around it: an override, another decorator. To Lambda no answer is complete
 * success, so for a batch one that is dropped on the way is an error, and the whole batch comes back.
 */
export function answered(answer: unknown, event: unknown, name: string | symbol, source: AnySource): unknown {
  if (!isBatchOf(sourceOf(source), event)) return answer; // a ping, for what is written around the entry
  return Promise.resolve(answer).then((settled) => checkedAnswer(String(name), settled));
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
