import { expect } from 'chai';

import { runContainer } from '../../samples/local/run-container';

describe('A consumer in a container', function () {
  this.timeout(60_000); // two processes start that compile

  it('loses nothing and keeps its groups in order where SIGTERM ends it in the middle, and it is started again', async () => {
    const account = await runContainer({ messages: 120, groups: 6, seed: 3 });

    expect(account.faults).to.deep.equal([]);
    expect(account).to.include({ sent: 120, succeeded: 120, groups: 6, failed: 2, repeated: 0 });
    expect(account.beforeEnd).to.be.within(60, 70);
    expect(account.interrupted).to.be.within(1, 4); // as many groups as run at once
  });
});
