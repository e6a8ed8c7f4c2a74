import { expect } from 'chai';

import { kafkaRecords } from '../../lib/testing/kafka-records';

describe('The records of Kafka topics', () => {
  const placesOf = (...args: Parameters<typeof kafkaRecords>) =>
    kafkaRecords(...args).map(({ topic, partition, offset }) => `${topic}-${partition}@${offset}`);

  it('have offsets of their own in each partition, in the order in which they are given', () => {
    const options = { topic: (_: unknown, index: number) => (index === 2 ? 'bills' : 'orders'), offset: 5 };
    const partitioner = (topic: string) => (topic === 'bills' ? 3 : 0);

    expect(placesOf(['a', 'b', 'c', 'd'], options, partitioner)).to.deep.equal([
      'orders-0@5',
      'orders-0@6',
      'bills-3@5',
      'orders-0@7',
    ]);
  });

  it('are in the partition that the option tells, whatever a partitioner would', () => {
    expect(placesOf(['a', 'b'], { partition: (_, index) => index }, () => 7)).to.deep.equal([
      'orders-0@0',
      'orders-1@0',
    ]);
    expect(placesOf(['a', 'b'], { partition: 2 }, () => 7)).to.deep.equal(['orders-2@0', 'orders-2@1']);
    expect(placesOf(['a'], {})).to.deep.equal(['orders-0@0']);
  });

  it('tell a partitioner the topic and the key, or that there is none', () => {
    const told: unknown[] = [];
    const key = (payload: unknown) => ({ a: 'k', b: Uint8Array.of(1), c: null })[payload as string];
    kafkaRecords(['a', 'b', 'c', 'd'], { key }, (...all) => told.push(all) - 1);

    expect(told).to.deep.equal([
      ['orders', Buffer.from('k')],
      ['orders', Buffer.of(1)],
      ['orders', undefined],
      ['orders', undefined],
    ]);
  });

  // Kafka's own rule for names, without which a line such as `orders-0@11` could mean two records.
  it('are of a topic that Kafka could have', () => {
    for (const topic of ['a', 'my-topic_1.b', 'x'.repeat(249)]) {
      expect(placesOf(['a'], { topic })).to.deep.equal([`${topic}-0@0`]);
    }
    for (const topic of ['', 'a b', 'a@1', 'ä', 'x'.repeat(250)]) {
      expect(() => kafkaRecords(['a'], { topic })).to.throw(RangeError, 'topic to be 1 to 249 letters');
    }
    expect(() => kafkaRecords(['a'], { topic: 7 as never })).to.throw(TypeError, 'hyphens, received 7 (number).');
  });

  it('are refused where an option is not what it should be', () => {
    const refused: readonly [options: object, error: typeof TypeError | typeof RangeError, message: string][] = [
      [{ partition: -1 }, RangeError, 'Expected partition to be an integer from 0 to 2147483647, received -1.'],
      [{ partition: () => '0' }, TypeError, "received '0' (string)."],
      [{ offset: -1 }, RangeError, 'Expected offset to be an integer from 0 to 9007199254740990, received -1.'],
      [{ offset: Number.MAX_SAFE_INTEGER }, RangeError, 'received 9007199254740991.'],
      [{ key: 7 }, TypeError, 'Expected key to be a string or bytes, received 7 (number).'],
      [{ headers: 'a' }, TypeError, "Expected headers to be an object, received 'a' (string)."],
      [{ headers: [] }, TypeError, 'Expected headers to be an object, received'],
      [{ headers: () => null }, TypeError, 'Expected headers to be an object, received null (object).'],
      [{ headers: { a: 7 } }, TypeError, 'Expected the header a to be a string or bytes, received 7 (number).'],
      [{ headers: { a: ['b', null] } }, TypeError, 'Expected the header a to be a string or bytes, received null'],
      [{ arrivedAt: new Date(NaN) }, TypeError, 'Expected arrivedAt to be a valid Date, received Invalid Date'],
    ];
    for (const [options, error, message] of refused) {
      expect(() => kafkaRecords(['a'], options)).to.throw(error, message);
    }
    expect(() => kafkaRecords([7n], {})).to.throw(TypeError, 'received 7n (bigint).');
  });
});
