import vm from 'node:vm';

import { NumberValueImpl } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';

import { ChunkError, failedIn } from '../../../lib/chunk';
import { failuresIn, misfits, secret } from './failures-in';

const { batchWrite } = failedIn;
const put = (Item: object) => ({ PutRequest: { Item } });
const remove = (Key: object) => ({ DeleteRequest: { Key } });
const indexesIn = (error: ChunkError | undefined) => [...(error?.failures ?? new Map<number, unknown>()).keys()];
/** Where a value is found among those that were sent, all of them items of one table. */
const found = (left: object, ...sent: object[]) =>
  indexesIn(batchWrite({ UnprocessedItems: { t: [put(left)] } }, { t: sent.map(put) }));

const [a, b, c] = [put({ id: { S: 'a' } }), put({ id: { S: 'b' }, n: { N: '1' } }), remove({ id: { S: 'c' } })];

describe('failedIn.batchWrite', () => {
  it('gives nothing where nothing is left', () => {
    for (const UnprocessedItems of [undefined, null, {}, { t: [] }, Object.create(null) as object]) {
      expect(batchWrite({ UnprocessedItems } as never, { t: [a, b, c] })).to.equal(undefined);
    }
    const answer = { $metadata: { httpStatusCode: 200 }, ConsumedCapacity: [], ItemCollectionMetrics: {} };
    expect(batchWrite(answer as never, { t: [a] })).to.equal(undefined);
    expect(batchWrite(vm.runInNewContext('({})') as object, { t: [a] })).to.equal(undefined);
    expect(batchWrite(Object.create(null) as object, { t: [a] })).to.equal(undefined);
  });

  it('names what is left, wherever it is in the answer', () => {
    const UnprocessedItems = { t: [remove({ id: { S: 'c' } }), put({ n: { N: '1' }, id: { S: 'b' } })] };
    const message = 'DynamoDB has left the item unprocessed, and does not say why: throughput or size, as a rule.';
    const error = batchWrite({ UnprocessedItems }, { t: [a, b, c] });
    expect(failuresIn(error)).to.deep.equal({ 1: `UnprocessedItem: ${message}`, 2: `UnprocessedItem: ${message}` });
    expect(indexesIn(error)).to.deep.equal([1, 2]);
    expect(error!.failures.get(1)).not.to.equal(error!.failures.get(2));
  });

  it('names all where all is left', () => {
    expect(indexesIn(batchWrite({ UnprocessedItems: { t: [c, b, a] } }, { t: [a, b, c] }))).to.deep.equal([0, 1, 2]);
  });

  it('counts over all tables, in the order of the object', () => {
    const sent = { t: [a, b], u: [a, c], v: [] };
    expect(indexesIn(batchWrite({ UnprocessedItems: { u: [a] } }, sent))).to.deep.equal([2]);
    expect(indexesIn(batchWrite({ UnprocessedItems: { u: [c], t: [a] } }, sent))).to.deep.equal([0, 3]);
  });

  it('tells to put from to delete', () => {
    const key = { id: { S: 'a' } };
    expect(
      indexesIn(batchWrite({ UnprocessedItems: { t: [remove(key)] } }, { t: [put(key), remove(key)] })),
    ).to.deep.equal([1]);
  });

  it('counts an item that was sent twice as often as it is left', () => {
    expect(indexesIn(batchWrite({ UnprocessedItems: { t: [a] } }, { t: [b, a, a] }))).to.deep.equal([1]);
    expect(indexesIn(batchWrite({ UnprocessedItems: { t: [a, a] } }, { t: [a, b, a] }))).to.deep.equal([0, 2]);
  });

  it('passes over requests that are undefined or null, as an SDK can have them', () => {
    const [left] = [{ PutRequest: a.PutRequest, DeleteRequest: undefined }];
    expect(
      indexesIn(batchWrite({ UnprocessedItems: { t: [left] } }, { t: [{ ...a, DeleteRequest: null }] })),
    ).to.deep.equal([0]);
  });

  describe('compares values', () => {
    it('of any type', () => {
      const sent = [
        'a',
        '',
        'null',
        null,
        true,
        false,
        'true',
        0,
        1,
        '1',
        1n,
        1.5,
        [],
        [1],
        ['1'],
        {},
        { a: 1 },
        [[1]],
      ];
      const sets = [new Set(['a', 'b']), new Set([1]), new Set(), ['a', 'b'], new Set([new Uint8Array([1])])];
      const bytes = [new Uint8Array([1, 2]), new Uint8Array([1]), new Uint8Array(), 'AQI='];
      const items = [...sent, ...sets, ...bytes].map((value) => ({ value: { deep: [value] } }));
      items.forEach((item, index) => {
        expect(found(structuredClone(item), ...items)).to.deep.equal([index]);
      });
    });

    it('whatever the order of properties and members', () => {
      const sent = { a: { b: 1, c: [1, 2] }, d: new Set(['x', 'y']) };
      expect(found({ d: new Set(['y', 'x']), a: { c: [1, 2], b: 1 } }, {}, sent)).to.deep.equal([1]);
      expect(() => found({ d: new Set(['y', 'x']), a: { c: [2, 1], b: 1 } }, {}, sent)).to.throw('UnprocessedItems');
    });

    it('by their bytes, whatever has them', () => {
      const { buffer } = new Uint8Array([0, 1, 2, 3]);
      const kinds = [Buffer.from([1, 2]), new Uint8Array(buffer, 1, 2), new DataView(buffer, 1, 2), buffer.slice(1, 3)];
      for (const kind of [...kinds, new Uint16Array([0x0201])]) {
        expect(found({ id: new Uint8Array([1, 2]) }, { id: buffer }, { id: kind })).to.deep.equal([1]);
      }
    });

    it('without what the SDK leaves out', () => {
      const sent = {
        id: 1,
        none: undefined,
        call: () => 1,
        list: [1, undefined, () => 1],
        set: new Set([1, undefined]),
      };
      expect(found({ id: 1, list: [1], set: new Set([1]) }, {}, sent)).to.deep.equal([1]);
    });

    it('of the document client in any form of a number', () => {
      const forms = [5, 5n, '5', '5.0', '05', '+5', '0.5e1', '50E-1'].map((form) =>
        typeof form === 'string' ? new NumberValueImpl(form) : form,
      );
      for (const left of forms) {
        for (const sent of forms) expect(found({ id: left }, { id: 50 }, { id: -5 }, { id: sent })).to.deep.equal([2]);
      }
      expect(found({ id: 0 }, { id: '0' }, { id: new NumberValueImpl('-0.00') })).to.deep.equal([1]);
      expect(found({ id: -1.5 }, { id: 1.5 }, { id: new NumberValueImpl('-1.50') })).to.deep.equal([1]);
      expect(
        found({ id: 9007199254740993n }, { id: 9007199254740992n }, { id: new NumberValueImpl('9007199254740993') }),
      ).to.deep.equal([1]);
      expect(found({ ids: new Set([2, 1]) }, { ids: new Set([1n, 2n]) })).to.deep.equal([0]);
    });

    it('of attributes whose numbers and sets are in another form', () => {
      const sent = {
        id: { N: '1.0' },
        ns: { NS: ['2', '1.0'] },
        ss: { SS: ['b', 'a'] },
        bs: { BS: [Buffer.from('a')] },
      };
      const left = {
        id: { N: '1' },
        ns: { NS: ['1', '2'] },
        ss: { SS: ['a', 'b'] },
        bs: { BS: [new Uint8Array([97])] },
      };
      expect(found(left, { id: { S: '1' } }, sent)).to.deep.equal([1]);
      expect(() => found({ ...left, ss: { SS: ['a', 'c'] } }, sent)).to.throw('1 of 1 that are not');
      expect(() => found({ ...left, ss: { L: ['a', 'b'] } }, sent)).to.throw('1 of 1 that are not');
      expect(() => found({ id: { N: 'x' } }, { id: { N: 'y' } }, { id: { SS: 'x' } })).to.throw('1 of 1 that are not');
    });

    it('that are empty as what the document client makes of them', () => {
      const sent = { id: 1, text: '', bytes: new Uint8Array(), set: new Set() };
      expect(found({ id: 1, text: null, bytes: null, set: null }, { id: 2 }, sent)).to.deep.equal([1]);
    });

    it('of a Map and of a class as of the object that the document client makes of them', () => {
      class Item {
        readonly #hidden = 1;
        constructor(readonly id: number) {}
        get shown() {
          return this.#hidden;
        }
      }
      expect(found({ id: 1 }, new Item(2), new Item(1))).to.deep.equal([1]);
      expect(found({ map: { id: 1 } }, {}, { map: new Map([['id', 1]]) })).to.deep.equal([1]);
    });

    it('exactly first, and as DynamoDB has them only where that finds nothing', () => {
      expect(found({ id: 1, text: null }, { id: 1, text: '' }, { id: 1, text: null })).to.deep.equal([1]);
      const UnprocessedItems = { t: [put({ id: 1 }), put({ id: 1n }), put({ id: 1 })] };
      const sent = { t: [put({ id: 1n }), put({ id: 2 }), put({ id: 1 }), put({ id: new NumberValueImpl('1') })] };
      expect(indexesIn(batchWrite({ UnprocessedItems }, sent))).to.deep.equal([0, 2, 3]);
    });

    it('that only DynamoDB takes for one never twice', () => {
      expect(() =>
        batchWrite({ UnprocessedItems: { t: [put({ id: 1 }), put({ id: 1 })] } }, { t: [put({ id: 1n })] }),
      ).to.throw('received 1 of 2 that are not, or more often');
    });
  });

  const sent = { t: [put({ id: { S: secret } }), b] };
  misfits((result) => batchWrite(result as never, sent), {
    'no answer': [undefined, 'expected the answer to be an object, received undefined'],
    null: [null, 'received null'],
    'a text': [secret, 'received a text'],
    'an array': [[], 'received an array of 0'],
    'a promise': [Promise.resolve({}), 'expected the answer to be an object, received a promise that was not awaited'],
    'an answer of a fetch': [new Response('{}'), 'expected UnprocessedItems, or an answer that has nothing but'],
    'an error': [new Error(secret), 'expected UnprocessedItems, or'],
    'an error as JSON': [{ __type: 'ValidationException', message: secret }, 'expected UnprocessedItems, or'],
    'the answer of another API': [{ FailedRecordCount: 2, Records: [] }, 'expected UnprocessedItems, or'],
    'an answer in a response': [{ data: { UnprocessedItems: sent } }, 'expected UnprocessedItems, or'],
    'UnprocessedItems that are a text': [
      { UnprocessedItems: secret },
      'UnprocessedItems to be an object, received a text',
    ],
    'UnprocessedItems that are false': [
      { UnprocessedItems: false },
      'UnprocessedItems to be an object, received a boolean',
    ],
    'UnprocessedItems that are an array': [
      { UnprocessedItems: [] },
      'UnprocessedItems to be an object, received an array',
    ],
    'UnprocessedItems that are a Map': [{ UnprocessedItems: new Map([['t', [b]]]) }, 'to be a plain object of arrays'],
    'a table that is an object': [{ UnprocessedItems: { [secret]: {} } }, 'table 1 of UnprocessedItems to be an array'],
    'a table that is null': [{ UnprocessedItems: { t: [], u: null } }, 'table 2 of UnprocessedItems to be an array'],
    'a request that is null': [{ UnprocessedItems: { t: [null] } }, 'each request of UnprocessedItems to be an object'],
    'a request that is left out': [{ UnprocessedItems: { t: new Array(1) } }, 'each request of UnprocessedItems to be'],
    'a request that is empty': [{ UnprocessedItems: { t: [{}] } }, 'to have either a PutRequest with an Item'],
    'a request with both': [
      { UnprocessedItems: { t: [{ ...b, ...c }] } },
      'DeleteRequest with a Key, received one with both',
    ],
    'a request that is a text': [{ UnprocessedItems: { t: [{ PutRequest: secret }] } }, 'received one with neither'],
    'a PutRequest without an Item': [{ UnprocessedItems: { t: [{ PutRequest: {} }] } }, 'received one with neither'],
    'a Key that is a text': [{ UnprocessedItems: { t: [remove(secret as never)] } }, 'received one with neither'],
    'an item that was not sent': [{ UnprocessedItems: { t: [b, a] } }, 'received 1 of 2 that are not, or more often'],
    'an item of another table': [{ UnprocessedItems: { u: [b] } }, 'received 1 of 1 that are not'],
    'an item that was sent once, and is left twice': [
      { UnprocessedItems: { t: [b, b] } },
      'received 1 of 2 that are not',
    ],
    'an item that was to be deleted': [{ UnprocessedItems: { t: [remove(b.PutRequest.Item)] } }, '1 of 1 that are not'],
  });

  describe('given RequestItems that are none', () => {
    misfits((items) => batchWrite({ UnprocessedItems: {} }, items as never), {
      undefined: [undefined, 'expected the second argument, the RequestItems, to be an object, received undefined'],
      null: [null, 'received null'],
      'an array': [[b], 'received an array of 1'],
      'a Map': [new Map([['t', [b]]]), 'the RequestItems, to be a plain object of arrays, received an object'],
      'all of the input': [{ RequestItems: sent }, 'table 1 of the second argument, the RequestItems, to be an array'],
      'no table': [{}, 'expected RequestItems with a request, received none'],
      'no request': [{ t: [] }, 'expected RequestItems with a request, received none'],
      'items that are no requests': [{ t: [{ id: secret }] }, 'to have either a PutRequest'],
    });
  });
});
