import { expect } from 'chai';
import sinon from 'sinon';

import { utilDynamodb } from '../../lib/payload/util-dynamodb';
import { missingPackage } from '../support/missing-package';

describe('utilDynamodb', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('gives the package of the user', () => {
    const loaded = utilDynamodb() as { peer: { unmarshall(item: object): unknown } };
    expect(loaded).to.have.all.keys('peer');
    expect(loaded.peer.unmarshall({ id: { S: 'a' } })).to.deep.equal({ id: 'a' });
  });

  it('gives why it cannot be loaded, and is asked again the next time', () => {
    const cause = missingPackage('@aws-sdk/util-dynamodb');
    expect(utilDynamodb()).to.deep.equal({ cause });
    sinon.restore();
    expect(utilDynamodb()).to.have.all.keys('peer');
  });
});
