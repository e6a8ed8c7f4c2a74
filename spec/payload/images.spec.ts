import { type as ark } from 'arktype';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import * as v from 'valibot';
import { z } from 'zod';

import { images, type ItemChange } from '../../lib/payload';
import { type DynamoDBChange, dynamodbEvent, type DynamoDBEventOptions } from '../../lib/testing';
import { secret } from '../support/payload';
import { Deferred, settled } from '../support/promises';
import { schemaOf, unread } from '../support/readers';

const keys = { id: '1' };
const record = (change: DynamoDBChange, options?: DynamoDBEventOptions): DynamoDBRecord =>
  dynamodbEvent([change], options).Records[0]!;

const insert = record({ eventName: 'INSERT', keys, newImage: { total: 7 } });
const modify = record({ eventName: 'MODIFY', keys, newImage: { total: 8 }, oldImage: { total: 7 } });
const remove = record({ eventName: 'REMOVE', keys, oldImage: { total: 8 } });
const poison = record({ eventName: 'MODIFY', keys, newImage: { total: secret }, oldImage: { total: secret } });

const schemas = {
  zod: z.object({ total: z.number() }),
  valibot: v.object({ total: v.number() }),
  arktype: ark({ total: 'number', '+': 'delete' }),
};

describe('images()', () => {
  it('reads each kind of change', () => {
    expect(images()(insert)).to.deep.equal({ eventName: 'INSERT', keys, newImage: { id: '1', total: 7 } });
    expect(images()(remove)).to.deep.equal({ eventName: 'REMOVE', keys, oldImage: { id: '1', total: 8 } });
    expect(images()(modify)).to.deep.equal({
      eventName: 'MODIFY',
      keys,
      newImage: { id: '1', total: 8 },
      oldImage: { id: '1', total: 7 },
    });
  });

  it('reads the deletion of an item whose time to live is over', () => {
    const expired = record({ eventName: 'REMOVE', keys, oldImage: {}, expired: true });
    expect(images()(expired)).to.deep.equal({ eventName: 'REMOVE', keys, oldImage: keys });
  });

  for (const [streamViewType, has] of [
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['newImage']],
    ['OLD_IMAGE', ['oldImage']],
    ['NEW_AND_OLD_IMAGES', ['newImage', 'oldImage']],
  ] as const) {
    it(`gives the images that a stream of ${streamViewType} has, and asks no schema about the others`, () => {
      const asked = sinon.fake((value: unknown) => ({ value }));
      const change = record({ eventName: 'MODIFY', keys, newImage: {}, oldImage: {} }, { streamViewType });
      expect(images(schemaOf(asked))(change)).to.have.all.keys('eventName', 'keys', ...has);
      sinon.assert.callCount(asked, has.length);
    });
  }

  it('reads bytes, sets and numbers of every size, in keys as well', () => {
    const item = { bytes: Buffer.of(0, 255), tags: new Set(['a']), big: 2n ** 60n, deep: { list: [1, null] } };
    const read = images()(record({ eventName: 'INSERT', keys: { id: Buffer.of(1) }, newImage: item }));
    expect(read).to.deep.equal({
      eventName: 'INSERT',
      keys: { id: Buffer.of(1) },
      newImage: { id: Buffer.of(1), ...item },
    });
  });

  it('hands its options to the unmarshaller, for keys and images', () => {
    const change = record({ eventName: 'INSERT', keys: { id: 1 }, newImage: { total: 2 } });
    expect(images(undefined, { wrapNumbers: (text) => `#${text}` })(change)).to.deep.equal({
      eventName: 'INSERT',
      keys: { id: '#1' },
      newImage: { id: '#1', total: '#2' },
    });
  });

  it('leaves the record as it is', async () => {
    const before = structuredClone(modify);
    await images(z.object({ total: z.number().transform(String) }))(modify);
    expect(modify).to.deep.equal(before);
  });

  for (const [library, schema] of Object.entries(schemas)) {
    describe(`with a schema of ${library}`, () => {
      it('gives what it makes of both images', () => {
        expect(images(schema)(modify)).to.deep.include({ newImage: { total: 8 }, oldImage: { total: 7 } });
      });

      it('fails the record for an image that does not fit, and says which, and where', async () => {
        const both = await unread(images(schema), poison);
        expect(both.message).to.equal('The payload does not fit its schema at newImage.total.');
        expect(both.issues?.[0]?.path?.[0]).to.equal('newImage');
        const old = await unread(images({ oldImage: schema }), poison);
        expect(old.message).to.equal('The payload does not fit its schema at oldImage.total.');
      });
    });
  }

  it('says which image does not fit as a whole', async () => {
    for (const schema of [z.string(), v.string(), ark('string')]) {
      expect((await unread(images(schema), insert)).message).to.match(/ at newImage\.$/);
    }
  });

  it('takes a schema for each image, or for one', () => {
    const read = images({ newImage: z.object({ total: z.number().transform(String) }), oldImage: schemas.valibot })(
      modify,
    );
    expect(read).to.deep.include({ newImage: { total: '8' }, oldImage: { total: 7 } });
    expect(images({ newImage: schemas.zod })(modify)).to.deep.include({ oldImage: { id: '1', total: 7 } });
    expect(images({})(insert)).to.deep.equal(images()(insert));
    expect(images({ newImage: undefined, oldImage: schemas.zod })(insert)).to.deep.equal(images()(insert));
  });

  it('waits for schemas that are async, and asks the second where the first is content', async () => {
    const gate = new Deferred<{ value: unknown }>();
    const second = sinon.fake(async (value: unknown) => ({ value }));
    const read = images({ newImage: schemaOf(() => gate.promise), oldImage: schemaOf(second) })(modify);
    await settled();
    sinon.assert.notCalled(second);
    gate.resolve({ value: 'new' });
    expect(await read).to.deep.include({ newImage: 'new', oldImage: { id: '1', total: 7 } });

    const failing = images({ newImage: schemaOf(async () => ({ issues: [] })), oldImage: schemaOf(second) });
    await unread(failing, modify);
    sinon.assert.calledOnce(second);
  });

  it('keeps an image of which a schema makes undefined out of the change, and any other value in it', () => {
    const making = (value: unknown) => images(schemaOf(() => ({ value })))(insert);
    expect(making(undefined)).to.have.all.keys('eventName', 'keys');
    expect(making(null)).to.have.property('newImage', null);
  });

  describe('of a record whose absent parts have a form', () => {
    const total = { S: 'a' };
    const change = (dynamodb: object, eventName: unknown = 'MODIFY') =>
      images(schemas.zod)({ eventName, dynamodb } as DynamoDBRecord);

    for (const absent of [undefined, null, {}]) {
      const shown = JSON.stringify(absent);
      it(`takes an image of ${shown} for none, of INSERT and REMOVE, and asks no schema about it`, () => {
        const Keys = { id: { S: '1' } };
        const there = { id: { S: '1' }, total: { N: '7' } };
        expect(change({ Keys, NewImage: there, OldImage: absent }, 'INSERT')).to.deep.equal({
          eventName: 'INSERT',
          keys,
          newImage: { total: 7 },
        });
        expect(change({ Keys, NewImage: absent, OldImage: there }, 'REMOVE')).to.deep.equal({
          eventName: 'REMOVE',
          keys,
          oldImage: { total: 7 },
        });
      });

      it(`fails the record for keys of ${shown}, which every item has`, async () => {
        const raw = { eventName: 'INSERT', dynamodb: { Keys: absent, NewImage: { total } } };
        expect(await unread(images(), raw)).to.have.property(
          'message',
          'The record has no keys, which every change of an item has.',
        );
      });
    }

    for (const absent of [undefined, null]) {
      it(`fails the record for an eventName, or a change, of ${String(absent)}`, async () => {
        const unnamed = { eventName: absent, dynamodb: { Keys: { id: { S: secret } } } };
        expect(await unread(images(), unnamed)).to.have.property(
          'message',
          'The record has no eventName, which says what has changed.',
        );
        expect((await unread(images(), { eventName: 'INSERT', dynamodb: absent })).message).to.include('has no keys');
      });
    }
  });

  it('reads what GetRecords answers, whose bytes are bytes', () => {
    const dynamodb = { Keys: { id: { B: Uint8Array.of(1) } }, NewImage: { all: { BS: [Buffer.of(2), 'Aw=='] } } };
    expect(images()({ eventName: 'INSERT', dynamodb } as never)).to.deep.equal({
      eventName: 'INSERT',
      keys: { id: Buffer.of(1) },
      newImage: { all: new Set([Buffer.of(2), Buffer.of(3)]) },
    });
  });

  it('reads numbers beyond 2^53 that have a fraction or an exponent, in each digit', () => {
    const dynamodb = { Keys: { id: { N: '1e22' } }, NewImage: { a: { N: '12345678901234567890.5' } } };
    const { keys: read, newImage } = images()({ eventName: 'INSERT', dynamodb }) as ItemChange;
    expect(read.id).to.have.property('value', '1e22');
    expect(newImage?.a).to.have.property('value', '12345678901234567890.5');
  });

  const known = { id: { S: '1' } };
  const odd = (change: object) => ({ eventName: 'INSERT', dynamodb: change });
  for (const [what, raw] of Object.entries({
    'keys of an unknown type': odd({ Keys: { id: { X: secret } } }),
    'an image that is text': odd({ Keys: known, NewImage: secret }),
    'an attribute without a type': odd({ Keys: known, NewImage: { [secret]: {} } }),
    'bytes that are no base64': odd({ Keys: known, OldImage: { a: { B: `${secret}!` } } }),
    'keys that were unmarshalled before': odd({ Keys: { id: secret } }),
    'an image that was unmarshalled before': odd({ Keys: known, NewImage: { id: 7, address: { street: secret } } }),
  })) {
    it(`fails the record for ${what}, and says where`, async () => {
      expect((await unread(images(), raw)).message).to.match(/^The (keys|newImage|oldImage) cannot be unmarshalled: /);
    });
  }

  it('fails the record for what is none', async () => {
    for (const raw of [undefined, null, secret]) await unread(images(), raw);
  });

  for (const schema of [null, 'schema', { newImage: 'schema' }, { newImages: schemas.zod }, { '~standard': 1 }]) {
    it(`refuses ${JSON.stringify(schema).slice(0, 40)}, which is no schema`, () => {
      expect(() => images(schema as never)).to.throw(TypeError, 'images(): expected a Standard Schema');
    });
  }
});
