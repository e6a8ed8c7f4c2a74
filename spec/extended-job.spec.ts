import { expect } from 'chai';
import sinon from 'sinon';

import { NonRetryableError } from '../lib';
import { readBatch } from '../lib/batch';
import { Delivery } from '../lib/delivery';
import { Deadline } from '../lib/engine/deadline';
import { parallel } from '../lib/engine/ordering';
import { run } from '../lib/engine/run';
import { extendedJob } from '../lib/extended-job';
import { Observation } from '../lib/observers';
import { jobOf } from './support/engine';
import { sqsEvent } from './support/events';
import { fakeLogger } from './support/logger';
import { Deferred, settled } from './support/promises';

describe('A job with what options add to it', () => {
  const read = readBatch('SQS', sqsEvent('a').Records);
  const deadline = new Deadline();
  const logger = fakeLogger();
  const deliveryOf = (index: number) => new Delivery(read, deadline, index);
  const start = { source: 'SQS', records: read.records, context: undefined } as const;
  const batch = { logger, deliveryOf, failureOf: () => undefined };
  const poison = new NonRetryableError('poison');

  it('is the same job where they add nothing, so that they are free', () => {
    const job = jobOf(1, parallel(), () => undefined);
    expect(extendedJob(job, undefined, undefined, batch)).to.equal(job);
  });

  it('tells observers of a failure once the delivery is over, which is not within what they put around the method', async () => {
    const delivering = new Deferred();
    const seen: string[] = [];
    const observer = {
      aroundRecord: async (_: Delivery, next: () => unknown) => {
        try {
          await next();
        } finally {
          seen.push('around');
        }
      },
      onRecordFailure: (_: Delivery, error: Error, delivered: boolean) => seen.push(`${error.message} ${delivered}`),
    };
    const deliverTo = sinon.fake(() => {
      seen.push('delivery');
      return delivering.promise;
    });
    const observation = new Observation([observer], logger, start, deliveryOf);
    const job = jobOf(1, parallel(), () => Promise.reject(poison));
    const outcomes = run(extendedJob(job, { deliverTo }, observation, batch));
    await settled();
    expect(seen).to.have.members(['around', 'delivery']);

    delivering.resolve();
    expect(await outcomes).to.deep.equal([{ status: 'success', delivered: poison }]);
    expect(seen.at(-1)).to.equal('poison true');
    expect(seen).to.have.length(3);
  });

  it('keeps count, ordering and keys', () => {
    const job = jobOf(1, parallel(3), () => undefined);
    const observation = new Observation([{}], logger, start, deliveryOf);
    const { count, ordering, keyOf } = extendedJob(job, { deliverTo: 'discard' }, observation, batch);
    expect([count, ordering, keyOf]).to.deep.equal([job.count, job.ordering, job.keyOf]);
  });
});
