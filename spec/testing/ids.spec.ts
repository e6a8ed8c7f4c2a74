import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';

import { Ids } from '../../lib/testing/ids';

const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('Ids', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (...seed: (string | number)[]) => {
      const ids = new Ids(...seed);
      return [ids.hex(8), ids.uuid(), ids.base64(12), ids.sequenceStart(20, '188').toString()];
    };

    expect(draw('queue', 1)).to.deep.equal(draw('queue', 1));
    for (const other of [draw('queue', 2), draw('stream', 1), draw('queue')]) {
      for (const [index, id] of draw('queue', 1).entries()) expect(other[index]).not.to.equal(id);
    }
  });

  it('have as many hexadecimal digits as asked for, which do not repeat', () => {
    const ids = new Ids('hex');

    for (const length of [0, 1, 32, 63, 64, 65, 200]) {
      expect(ids.hex(length)).to.match(new RegExp(`^[0-9a-f]{${length}}$`));
    }
    const long = ids.hex(192);
    expect(new Set([long.slice(0, 64), long.slice(64, 128), long.slice(128)])).to.have.property('size', 3);
  });

  it('differ from one to the next', () => {
    const ids = new Ids('next');

    expect(new Set(some(1_000, () => ids.uuid()))).to.have.property('size', 1_000);
    expect(new Set(some(1_000, () => ids.hex(32)))).to.have.property('size', 1_000);
  });

  it('can be UUIDs of version 4, of each of its four variants', () => {
    const ids = new Ids('uuid');
    const uuids = some(100, () => ids.uuid());

    for (const uuid of uuids) {
      expect(uuid).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect([...new Set(uuids.map((uuid) => uuid[19]))].sort()).to.deep.equal(['8', '9', 'a', 'b']);
  });

  it('can be bytes in base64', () => {
    const ids = new Ids('base64');

    for (const bytes of [1, 2, 3, 120]) {
      const text = ids.base64(bytes);
      expect(Buffer.from(text, 'base64')).to.have.lengthOf(bytes);
      expect(Buffer.from(text, 'base64').toString('base64')).to.equal(text);
    }
  });

  it('can be numbers to count up from a billion times, within their digits', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 20, max: 60 }),
        fc.constantFrom('4', '188', '496'),
        (seed, length, prefix) => {
          const start = new Ids(seed).sequenceStart(length, prefix);

          expect(String(start)).to.match(new RegExp(`^${prefix}\\d{${length - prefix.length - 9}}0{9}$`));
          expect(String(start + 999_999_999n)).to.have.lengthOf(length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('can be such numbers where chance gives next to nothing', () => {
    const ids = new Ids('zero');
    sinon.stub(ids, 'hex').callsFake((length) => '7'.padStart(length, '0'));

    expect(ids.sequenceStart(20, '188')).to.equal(18870000000000000000n);
    expect(ids.sequenceStart(12, '188')).to.equal(188000000000n);
  });
});
