import { isDeepStrictEqual } from 'node:util';

import { marshall, NumberValueImpl, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import fc from 'fast-check';

import { failedIn } from '../../../lib/chunk';

interface Sent {
  readonly table: string;
  readonly request: object;
}

/** Values as the document client takes them. */
const { value: native } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('', 'a', '1', 0, 1, 1n, true, null),
    fc.string({ maxLength: 3 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number + 0),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((number) => new NumberValueImpl(number)),
    fc.uint8Array({ maxLength: 3 }),
    fc.uniqueArray(fc.string({ maxLength: 2 }), { minLength: 1, maxLength: 3 }).map((list) => new Set(list)),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 3 }).map((list) => new Set(list)),
    fc.uniqueArray(fc.bigInt(-5n, 5n), { minLength: 1, maxLength: 3 }).map((list) => new Set(list)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'N', 'SS', 'value'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const item = fc.dictionary(fc.constantFrom('id', 'a', 'b'), native, { maxKeys: 3, noNullPrototype: true });

/** Of few items, so that some are the same. */
const requests: fc.Arbitrary<Sent[]> = fc.array(item, { minLength: 1, maxLength: 4 }).chain((items) =>
  fc.array(
    fc.record({
      table: fc.constantFrom('t', 'u'),
      request: fc
        .record({ values: fc.constantFrom(...items), isPut: fc.boolean() })
        .map(({ values, isPut }) => (isPut ? { PutRequest: { Item: values } } : { DeleteRequest: { Key: values } })),
    }),
    { minLength: 1, maxLength: 25 },
  ),
);

/** The same value as another object, with all that has no order the other way round. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Set) return new Set([...value].reverse().map(copyOf));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof NumberValueImpl) return new NumberValueImpl(value.value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, copyOf(each)]),
  );
}

function byTable(sent: readonly Sent[]): Record<string, object[]> {
  const tables: Record<string, object[]> = {};
  for (const { table, request } of sent) (tables[table] ??= []).push(request);
  return tables;
}

const indexesIn = (left: object, sent: object) => [
  ...(
    failedIn.batchWrite({ UnprocessedItems: left as never }, sent as never)?.failures ?? new Map<number, unknown>()
  ).keys(),
];

describe('failedIn.batchWrite, of whatever items', () => {
  it('names exactly those that are left, and of those that are the same as many', () => {
    fc.assert(
      fc.property(requests, fc.infiniteStream(fc.boolean()), (made, isLeft) => {
        const tables = byTable(made);
        const sent = Object.entries(tables).flatMap(([table, list]) => list.map((request) => ({ table, request })));
        const left = sent.filter(() => isLeft.next().value);
        const taken = new Set<number>();
        for (const one of left)
          taken.add(sent.findIndex((other, index) => !taken.has(index) && isDeepStrictEqual(one, other)));
        const answer = copyOf(byTable([...left].reverse())) as object;
        expect(indexesIn(answer, tables)).to.deep.equal([...taken].sort((one, other) => one - other));
      }),
    );
  });

  for (const options of [{}, { wrapNumbers: true }, { convertEmptyValues: true }]) {
    it(`finds them as they come back from the document client, with ${JSON.stringify(options)}`, () => {
      fc.assert(
        fc.property(
          fc.array(item, { minLength: 1, maxLength: 25 }),
          fc.infiniteStream(fc.boolean()),
          (items, isLeft) => {
            const sent = items.map((each, index) => ({ ...each, id: index % 2 === 0 ? index : String(index - 1) }));
            const left = [...sent.keys()].filter(() => isLeft.next().value);
            const back = left.map((index) => unmarshall(marshall(sent[index]!, options), options)).reverse();
            const putAll = (all: readonly object[]) => all.map((Item) => ({ PutRequest: { Item } }));
            expect(indexesIn({ t: putAll(back) }, { t: putAll(sent) })).to.deep.equal(left);
          },
        ),
      );
    });
  }
});
