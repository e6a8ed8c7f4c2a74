import { expect } from 'chai';
import sinon from 'sinon';

import { extension } from '../../lib/batch/extend';
import { type ExtendedBatch, extendsBatch, isExtension, type Joinable } from '../../lib/batch/extension';
import { silent } from '../../lib/batch/log';
import type { Patience } from '../../lib/batch/patience';
import { Deadline } from '../../lib/engine/deadline';
import { sourceOf } from '../../lib/sources';
import { lambdaContext } from '../support/events';
import { rejection } from '../support/promises';

const joinable = (more: Partial<Joinable>): Joinable => ({
  batch: { source: sourceOf('SQS'), records: [], identifiers: [] },
  deadline: new Deadline(),
  context: undefined,
  settings: { logger: silent, throwOnFullBatchFailure: true },
  attempt: () => undefined,
  failureOf: () => undefined,
  ...more,
});

describe('extension', () => {
  it('makes the value of its option, which can be called', () => {
    const participant = { begin: () => undefined };
    const participate = sinon.fake.returns(participant);
    const made = extension('observers', participate);
    const batch = {} as ExtendedBatch;

    expect(isExtension(made, 'observers')).to.be.true;
    expect(made(batch)).to.equal(participant);
    sinon.assert.calledOnceWithExactly(participate, batch);
  });

  it('leaves no enumerable property that a logger would copy', () => {
    expect(Object.keys(extension('observers', () => ({})))).to.deep.equal([]);
  });

  it('gives who takes part the patience of the batch: half of the time that is left', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let patience!: Patience;
    const observer = extension('observers', (batch) => {
      patience = batch.patience('SQS', 5_000);
      return {};
    });
    observer[extendsBatch].join([observer], joinable({ context: lambdaContext(() => 600) }), true);
    clock.tick(300);
    clock.restore();

    expect(await rejection(patience.over)).to.have.property('message', 'SQS did not answer within 300 ms');
  });
});
