import Module, { createRequire } from 'node:module';

import { expect } from 'chai';
import sinon from 'sinon';

import { marshalled } from '../../lib/testing/marshalled';

const utilities = '@aws-sdk/util-dynamodb';

describe('marshalled', () => {
  it('gives each value its type', () => {
    expect(marshalled({ text: 'a', empty: '', number: 4.5, big: 7n, yes: true, none: null })).to.deep.equal({
      text: { S: 'a' },
      empty: { S: '' },
      number: { N: '4.5' },
      big: { N: '7' },
      yes: { BOOL: true },
      none: { NULL: true },
    });
  });

  it('goes into lists, maps and sets', () => {
    expect(
      marshalled({
        list: [1, ['a']],
        map: { inner: { deep: false } },
        texts: new Set(['a']),
        numbers: new Set([1, 2]),
      }),
    ).to.deep.equal({
      list: { L: [{ N: '1' }, { L: [{ S: 'a' }] }] },
      map: { M: { inner: { M: { deep: { BOOL: false } } } } },
      texts: { SS: ['a'] },
      numbers: { NS: ['1', '2'] },
    });
  });

  it('writes bytes in base64, as an event does, wherever they are', () => {
    expect(
      marshalled({
        array: Uint8Array.of(0, 255),
        buffer: Buffer.from('Hello'),
        part: Buffer.from('xyz').subarray(1),
        memory: Uint8Array.of(7).buffer,
        signed: Int8Array.of(-1),
        view: new DataView(Uint8Array.of(1, 7).buffer, 1),
        list: [Buffer.from('Hello')],
        map: { inner: Uint8Array.of(7) },
        set: new Set([Uint8Array.of(1), Buffer.from('Hello')]),
      }),
    ).to.deep.equal({
      array: { B: 'AP8=' },
      buffer: { B: 'SGVsbG8=' },
      part: { B: 'eXo=' },
      memory: { B: 'Bw==' },
      signed: { B: '/w==' },
      view: { B: 'Bw==' },
      list: { L: [{ B: 'SGVsbG8=' }] },
      map: { M: { inner: { B: 'Bw==' } } },
      set: { BS: ['AQ==', 'SGVsbG8='] },
    });
  });

  it('takes an item that looks like a Buffer in JSON for what it is', () => {
    expect(marshalled({ type: 'Buffer', data: [1] })).to.deep.equal({
      type: { S: 'Buffer' },
      data: { L: [{ N: '1' }] },
    });
  });

  it('refuses what DynamoDB cannot hold, and says why', () => {
    expect(() => marshalled({ at: new Date(0) }))
      .to.throw(TypeError, 'Expected an item that DynamoDB can hold: Unsupported type passed')
      .with.property('cause')
      .that.is.an.instanceOf(Error);
  });

  describe('where @aws-sdk/util-dynamodb is not installed', () => {
    const load = createRequire(__filename);
    const file = load.resolve('../../lib/testing/marshalled');
    const notInstalled = Object.assign(new Error(`Cannot find module '${utilities}'`), { code: 'MODULE_NOT_FOUND' });
    let loading: sinon.SinonStub<[request: string, ...rest: unknown[]], unknown>;

    /** The module as it is before its first call. */
    function freshCopy(): { marshalled: typeof marshalled } {
      const cached = load.cache[file];
      Reflect.deleteProperty(load.cache, file);
      try {
        return load(file) as { marshalled: typeof marshalled };
      } finally {
        load.cache[file] = cached;
      }
    }

    beforeEach(() => {
      loading = sinon.stub(Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }, '_load');
      loading.callThrough();
      loading.withArgs(utilities).throws(notInstalled);
    });

    afterEach(() => {
      sinon.restore();
    });

    it('says what to install, and why it could not be loaded', () => {
      const { marshalled: fresh } = freshCopy();

      expect(() => fresh({ id: 'a' }))
        .to.throw(
          Error,
          /^dynamodbEvent needs @aws-sdk\/util-dynamodb: npm install --save-dev @aws-sdk\/util-dynamodb$/,
        )
        .with.property('cause', notInstalled);
    });

    it('does not look for it before the first item, nor again after that', () => {
      const { marshalled: fresh } = freshCopy();
      sinon.assert.neverCalledWith(loading, utilities);

      loading.withArgs(utilities).callThrough();
      fresh({ id: 'a' });
      fresh({ id: 'b' });
      sinon.assert.calledOnce(loading.withArgs(utilities));
    });

    it('looks for it again after a failure', () => {
      const { marshalled: fresh } = freshCopy();

      expect(() => fresh({ id: 'a' })).to.throw(Error, 'dynamodbEvent needs');
      loading.withArgs(utilities).callThrough();
      expect(fresh({ id: 'a' })).to.deep.equal({ id: { S: 'a' } });
    });
  });
});
