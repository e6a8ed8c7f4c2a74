import { inspect } from 'node:util';
import vm from 'node:vm';

import { expect } from 'chai';

import { summaryOf, withoutPayload } from '../../lib/errors/without-payload';
import { revokedProxy } from '../support/engine';
import { parseError, secret } from '../support/payload';

/** All that a logger can write of an error. */
const written = (error: Error): string => `${inspect(error, { depth: null })} ${String(error)} ${String(error.stack)}`;

const throwing = () => {
  throw new Error('hostile');
};

describe('withoutPayload', () => {
  it('shows name, message, frames and causes of an error, and leaves it as it is', () => {
    const error = new RangeError('outer', { cause: new TypeError('inner') });
    const { stack } = error;
    const shown = withoutPayload(error);

    expect(shown).to.include({ name: 'RangeError', message: 'outer', stack });
    expect(shown.cause).to.include({ name: 'TypeError', message: 'inner', stack: (error.cause as Error).stack });
    expect(error.stack).to.equal(stack);
  });

  it('shows nothing else: what is enumerable, and causes that are no errors, can hold a payload', () => {
    for (const error of [
      Object.assign(new TypeError('Invalid URL'), { input: secret, code: 'ERR' }),
      Object.assign(new Error('refused'), { config: { data: secret } }),
      new Error('odd cause', { cause: secret }),
      new AggregateError([secret, { body: secret }], 'many'),
      Object.assign(new Error('odd'), { errors: secret }),
    ]) {
      const shown = withoutPayload(error);

      expect(written(shown)).not.to.include(secret);
      expect(shown.message).to.equal(error.message);
      expect(Object.keys(shown)).to.deep.equal([]);
    }
  });

  it('shows causes that go in a circle, and the errors of an aggregate', () => {
    const circular = new Error('circular');
    circular.cause = circular;
    const shown = withoutPayload(circular);

    expect(shown.cause).to.equal(shown);
    expect(withoutPayload(new AggregateError([new Error('one'), 'text'], 'many')))
      .to.have.property('errors')
      .that.satisfies((errors: Error[]) => errors.length === 1 && errors[0]!.message === 'one');
  });

  it('shows frames of every kind that V8 writes, up to what is none', () => {
    const frames = [
      'at Orders.place (/var/task/index.js:10:5)',
      'at async /var/task/index.js:12:3',
      'at new Order (file:///var/task/order.mjs:1:1)',
      'at JSON.parse (<anonymous>)',
      'at Array.map (native)',
      'at async Promise.all (index 3)',
    ].map((frame) => `    ${frame}`);
    const error = Object.assign(new Error('no'), { stack: ['Error: no', ...frames, '    at the end'].join('\n') });

    expect(withoutPayload(error).stack).to.equal(['Error: no', ...frames].join('\n'));
  });

  it('shows no constructor that an error has as a property', () => {
    const error = Object.assign(new Error('no'), { constructor: { name: secret } });

    expect(withoutPayload(error).constructor).to.equal(Error);
  });

  it('is of the class of the error to a runtime that logs the name of its constructor', () => {
    class OrderError extends Error {}
    expect(withoutPayload(new OrderError('no')).constructor.name).to.equal('OrderError');
  });

  it('shows some causes of many, and errors without a message', () => {
    let error = new Error('deepest');
    for (let depth = 0; depth < 100; depth++) error = new Error('', { cause: error });
    let depth = 0;
    for (let at: unknown = withoutPayload(error); at !== undefined; at = (at as Error).cause) depth++;

    expect(depth).to.equal(10);
    expect(withoutPayload(error).stack).to.match(/^Error: \n {4}at /);
  });

  it('shows some of many errors that one aggregates, each of them once', () => {
    const error = new Error('no');
    const many = withoutPayload(
      new AggregateError(Array.from({ length: 100 }, (_, index) => new Error(`no ${index}`))),
    );
    const [one, two] = (withoutPayload(new AggregateError([error, error])) as AggregateError).errors as Error[];

    expect(many).to.have.property('errors').with.length(9);
    expect(one).to.equal(two);
  });

  it('has a stack of its own, which can be replaced as that of any error', () => {
    const shown = withoutPayload(new RangeError('no'));

    expect(Object.getOwnPropertyNames(shown)).to.include('stack');
    expect(() => {
      shown.stack = 'mapped';
    }).not.to.throw();
    expect(shown.stack).to.equal('mapped');
    expect(Object.keys(shown)).to.deep.equal([]);
    expect((Object.create(withoutPayload(new RangeError('no'))) as Error).stack).to.equal('RangeError: no');
  });

  it('is made where errors capture stacks whatever one says', () => {
    const { stackTraceLimit } = Error;
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false });
    try {
      const error = new Error('no');
      expect(withoutPayload(error).stack).to.equal(error.stack);
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', { value: stackTraceLimit, writable: true });
    }
  });

  for (const name of ['ValidationError', 'ValiError', 'ZodError']) {
    it(`withholds the message of a ${name}, which says what was received`, () => {
      const error = Object.assign(new Error(`received "${secret}"`), { name, issues: [secret], _original: secret });

      expect(written(withoutPayload(error))).not.to.include(secret);
    });
  }

  it('withholds the message of JSON.parse, and keeps its name and its frames (3c 27)', () => {
    const error = parseError();
    const shown = withoutPayload(error);

    expect(error.message).to.include(secret);
    expect(written(shown)).not.to.include(secret);
    expect(shown.name).to.equal('SyntaxError');
    expect(shown.message).to.include('withheld');
    expect(shown.stack).to.match(/^SyntaxError: \(message withheld.*\n\s+at .*JSON\.parse/);
    expect(error.message).to.include(secret);
  });

  it('withholds it too where it is of another realm, or of BigInt', () => {
    const elsewhere = vm.runInNewContext(`try { JSON.parse('${secret}') } catch (error) { error }`) as Error;
    let ofBigInt = new Error();
    try {
      BigInt(secret);
    } catch (error) {
      ofBigInt = error as Error;
    }
    for (const error of [elsewhere, ofBigInt]) {
      expect(error.message).to.include(secret.slice(0, 1));
      expect(written(withoutPayload(error))).not.to.include(secret);
    }
  });

  it('withholds it beneath other errors, which keep their own messages', () => {
    const error = new Error('the order cannot be read', { cause: new TypeError('middle', { cause: parseError() }) });
    const shown = withoutPayload(error);

    expect(written(shown)).not.to.include(secret);
    expect(shown.message).to.equal('the order cannot be read');
    expect(shown.cause).to.have.property('message', 'middle');
    expect((shown.cause as Error).cause).to.have.property('name', 'SyntaxError');
  });

  it('withholds it among the errors of an aggregate', () => {
    const shown = withoutPayload(new AggregateError([new Error('fine'), parseError()], 'many'));

    expect(written(shown)).not.to.include(secret);
    expect(shown.message).to.equal('many');
  });

  it('withholds it in the message of an error that repeats its cause', () => {
    const cause = parseError();

    expect(written(withoutPayload(new Error(`Bad order: ${cause.message}`, { cause })))).not.to.include(secret);
  });

  for (const [how, repeat] of [
    ['escaped', JSON.stringify],
    ['shortened', (quote: string) => quote.slice(0, -20)],
    ['in capitals', (quote: string) => quote.toUpperCase()],
    ['in part, within other words', (quote: string) => `order${quote.replace(/\W/g, '').slice(2, 9)}number`],
    ['at great length', (quote: string) => ' '.repeat(10_000) + quote],
  ] as const) {
    it(`withholds it in the message of an error that repeats it ${how}`, () => {
      const cause = parseError(`${secret} is what the body has, with "quotes"`);
      for (const beneath of [{ cause }, { cause: new Error('middle', { cause }) }]) {
        const shown = withoutPayload(new Error(`Bad order: ${repeat(cause.message)}`, beneath));

        expect(written(shown).toUpperCase()).not.to.include(secret);
        expect(shown.message).to.include('withheld');
      }
    });
  }

  it('withholds it above a cause that quotes more than there is time to compare', () => {
    const above = (length: number) =>
      new Error('Bad order', { cause: Object.assign(new Error('x'.repeat(length)), { name: 'ZodError' }) });
    expect(withoutPayload(above(10_001)).message).to.include('withheld');
    expect(withoutPayload(above(10_000)).message).to.equal('Bad order');
  });

  it('withholds it beneath what a disposal has suppressed', () => {
    const suppressed = Object.assign(new Error(`Then: ${parseError().message}`), { suppressed: parseError() });

    expect(written(withoutPayload(suppressed))).not.to.include(secret);
  });

  it('shows its own frames only of an error that has the stack of another in its own', () => {
    const cause = parseError();
    const error = new Error('outer', { cause });
    const own = error.stack!;
    error.stack = `${own}\nCaused by: ${cause.stack}`;

    expect(withoutPayload(error).stack).to.equal(own);
    error.stack = `${cause.stack}\n${own}`;
    expect(written(withoutPayload(error))).not.to.include(secret);
    for (const stack of [`Error: outer ${secret}\n    at ${secret}`, `${own}\n    at ${secret}`]) {
      error.stack = stack;
      expect(written(withoutPayload(error))).not.to.include(secret);
    }
  });

  it('withholds it however deep it lies', () => {
    let error = parseError();
    for (let depth = 0; depth < 30; depth++) error = new Error(`depth ${depth}`, { cause: error });

    expect(written(withoutPayload(error))).not.to.include(secret);
  });

  it('takes no line of a payload for a frame', () => {
    const error = parseError(`\n at ${secret}`);

    expect(error.message).to.include(secret);
    expect(written(withoutPayload(error))).not.to.include(secret);
  });

  it('withholds it too where the rest of the error is odd', () => {
    for (const error of [
      Object.assign(parseError(), { stack: undefined }),
      Object.assign(parseError(), { stack: 5 }),
      Object.assign(parseError(), { cause: secret }),
      Object.defineProperty(parseError(), 'cause', { get: throwing }),
      Object.freeze(parseError()),
    ] as Error[]) {
      expect(written(withoutPayload(error))).not.to.include(secret);
    }
  });

  it('answers for errors that cannot be looked into', () => {
    for (const property of ['cause', 'errors']) {
      const error = Object.defineProperty(new Error('kept'), property, { get: throwing });

      expect(withoutPayload(error)).to.have.property('message', 'kept');
    }
    expect(withoutPayload(new Error('kept', { cause: revokedProxy() }))).to.have.property('message', 'kept');
  });

  it('looks at each error once where errors refer to one another', () => {
    let looks = 0;
    const children = Array.from({ length: 10 }, () => new Error('child'));
    const parent = new AggregateError(children, 'parent');
    for (const child of children) {
      Object.defineProperty(child, 'cause', {
        get() {
          if (++looks > 1_000) throw new Error('that is too often');
          return parent;
        },
      });
    }
    withoutPayload(parent);

    expect(looks).to.be.below(1_000);
  });
});

describe('summaryOf', () => {
  it('is the name and the message of an error, as they may be shown', () => {
    expect(summaryOf(new TypeError('no'))).to.equal('TypeError: no');
    expect(summaryOf(Object.assign(new Error('no'), { name: Symbol('odd') }))).to.equal('Error: no');
    expect(summaryOf(parseError())).to.equal('SyntaxError: (message withheld: it can quote the record)');
    expect(summaryOf(Object.defineProperty(new Error(), 'name', { get: throwing }))).to.equal(
      'Error: (an error that cannot be read)',
    );
  });
});
