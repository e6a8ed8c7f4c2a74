import { inspect } from 'node:util';
import vm from 'node:vm';

import { expect } from 'chai';

import { withoutPayload } from '../../lib/errors/without-payload';
import { revokedProxy } from '../support/engine';
import { parseError, secret } from '../support/payload';

/** All that a logger can write of an error. */
const written = (error: Error): string => `${inspect(error, { depth: null })} ${String(error)} ${String(error.stack)}`;

const throwing = () => {
  throw new Error('hostile');
};

describe('withoutPayload', () => {
  it('leaves an error as it is that quotes nothing', () => {
    const circular = new Error('circular');
    circular.cause = circular;
    for (const error of [
      new Error('plain'),
      new Error('outer', { cause: new Error('inner') }),
      new Error('odd cause', { cause: 7 }),
      new AggregateError([new Error('one'), 'text'], 'many'),
      Object.assign(new Error('odd'), { errors: 'none' }),
      circular,
    ]) {
      expect(withoutPayload(error)).to.equal(error);
    }
  });

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
