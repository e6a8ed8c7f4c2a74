import type { AnySource } from '../sources';
import { bind } from './bind';

type AnyFunction = (...args: never[]) => unknown;

/**
 * The descriptor that leaves an entry on its class under experimentalDecorators, so that
 * `export const handler = new Orders().handle` keeps its instance.
 *
 * There is no hook in the constructor, so the property has to be an accessor, which binds when it is read. But decorators
 * above this one read and set `descriptor.value`, and a descriptor that has `get` and `value` is refused. So this one
 * answers for `value` without having it: to them it is a data descriptor, and `Object.defineProperty`, which asks only
 * for what a descriptor has, is given the accessor.
 *
 * @param onFirstRead is told of each instance that the entry is read of
 */
export function bindingDescriptor(
  entry: AnyFunction,
  key: string | symbol,
  enumerable: boolean,
  source: AnySource,
  onFirstRead: (instance: object) => void,
): PropertyDescriptor {
  let outermost = entry;
  // By instance, not as a property of it: `super.handle` reads the parent's entry on the child's instance.
  const bound = new WeakMap<object, AnyFunction>();

  const accessor: PropertyDescriptor = {
    configurable: true,
    enumerable,
    get(this: object | undefined) {
      // Test runners read it without an instance, to see what they replace.
      if (this === undefined || isPrototype(this)) return outermost;
      let own = bound.get(this);
      if (own !== undefined) return own;
      bound.set(this, (own = bind(outermost, this, key, source)));
      onFirstRead(this);
      return own;
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, key, { value, writable: true, enumerable, configurable: true });
    },
  };
  const data = (): PropertyDescriptor => {
    const { enumerable, configurable } = accessor;
    return { value: outermost, writable: true, enumerable, configurable };
  };

  return new Proxy(accessor, {
    get: (target, name) => Reflect.get(name === 'value' || name === 'writable' ? data() : target, name) as unknown,
    set: (target, name, value: AnyFunction) => {
      if (name === 'value') outermost = value;
      else if (name !== 'writable') return Reflect.set(target, name, value);
      return true;
    },
    defineProperty: (target, name, attributes) => {
      if (name === 'value') outermost = attributes.value as AnyFunction;
      else if (name !== 'writable') return Reflect.defineProperty(target, name, attributes);
      return true;
    },
    // For `{ ...descriptor, value: wrapped }`, which makes a data descriptor of it.
    ownKeys: () => Reflect.ownKeys(data()),
    getOwnPropertyDescriptor: (_target, name) => Object.getOwnPropertyDescriptor(data(), name),
  });
}

function isPrototype(object: object): boolean {
  return Object.hasOwn(object, 'constructor') && object.constructor.prototype === object;
}
