import { expect } from 'chai';

import { byKey, firstFailureStops, parallel, sequential } from '../../lib/engine/ordering';
import {
  SqsFifoMessageGroupShortCircuitError,
  SqsFifoShortCircuitError,
  UnprocessedRecordError,
} from '../../lib/errors';
import { planFor } from '../../lib/batch/plan';

describe('The plan', () => {
  it('is parallel without a limit where no option says otherwise', () => {
    expect(planFor({})).to.deep.equal({
      ordering: parallel(),
      order: undefined,
      Unprocessed: UnprocessedRecordError,
    });
    expect(planFor({ fifo: false, processInParallel: true }).ordering).to.deep.equal(parallel());
  });

  it('is parallel up to the concurrency', () => {
    expect(planFor({ concurrency: 5 }).ordering).to.deep.equal(parallel(5));
    expect(planFor({ concurrency: 5, processInParallel: true }).ordering).to.deep.equal(parallel(5));
    expect(planFor({ concurrency: Infinity }).ordering).to.deep.equal(parallel());
  });

  it('is sequential with processInParallel: false, and with a concurrency of 1', () => {
    expect(planFor({ processInParallel: false }).ordering).to.equal(sequential);
    expect(planFor({ concurrency: 1 }).ordering).to.equal(sequential);
    expect(planFor({ processInParallel: false, concurrency: 1 }).ordering).to.equal(sequential);
  });

  it('stops a FIFO batch at its first failure', () => {
    const plan = { ordering: firstFailureStops, Unprocessed: SqsFifoShortCircuitError };

    expect(planFor({ fifo: true })).to.deep.equal(plan);
    expect(planFor({ fifo: true, skipGroupOnError: false })).to.deep.equal(plan);
  });

  it('runs FIFO groups one at a time, or as many as the concurrency says (3c 8, 3c 9)', () => {
    expect(planFor({ fifo: true, skipGroupOnError: true })).to.deep.equal({
      ordering: byKey(1),
      Unprocessed: SqsFifoMessageGroupShortCircuitError,
    });
    expect(planFor({ fifo: true, skipGroupOnError: true, concurrency: 4 }).ordering).to.deep.equal(byKey(4));
  });

  it('stops a shard at its first failure (3c 11)', () => {
    expect(planFor({ order: 'shard' })).to.deep.equal({
      ordering: firstFailureStops,
      order: 'shard',
      Unprocessed: UnprocessedRecordError,
    });
  });

  it('hands on any other order, which goes by the keys of the source', () => {
    expect(planFor({ order: 'partition' })).to.deep.include({ ordering: byKey(Infinity), order: 'partition' });
  });

  it('runs keys of a stream side by side, without a limit unless one is set (3c 11)', () => {
    expect(planFor({ order: 'key' })).to.deep.include({ ordering: byKey(Infinity), order: 'key' });
    expect(planFor({ order: 'key', concurrency: 2 }).ordering).to.deep.equal(byKey(2));
    expect(planFor({ order: 'key', concurrency: 1 }).ordering).to.deep.equal(byKey(1));
  });
});
