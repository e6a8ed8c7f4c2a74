import { expect } from 'chai';

import { bind, present } from '../../lib/decorator/bind';

describe('bind', () => {
  it('keeps the instance, whatever it is called on', () => {
    const self = { label: 'self' };
    const bound = bind(
      function (this: { label: string }) {
        return this.label;
      },
      self,
      'handle',
      'SQS',
    ) as (this: unknown) => string;

    expect([bound.call(undefined), bound.call({ label: 'other' })]).to.deep.equal(['self', 'self']);
  });

  it('lets a subclass stand in for its class', () => {
    class Base {
      static label = 'base';
    }
    class Derived extends Base {
      static override label = 'derived';
    }
    const bound = bind(
      function (this: typeof Base) {
        return this.label;
      },
      Base,
      'handle',
      'SQS',
    ) as (this: unknown) => string;

    expect([bound.call(undefined), bound.call(Derived), bound.call(class {})]).to.deep.equal([
      'base',
      'derived',
      'base',
    ]);
  });
});

describe('present', () => {
  it('gives an entry the name of its method, two parameters, and its metadata', () => {
    const method = (_a: never, _b: never, _c: never): undefined => undefined;
    Reflect.defineMetadata('label', 'orders', method);
    const entry = present(() => undefined, method, 'handle');

    expect(entry).to.have.property('name', 'handle');
    expect(entry).to.have.property('length', 2);
    expect(Reflect.getMetadata('label', entry)).to.equal('orders');
  });

  it('names it after a symbol as classes do', () => {
    const method = (): undefined => undefined;
    expect(present(() => undefined, method, Symbol('entry'))).to.have.property('name', '[entry]');
    expect(present(() => undefined, method, Symbol())).to.have.property('name', '[]');
  });
});
