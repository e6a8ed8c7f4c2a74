import { expect } from 'chai';

import { bytesOf, fitting } from '../../lib/testing/payload-limit';

const MEBIBYTE = 1024 * 1024;
const weighing = (...sizes: number[]) => sizes.map((bytes) => ({ bytes }));
const fit = (batchSize: number, ...sizes: number[]) => fitting(weighing(...sizes), batchSize).map(({ bytes }) => bytes);

describe('bytesOf', () => {
  it('is the size of the JSON of a record, in bytes of UTF-8', () => {
    expect(bytesOf({ body: 'abc' })).to.equal(14);
    expect(bytesOf({ body: 'aü🚚' })).to.equal(18);
    expect(bytesOf('')).to.equal(2);
  });
});

describe('fitting', () => {
  it('takes as many records as a batch may have', () => {
    expect(fit(3, 1, 2)).to.deep.equal([1, 2]);
    expect(fit(3, 1, 2, 3)).to.deep.equal([1, 2, 3]);
    expect(fit(3, 1, 2, 3, 4)).to.deep.equal([1, 2, 3]);
    expect(fit(1, 1, 2)).to.deep.equal([1]);
    expect(fit(Infinity, 1, 2, 3)).to.deep.equal([1, 2, 3]);
    expect(fit(3)).to.deep.equal([]);
  });

  it('takes no more than 6 MiB', () => {
    expect(fit(10, 3 * MEBIBYTE, 3 * MEBIBYTE, 1)).to.deep.equal([3 * MEBIBYTE, 3 * MEBIBYTE]);
    expect(fit(10, 3 * MEBIBYTE, 3 * MEBIBYTE + 1, 1)).to.deep.equal([3 * MEBIBYTE]);
    expect(fit(10, ...Array.from({ length: 10 }, () => MEBIBYTE))).to.have.lengthOf(6);
  });

  it('leaves out what follows a record that does not fit, small or not', () => {
    expect(fit(10, 4 * MEBIBYTE, 3 * MEBIBYTE, 1)).to.deep.equal([4 * MEBIBYTE]);
  });

  it('takes a record that is too big alone: it could never be sent with others', () => {
    expect(fit(10, 7 * MEBIBYTE, 1)).to.deep.equal([7 * MEBIBYTE]);
    expect(fit(10, 1, 7 * MEBIBYTE)).to.deep.equal([1]);
  });

  it('gives the records themselves, of anything that can be iterated, and looks no further than it has to', () => {
    const records = weighing(1, 2, 3, 4);
    const seen: number[] = [];
    function* iterated() {
      for (const record of records) {
        seen.push(record.bytes);
        yield record;
      }
    }
    const batch = fitting(iterated(), 2);

    expect(batch).to.have.lengthOf(2);
    expect(batch[0]).to.equal(records[0]);
    expect(batch[1]).to.equal(records[1]);
    expect(seen).to.deep.equal([1, 2]);
  });
});
