import { expect } from 'chai';

import { bindingDescriptor } from '../../lib/decorator/binding-descriptor';

type AnyFunction = (this: unknown) => unknown;

function entry(this: { label: string }): string {
  return this.label;
}

/** Puts the descriptor on a class, as a compiler does, after decorators above have changed it. */
function classWith(change: (descriptor: PropertyDescriptor) => PropertyDescriptor | undefined) {
  class Orders {
    label = 'mine';
    declare handle: AnyFunction;
  }
  const descriptor = bindingDescriptor(entry, 'handle', false, 'SQS', () => undefined);
  Object.defineProperty(Orders.prototype, 'handle', change(descriptor) ?? descriptor);
  return Orders;
}

const upper = (method: unknown): AnyFunction =>
  function (this: unknown) {
    return String((method as AnyFunction).call(this)).toUpperCase();
  };

describe('The descriptor of an entry under experimentalDecorators', () => {
  it('looks like a data descriptor to decorators', () => {
    const descriptor = bindingDescriptor(entry, 'handle', false, 'SQS', () => undefined);

    expect(descriptor.value).to.equal(entry);
    expect(descriptor.writable).to.equal(true);
    expect({ ...descriptor }).to.deep.equal({ value: entry, writable: true, enumerable: false, configurable: true });
  });

  it('defines an accessor that binds when it is read', () => {
    const Orders = classWith(() => undefined);
    const { handle } = new Orders();

    expect(handle.call(undefined)).to.equal('mine');
  });

  it('binds what a decorator above sets as value', () => {
    const Orders = classWith((descriptor) => {
      descriptor.value = upper(descriptor.value);
      return undefined;
    });
    const { handle } = new Orders();

    expect(handle.call(undefined)).to.equal('MINE');
  });

  it('takes other changes of a decorator above', () => {
    const Orders = classWith((descriptor) => {
      descriptor.enumerable = true;
      return descriptor;
    });
    expect(Object.getOwnPropertyDescriptor(Orders.prototype, 'handle')).to.include({ enumerable: true });
  });

  it('lets a decorator above return a copy with another value, which then is bound by nobody', () => {
    const Orders = classWith((descriptor) => ({ ...descriptor, value: upper(descriptor.value) }));

    expect(new Orders().handle()).to.equal('MINE');
  });

  it('takes a value that is defined, and leaves the property writable whatever a decorator says', () => {
    const Orders = classWith((descriptor) => {
      descriptor.writable = false;
      Object.defineProperty(descriptor, 'writable', { value: false });
      Object.defineProperty(descriptor, 'value', { value: upper(descriptor.value) });
      Object.defineProperty(descriptor, 'enumerable', { value: true });
      return descriptor;
    });
    const { handle } = new Orders();

    expect(handle.call(undefined)).to.equal('MINE');
    expect(Object.getOwnPropertyDescriptor(Orders.prototype, 'handle')).to.include({ enumerable: true });
  });

  it('shows the function to a test runner that reads the accessor without an instance', () => {
    const accessor = Object.getOwnPropertyDescriptor(classWith(() => undefined).prototype, 'handle')!;
    const { get } = accessor as { get: (this: unknown) => unknown };

    expect(get.call(undefined)).to.equal(entry);
  });

  it('takes an instance that has a property named constructor for an instance', () => {
    const Orders = classWith(() => undefined);
    const orders = Object.assign(new Orders(), { constructor: Orders });

    expect(orders.handle.call(undefined)).to.equal('mine');
  });

  it('gives prototypes, of subclasses too, the function itself', () => {
    const Orders = classWith(() => undefined);
    class Special extends Orders {}

    expect(Orders.prototype.handle).to.equal(entry);
    expect(Special.prototype.handle).to.equal(entry);
    expect(Special.prototype.handle.call({ label: 'other' })).to.equal('other');
  });

  it('leaves frozen instances usable', () => {
    const Orders = classWith(() => undefined);
    const { handle } = Object.freeze(new Orders());

    expect(handle.call(undefined)).to.equal('mine');
  });

  it('lets one instance be given another function', () => {
    const Orders = classWith(() => undefined);
    const [orders, other] = [new Orders(), new Orders()];
    orders.handle = () => 'replaced once';
    orders.handle = () => 'replaced';

    expect([orders.handle(), other.handle()]).to.deep.equal(['replaced', 'mine']);
  });
});
