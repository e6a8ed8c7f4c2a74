import { expect } from 'chai';
import sinon from 'sinon';

import { ParsingError } from '../../lib';
import { json } from '../../lib/payload';
import { validated } from '../../lib/payload/schema';
import { revokedProxy } from '../support/engine';
import { secret } from '../support/payload';
import { schemaOf, unread } from '../support/readers';

const reading = (validate: (value: unknown) => unknown) => unread(json(schemaOf(validate)), `{"a":"${secret}"}`);
const thrower = (): never => {
  throw new Error(secret);
};

/** The message for issues with these paths. */
const messageFor = async (paths: readonly unknown[]): Promise<string> => {
  const { message } = await reading(() => ({ issues: paths.map((path) => ({ message: secret, path })) }));
  return message;
};

describe('A schema', () => {
  it('decides by its result: a value, also undefined, null and false', () => {
    for (const value of [undefined, null, false, 'a']) {
      expect(
        validated(
          schemaOf(() => ({ value })),
          1,
        ),
      ).to.equal(value);
      expect(
        validated(
          schemaOf(() => ({ value, issues: undefined })),
          1,
        ),
      ).to.equal(value);
    }
  });

  it('may be a function, as those of arktype are', () => {
    expect(
      json(
        Object.assign(
          () => undefined,
          schemaOf(() => ({ value: 7 })),
        ),
      )('{}'),
    ).to.equal(7);
  });

  it('may give a thenable that is no Promise', async () => {
    const later = (result: unknown) => ({
      then: (resolve: (value: unknown) => void) => {
        resolve(result);
      },
    });
    expect(await json(schemaOf(() => later({ value: 7 })))('{}')).to.equal(7);
    expect(await reading(() => later({ issues: [{ message: secret, path: ['a'] }] })))
      .to.have.property('message')
      .that.includes('at a');
  });

  const failing: Record<string, () => unknown> = {
    'reports an issue': () => ({ issues: [{ message: secret }] }),
    'reports no issue, but has issues': () => ({ issues: [] }),
    'reports issues with a value': () => ({ value: 1, issues: [{ message: secret }] }),
    'reports no issue, but has issues and a value': () => ({ value: 1, issues: [] }),
    'reports issues that are no array': () => ({ issues: true }),
    'reports issues that are text': () => ({ issues: secret }),
    'reports issues that cannot be read': () => ({ issues: revokedProxy([]) }),
    'reports an issue that is null': () => ({ issues: [null] }),
    'reports a path that is no array': () => ({ issues: [{ message: secret, path: 7 }] }),
    'reports a key that cannot be text': () => ({
      issues: [{ message: secret, path: [{ key: { toString: thrower } }] }],
    }),
    'returns nothing': () => undefined,
    'returns true': () => true,
    'returns an empty object': () => ({}),
    'returns a revoked proxy': () => revokedProxy(),
    'returns a proxy that throws': () => new Proxy({}, { get: thrower, has: thrower }),
    'throws an error': thrower,
    'throws a string': () => {
      throw secret;
    },
  };
  for (const [what, validate] of Object.entries(failing)) {
    it(`that ${what} fails the record, and so does an async one`, async () => {
      await reading(validate);
      await reading(async () => validate());
    });
  }

  it('that throws is not quoted, nor the cause of the error', async () => {
    const { message, issues } = await reading(thrower);
    expect(message).to.equal('The payload does not fit its schema, which threw an error.');
    expect(issues).to.equal(undefined);
    expect(await reading(() => Promise.reject(new Error(secret)))).to.have.property('message', message);
  });

  it('gives the error its issues, where no log line shows them', async () => {
    const issues = [{ message: `${secret} is no number`, path: ['a'] }];
    const error = await reading(() => ({ issues }));
    expect(error.issues).to.equal(issues);
    expect(Object.keys(error)).to.deep.equal([]);
  });

  describe('whose issues have paths', () => {
    it('has them in the message, each once', async () => {
      expect(await messageFor([['id'], ['items', 0, 'price'], ['id']])).to.equal(
        'The payload does not fit its schema at id, items.0.price.',
      );
    });

    it('may give them as segments, with symbols, and as any iterable', async () => {
      const path = [{ key: 'items' }, { key: 0 }, Symbol('secret'), Object.assign([], { 0: 1, length: 1 })];
      expect(await messageFor([path])).to.include('at items.0.Symbol(secret).undefined.');
      expect(await messageFor([new Set(['a', 'b'])])).to.include('at a.b.');
    });

    it('names none for the payload as a whole', async () => {
      const whole = 'The payload does not fit its schema.';
      expect(await messageFor([[], undefined])).to.equal(whole);
      expect(await messageFor([new (class extends Array<string> {})(), ['']])).to.equal(whole);
    });

    it('names five at most', async () => {
      const paths = Array.from({ length: 10_000 }, (_, index) => [index]);
      expect(await messageFor(paths.slice(0, 5))).to.match(/ at 0, 1, 2, 3, 4\.$/);
      expect(await messageFor(paths.slice(0, 6))).to.match(/ at 0, 1, 2, 3, 4 and others\.$/);
      expect(await messageFor(paths)).to.match(/ at 0, 1, 2, 3, 4 and others\.$/);
    });

    it('cuts keys that are long, without a copy for each of 250,000 issues', async () => {
      const key = 'k'.repeat(500_000);
      const paths = Array.from({ length: 250_000 }, () => [key, 'x']);
      expect(await messageFor(paths)).to.equal(`The payload does not fit its schema at ${'k'.repeat(100)}.`);
      expect(await messageFor([Array(3_000).fill(key)])).to.equal(await messageFor([[key]]));
    });

    it('looks at the first hundred issues only', async () => {
      const path = sinon.fake.returns(['a']);
      const issues = Array.from({ length: 10_000 }, () =>
        Object.defineProperty({ message: secret }, 'path', { get: path }),
      );
      await reading(() => ({ issues }));
      sinon.assert.callCount(path, 100);
    });

    it('may keep them in arrays of a class of their own, as arktype does', async () => {
      class Own<T> extends Array<T> {
        constructor(length?: number) {
          if (length !== undefined) throw new Error(secret);
          super();
        }
      }
      const own = <T>(value: T) => Object.assign(new Own<T>(), { 0: value });
      const issues = own({ message: secret, path: own('a') });
      expect((await reading(() => ({ issues }))).message).to.include('at a.');
      expect(() =>
        validated(
          schemaOf(() => ({ issues })),
          1,
          ['newImage'],
        ),
      ).to.throw(ParsingError, 'at newImage.a.');
    });

    it('lets no key forge a line of a log', async () => {
      expect(await messageFor([['a\nERROR\r\u2028\u2029\0\u001b[2J\u202e']])).to.equal(
        'The payload does not fit its schema at a?ERROR?????[2J?.',
      );
      expect(await messageFor([['schlüssel 鍵 😀']])).to.include('at schlüssel 鍵 😀.');
    });
  });
});
