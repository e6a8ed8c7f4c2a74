import { inspect } from 'node:util';

import { expect } from 'chai';

import { show } from '../../lib/errors/show';
import { revokedProxy } from '../support/engine';

describe('show', () => {
  it('tells primitive values with their types', () => {
    expect(show('many')).to.equal("'many' (string)");
    expect(show('')).to.equal("'' (string)");
    expect(show("it's")).to.equal(`"it's" (string)`);
    expect(show('1\n2')).to.equal("'1\\n2' (string)");
    expect(show(7)).to.equal('7 (number)');
    expect(show(-0)).to.equal('-0 (number)');
    expect(show(NaN)).to.equal('NaN (number)');
    expect(show(7n)).to.equal('7n (bigint)');
    expect(show(true)).to.equal('true (boolean)');
    expect(show(undefined)).to.equal('undefined (undefined)');
    expect(show(null)).to.equal('null (object)');
    expect(show(Symbol('many'))).to.equal('Symbol(many) (symbol)');
  });

  it('tells functions and classes by their names', () => {
    class Order {}
    function handle() {
      return 1;
    }

    expect(show(handle)).to.equal('[Function: handle] (function)');
    expect(show(() => 1)).to.equal('[Function (anonymous)] (function)');
    expect(show(Order)).to.equal('[class Order] (function)');
    expect(show(new Order())).to.equal('Order {} (object)');
  });

  it('tells the first level of an object, and nothing beneath', () => {
    expect(show({ a: 1, b: { c: 'deep' } })).to.equal('{ a: 1, b: [Object] } (object)');
    expect(show([1, ['deep']])).to.equal('[ 1, [Array] ] (object)');
    expect(show(Object.create(null))).to.equal('[Object: null prototype] {} (object)');
    expect(show(new Date(0))).to.equal('1970-01-01T00:00:00.000Z (object)');
  });

  it('survives what cannot be shown', () => {
    const refusing = {
      [inspect.custom]: () => {
        throw new Error('This object is not to be seen.');
      },
    };
    expect(show(refusing)).to.equal('a value of type object');
  });

  it('runs no getter, and survives a revoked proxy', () => {
    const object = {
      get value(): never {
        throw new Error('This getter is not to be run.');
      },
    };

    expect(show(object)).to.equal('{ value: [Getter] } (object)');
    expect(show(revokedProxy())).to.equal('<Revoked Proxy> (object)');
  });
});
