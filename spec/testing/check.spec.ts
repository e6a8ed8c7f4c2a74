import { expect } from 'chai';

import {
  checkArray,
  checkFunction,
  checkInteger,
  checkObject,
  checkOneOf,
  checkOptions,
  type IntegerRule,
} from '../../lib/testing/check';

describe('checkInteger', () => {
  const check = (value: unknown, rule: IntegerRule) => () => checkInteger('count', value, rule);
  const few = { min: 1, max: 10 };
  const many = { min: 0, max: Number.MAX_SAFE_INTEGER };

  it('takes the integers between its bounds, and the bounds', () => {
    for (const value of [1, 2, 10]) expect(check(value, few)).not.to.throw();
    for (const value of [0, -0, Number.MAX_SAFE_INTEGER]) expect(check(value, many)).not.to.throw();
    expect(check(-3, { min: -3, max: -3 })).not.to.throw();
  });

  it('refuses a number that is no integer, or out of bounds', () => {
    for (const value of [0, 11, -1, 1.5, NaN, Infinity, -Infinity]) {
      expect(check(value, few))
        .to.throw(RangeError)
        .with.property('message', `Expected count to be an integer from 1 to 10, received ${value}.`);
    }
    expect(check(-1, many))
      .to.throw(RangeError)
      .with.property('message', 'Expected count to be an integer of at least 0, received -1.');
    expect(check(2 ** 53, many)).to.throw(RangeError, 'received 9007199254740992.');
  });

  it('refuses what is no number', () => {
    const values: [value: unknown, received: string][] = [
      ['5', "'5' (string)"],
      [5n, '5n (bigint)'],
      [null, 'null (object)'],
      [undefined, 'undefined (undefined)'],
      [[5], '[ 5 ] (object)'],
    ];
    for (const [value, received] of values) {
      expect(check(value, few))
        .to.throw(TypeError)
        .with.property('message', `Expected count to be an integer from 1 to 10, received ${received}.`);
    }
  });

  it('takes Infinity where it may, but nothing else out of bounds', () => {
    const rule = { ...few, orInfinity: true };

    expect(check(Infinity, rule)).not.to.throw();
    for (const value of [-Infinity, NaN, 0, 11]) {
      expect(check(value, rule))
        .to.throw(RangeError)
        .with.property('message', `Expected count to be an integer from 1 to 10, or Infinity, received ${value}.`);
    }
    expect(check('Infinity', { ...many, orInfinity: true }))
      .to.throw(TypeError)
      .with.property(
        'message',
        "Expected count to be an integer of at least 0, or Infinity, received 'Infinity' (string).",
      );
  });
});

describe('checkFunction', () => {
  const check = (value: unknown, optional?: boolean) => () => checkFunction('handler', value, optional);

  it('takes functions of each kind', () => {
    for (const value of [() => 1, async () => 1, class {}]) expect(check(value)).not.to.throw();
  });

  it('takes undefined only where a function is optional', () => {
    expect(check(undefined, true)).not.to.throw();
    expect(check(() => 1, true)).not.to.throw();
    expect(check(undefined))
      .to.throw(TypeError)
      .with.property('message', 'Expected handler to be a function, received undefined (undefined).');
    expect(check(undefined, false)).to.throw(TypeError, 'received undefined (undefined).');
  });

  it('refuses anything else, optional or not', () => {
    for (const optional of [true, false]) {
      expect(check('handle', optional)).to.throw(TypeError, "received 'handle' (string).");
      expect(check(null, optional)).to.throw(TypeError, 'received null (object).');
      expect(check({ call: 1 }, optional)).to.throw(TypeError, 'received { call: 1 } (object).');
    }
  });
});

describe('checkArray', () => {
  const check = (value: unknown) => () => checkArray('bodies', value);

  it('takes arrays', () => {
    for (const value of [[], [1], new Array(3)]) expect(check(value)).not.to.throw();
  });

  it('refuses anything else', () => {
    expect(check('text'))
      .to.throw(TypeError)
      .with.property('message', "Expected bodies to be an array, received 'text' (string).");
    expect(check({ length: 0 })).to.throw(TypeError, 'received { length: 0 } (object).');
    expect(check(undefined)).to.throw(TypeError, 'received undefined (undefined).');
    expect(check(new Set())).to.throw(TypeError, 'received Set(0) {} (object).');
  });
});

describe('checkOneOf', () => {
  const check = (value: unknown) => () => checkOneOf('mode', value, ['strict', 'lenient', undefined]);

  it('takes what is named', () => {
    for (const value of ['strict', 'lenient', undefined]) expect(check(value)).not.to.throw();
  });

  it('refuses anything else', () => {
    expect(check('Strict'))
      .to.throw(TypeError)
      .with.property('message', "Expected mode to be one of strict, lenient, undefined, received 'Strict' (string).");
    expect(check(null)).to.throw(TypeError, 'received null (object).');
    expect(check(['strict'])).to.throw(TypeError, "received [ 'strict' ] (object).");
  });
});

describe('checkOptions', () => {
  const check = (options: unknown) => () => checkOptions('simulate', options as object, ['seed', 'until']);

  it('takes options that it knows, set or not', () => {
    for (const options of [{}, { seed: 1 }, { seed: undefined, until: 2 }, Object.create(null)]) {
      expect(check(options)).not.to.throw();
    }
  });

  it('refuses an option that it does not know, and says which it does', () => {
    expect(check({ seed: 1, sed: 2 }))
      .to.throw(TypeError)
      .with.property('message', 'simulate: unknown option sed; expected one of seed, until.');
    expect(check({ sed: undefined })).to.throw(TypeError, 'unknown option sed;');
    expect(check({ constructor: 1 })).to.throw(TypeError, 'unknown option constructor;');
  });

  it('refuses what is no object', () => {
    expect(check(null))
      .to.throw(TypeError)
      .with.property('message', 'simulate: expected options, received null (object).');
    expect(check(7)).to.throw(TypeError, 'received 7 (number).');
    expect(check('seed')).to.throw(TypeError, "received 'seed' (string).");
    expect(check([])).to.throw(TypeError, 'received [] (object).');
  });

  it('takes whatever option where it is told of none', () => {
    expect(() => checkOptions('simulate', { sed: 1 })).not.to.throw();
    expect(() => checkOptions('simulate', 7 as never)).to.throw(TypeError, 'expected options, received 7 (number).');
  });
});

describe('checkObject', () => {
  it('takes objects, and refuses anything else', () => {
    for (const value of [{}, Object.create(null), new Date(0)]) {
      expect(() => checkObject('headers', value)).not.to.throw();
    }
    for (const value of [null, undefined, 'a', 7, [], () => undefined]) {
      expect(() => checkObject('headers', value)).to.throw(TypeError, 'Expected headers to be an object, received ');
    }
  });
});
