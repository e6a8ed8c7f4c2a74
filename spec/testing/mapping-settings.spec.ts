import { expect } from 'chai';

import { type Mapping, open } from '../../lib/check/model';
import { settingNames, settingsOfMapping } from '../../lib/testing/mapping-settings';
import { settingsFor } from '../../lib/testing/settings-kind';
import * as model from '../check/support/model';

/** The options, without what says of which mapping they are. */
const settingsOf = (mapping: Mapping): object => {
  const { [settingsFor]: _of, ...options } = settingsOfMapping(mapping);
  return options;
};

describe('The settings of a mapping', () => {
  it('of a queue are those of its function and its redrive policy, too, in milliseconds', () => {
    const mapping = model.sqs({ batchSize: 7, maximumConcurrency: 3, queue: { visibilityTimeout: 200 } });
    expect(settingsOf(mapping)).to.deep.equal({
      functionTimeoutMs: 30_000,
      runtime: 'nodejs22.x',
      batchSize: 7,
      reportBatchItemFailures: true,
      fifo: false,
      visibilityTimeoutMs: 200_000,
      maxReceiveCount: 5,
      maximumConcurrency: 3,
    });
  });

  it('of a stream are those of its retries', () => {
    const mapping = model.kinesis({
      parallelizationFactor: 2,
      maximumRetryAttempts: 4,
      stream: { retention: 172_800 },
    });
    const expected = {
      functionTimeoutMs: 30_000,
      runtime: 'nodejs22.x',
      batchSize: 100,
      reportBatchItemFailures: true,
      maximumRetryAttempts: 4,
      maximumRecordAgeMs: 3_600_000,
      bisectBatchOnFunctionError: true,
      parallelizationFactor: 2,
      retentionMs: 172_800_000,
    };
    expect(settingsOf(mapping)).to.deep.equal(expected);
    expect(settingsOf({ ...mapping, kind: 'dynamodb' })).to.deep.equal(expected);
  });

  it('of Kafka are the same, but for what it has not', () => {
    expect(settingsOf(model.kafka({ parallelizationFactor: 2 }))).to.deep.equal({
      functionTimeoutMs: 30_000,
      runtime: 'nodejs22.x',
      batchSize: 100,
      reportBatchItemFailures: true,
      maximumRetryAttempts: 2,
      maximumRecordAgeMs: 3_600_000,
      bisectBatchOnFunctionError: true,
    });
  });

  it('say of which mapping they are, and of which source, if it is known', () => {
    expect(settingsOfMapping(model.sqs())[settingsFor]).to.deep.equal({ mapping: 'OrdersMapping', kind: 'sqs' });
    const stream = { ...model.kinesis(), isKindOpen: true };
    expect(settingsOfMapping(stream)[settingsFor]).to.deep.equal({ mapping: 'OrdersMapping', kind: undefined });
  });

  it('have the names that are known', () => {
    const all = [model.sqs({ maximumConcurrency: 2 }), model.kinesis({ parallelizationFactor: 2 })].flatMap((mapping) =>
      Object.keys(settingsOf(mapping)),
    );
    expect([...new Set(all)]).to.have.members([...settingNames]);
  });

  it('leave out what is not known, or not said', () => {
    const fn = {
      timeout: open,
      code: { handler: open, runtime: open, place: undefined, environment: {} },
    } as const;
    const queue = { isFifo: open, visibilityTimeout: open, redrive: open } as const;
    const unknown = { function: fn, batchSize: open, maximumConcurrency: open } as const;
    expect(settingsOf(model.sqs({ ...unknown, queue }))).to.deep.equal({ reportBatchItemFailures: true });
    expect(settingsOf(model.sqs({ ...unknown, queue: undefined }))).to.deep.equal({ reportBatchItemFailures: true });
    const retries = {
      maximumRetryAttempts: open,
      maximumRecordAge: open,
      bisects: open,
      parallelizationFactor: open,
      onFailure: open,
      stream: { retention: open },
    } as const;
    expect(settingsOf(model.kinesis({ ...unknown, ...retries }))).to.deep.equal({ reportBatchItemFailures: true });
    expect(settingsOf(model.sqs({ ...unknown, function: undefined, queue: undefined }))).to.deep.equal({
      reportBatchItemFailures: true,
    });
  });

  it('leave out a runtime that is not simulated', () => {
    const code = { ...model.lambdaFunction().code, runtime: 'python3.13' };
    expect(settingsOf(model.sqs({ function: { code } }))).not.to.have.property('runtime');
  });

  for (const [what, said, expected] of [
    ['the flag', {}, true],
    ['no flag', { responseTypes: [] }, false],
    ['what is not known', { responseTypes: open }, false],
    ['a subscription of SAM, which cannot say it', { canReport: false }, false],
  ] as const) {
    it(`report failures with ${what}: ${expected}`, () => {
      expect(settingsOf(model.sqs(said))).to.have.property('reportBatchItemFailures', expected);
    });
  }

  it('report failures of Kafka in provisioned mode only', () => {
    expect(settingsOf(model.kafka())).to.have.property('reportBatchItemFailures', true);
    for (const isProvisioned of [false, open] as const) {
      expect(settingsOf(model.kafka({ isProvisioned }))).to.have.property('reportBatchItemFailures', false);
    }
  });

  it('have no end of receives where the queue has no redrive policy', () => {
    expect(settingsOf(model.sqs({ queue: { redrive: undefined } }))).to.have.property('maxReceiveCount', Infinity);
    const redrive = model.redrive({ maxReceiveCount: open });
    expect(settingsOf(model.sqs({ queue: { redrive } }))).not.to.have.property('maxReceiveCount');
  });

  for (const [timeout, expected] of [
    [30, undefined],
    [31, 186_000],
    [900, 5_400_000],
    [open, undefined],
  ] as const) {
    it(`have ${expected ?? 'the default'} for a visibility timeout that is not known with a timeout of ${String(timeout)} s`, () => {
      const mapping = model.sqs({ function: { timeout }, queue: { visibilityTimeout: open } });
      expect(settingsOfMapping(mapping).visibilityTimeoutMs).to.equal(expected);
    });
  }

  it('have -1 for no limit', () => {
    const settings = settingsOf(model.kinesis({ maximumRecordAge: -1, maximumRetryAttempts: -1 }));
    expect(settings).to.include({ maximumRecordAgeMs: -1, maximumRetryAttempts: -1 });
  });

  it('have ten retries of Kafka where it has a destination and no limit, as Lambda has', () => {
    for (const maximumRetryAttempts of [-1, undefined]) {
      expect(settingsOf(model.kafka({ maximumRetryAttempts }))).to.have.property('maximumRetryAttempts', 10);
      for (const onFailure of [undefined, open] as const) {
        const settings = settingsOfMapping(model.kafka({ maximumRetryAttempts, onFailure }));
        expect(settings.maximumRetryAttempts).to.equal(maximumRetryAttempts);
      }
    }
    expect(settingsOf(model.kinesis({ maximumRetryAttempts: -1 }))).to.have.property('maximumRetryAttempts', -1);
  });
});
