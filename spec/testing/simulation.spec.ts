import { expect } from 'chai';

import { type Invoked, Recording, type Tracked } from '../../lib/testing/simulation';

const record = (index: number, receiveCount = 1): Tracked<string> => ({
  index,
  payload: `payload ${index}`,
  identifier: `id-${index}`,
  receiveCount,
});
const snapshot = (index: number, at: number) => ({ ...record(index), at });

const invoked = (index: number, overrides: Partial<Invoked<unknown>> = {}): Invoked<unknown> => ({
  index,
  at: 3,
  endedAt: 5,
  event: { Records: [] },
  answer: undefined,
  error: undefined,
  fault: undefined,
  cold: false,
  hung: false,
  requestId: 'a1',
  interpretation: { outcome: 'success', returned: [], warnings: [] },
  deliveredElsewhere: new Map(),
  ...overrides,
});

/** A recording at five milliseconds. */
const recordingAt5 = () => new Recording<string>({ now: 5 } as never);

describe('The recording of a simulation', () => {
  it('begins with nothing', () => {
    expect(recordingAt5().result([], [])).to.deep.equal({
      deliveries: [],
      deleted: [],
      deliveredElsewhere: [],
      deadLettered: [],
      remaining: [],
      invocations: [],
      timeline: [],
    });
  });

  it('takes records as they are now, and leaves out what else is known of them', () => {
    const tracked = { ...record(1), visibleAt: 7 };
    const taken = recordingAt5().snapshot(tracked);
    tracked.receiveCount = 9;

    expect(taken).to.deep.equal(snapshot(1, 5));
  });

  it('writes down when something happened, to which records, and what is known about it', () => {
    const recording = recordingAt5();
    recording.happened('invoked', [record(2), record(0)], { invocation: 4 });
    recording.happened('split', [record(1)]);

    expect(recording.timeline).to.deep.equal([
      { at: 5, what: 'invoked', records: [2, 0], invocation: 4 },
      { at: 5, what: 'split', records: [1] },
    ]);
  });

  it('writes down nothing that happened to no record', () => {
    const recording = recordingAt5();
    recording.happened('returned', []);
    recording.gaveUp([], 'RetryAttemptsExhausted', { invokeCount: 1 });

    expect(recording.result([], [])).to.deep.include({ timeline: [], deadLettered: [] });
  });

  it('tells for each delivery what came of it, and when it was made', () => {
    const recording = recordingAt5();
    const batch = [record(0), record(1)];
    recording.delivered(invoked(2), batch, ({ index }) => index === 1, 'deleted');
    recording.delivered(invoked(3), [batch[0]!], () => true, 'checkpointed');

    expect(recording.deliveries).to.deep.equal([
      { ...snapshot(0, 3), invocation: 2, outcome: 'returned' },
      { ...snapshot(1, 3), invocation: 2, outcome: 'deleted' },
      { ...snapshot(0, 3), invocation: 3, outcome: 'checkpointed' },
    ]);
    expect(recording.deleted).to.deep.equal([snapshot(1, 5), snapshot(0, 5)]);
  });

  it('tells why records came back, where there is a reason', () => {
    const recording = recordingAt5();
    const batch = [record(0)];
    const never = () => false;
    recording.delivered(
      invoked(0, { interpretation: { outcome: 'failure', returned: ['id-0'], reason: 'it threw', warnings: [] } }),
      batch,
      never,
      'deleted',
    );
    recording.delivered(
      invoked(1, { interpretation: { outcome: 'partial', returned: ['id-0'], warnings: [] } }),
      batch,
      never,
      'deleted',
    );
    recording.delivered(invoked(2, { fault: 'duplicate' }), batch, never, 'deleted');

    expect(recording.timeline).to.deep.equal([
      { at: 5, what: 'returned', records: [0], invocation: 0, reason: 'it threw' },
      { at: 5, what: 'returned', records: [0], invocation: 1 },
      { at: 5, what: 'returned', records: [0], invocation: 2, reason: 'delivered again, whatever the answer' },
    ]);
  });

  it('tells another reason only where the answer gives none', () => {
    const recording = recordingAt5();
    const failure = { outcome: 'failure', returned: ['id-0'], reason: 'it threw', warnings: [] } as const;
    for (const one of [invoked(0), invoked(1, { interpretation: failure })]) {
      recording.delivered(one, [record(0)], () => false, 'deleted', 'too late');
    }

    expect(recording.timeline.map(({ reason }) => reason)).to.deep.equal(['too late', 'it threw']);
  });

  it('gives no reason to what was done', () => {
    const recording = recordingAt5();
    recording.delivered(invoked(0, { fault: 'coldStart' }), [record(0)], () => true, 'checkpointed', 'too late');

    expect(recording.timeline).to.deep.equal([{ at: 5, what: 'checkpointed', records: [0], invocation: 0 }]);
  });

  it('tells why records were done where the function hung, because that is a loss', () => {
    const recording = recordingAt5();
    const interpretation = { outcome: 'success', returned: [], warnings: ['it hung'] } as const;
    const delivered = new Map([['id-1', new Error('no')]]);
    const hung = invoked(0, { hung: true, interpretation, deliveredElsewhere: delivered });
    recording.delivered(hung, [record(0), record(1)], () => true, 'deleted');

    expect(recording.timeline).to.deep.equal([
      { at: 5, what: 'deleted', records: [0], invocation: 0, reason: 'it hung' },
      { at: 5, what: 'delivered elsewhere', records: [1], invocation: 0, reason: 'it hung' },
    ]);
  });

  it('tells why records were given up on, and how often their batch was invoked where that is known', () => {
    const recording = recordingAt5();
    recording.gaveUp([record(0), record(1)], 'RetryAttemptsExhausted', { invokeCount: 4 });
    recording.gaveUp([record(2)], 'MaxReceiveCountExceeded');

    expect(recording.deadLettered).to.deep.equal([
      { ...snapshot(0, 5), reason: 'RetryAttemptsExhausted', invokeCount: 4 },
      { ...snapshot(1, 5), reason: 'RetryAttemptsExhausted', invokeCount: 4 },
      { ...snapshot(2, 5), reason: 'MaxReceiveCountExceeded' },
    ]);
    expect(recording.timeline).to.deep.equal([
      { at: 5, what: 'dead-lettered', records: [0, 1], reason: 'RetryAttemptsExhausted' },
      { at: 5, what: 'dead-lettered', records: [2], reason: 'MaxReceiveCountExceeded' },
    ]);
  });

  it('gives the deliveries by invocation, however these ended, and in batch order within one', () => {
    const recording = recordingAt5();
    recording.delivered(invoked(1), [record(3), record(4)], () => true, 'deleted');
    recording.delivered(invoked(0), [record(0)], () => true, 'deleted');
    const { deliveries, deleted } = recording.result([], []);

    expect(deliveries.map(({ index }) => index)).to.deep.equal([0, 3, 4]);
    expect(deleted.map(({ index }) => index)).to.deep.equal([3, 4, 0]);
  });

  it('gives what remains as it is at the end', () => {
    const { remaining, invocations } = recordingAt5().result([invoked(0)], [record(0, 7)]);

    expect(remaining).to.deep.equal([{ ...snapshot(0, 5), receiveCount: 7 }]);
    expect(invocations).to.have.length(1);
  });
});
