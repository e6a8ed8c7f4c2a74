import { expect } from 'chai';

import * as subpath from '../../lib/kafka';

describe('The subpath kafka', () => {
  it('has these names, and no more', () => {
    expect(Object.keys(subpath).sort()).to.deep.equal(['headersOf', 'kafka', 'keyOf', 'tombstone', 'topicPartitionOf']);
  });
});
