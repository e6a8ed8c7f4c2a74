import { expect } from 'chai';

import { formatTimeline, simulateQueue, simulateStream, type Simulation, type TimelineEntry } from '../../lib/testing';
import { secret } from '../support/payload';

const nothing: Simulation<string> = {
  deliveries: [],
  deleted: [],
  deliveredElsewhere: [],
  deadLettered: [],
  remaining: [],
  invocations: [],
  timeline: [],
};
const withTimeline = (...timeline: TimelineEntry[]): string => formatTimeline({ ...nothing, timeline });

describe('formatTimeline', () => {
  it('tells what happened to the messages of a queue, line by line', async () => {
    const result = await simulateQueue({
      messages: ['good', 'bad'],
      maxReceiveCount: 2,
      handler: ({ Records }) => ({
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map((record) => ({
          itemIdentifier: record.messageId,
        })),
      }),
    });

    expect(formatTimeline(result).split('\n')).to.deep.equal([
      ' 0.000 s  invocation 0  invoked        #0 #1',
      ' 0.000 s  invocation 0  deleted        #0',
      ' 0.000 s  invocation 0  returned       #1',
      '30.000 s  invocation 1  invoked        #1',
      '30.000 s  invocation 1  returned       #1',
      '60.000 s                dead-lettered  #1     MaxReceiveCountExceeded',
      '1 done, 1 dead-lettered, 0 remaining',
    ]);
  });

  it('tells what happened to the records of a stream, line by line', async () => {
    const result = await simulateStream({
      records: ['a', 'b'],
      bisectBatchOnFunctionError: true,
      maxInvocations: 3,
      faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
      handler: ({ Records }) => {
        if (Records.length > 1) throw new Error('too many');
      },
    });

    expect(formatTimeline(result).split('\n')).to.deep.equal([
      '0.000 s  invocation 0  throttled     #0 #1',
      '0.250 s  invocation 1  invoked       #0 #1',
      '0.250 s  invocation 1  returned      #0 #1  the invocation failed: too many',
      '0.250 s                split         #0 #1',
      '0.500 s  invocation 2  invoked       #0',
      '0.500 s  invocation 2  checkpointed  #0',
      '1 done, 0 dead-lettered, 1 remaining',
    ]);
  });

  it('says that nothing happened', () => {
    expect(formatTimeline(nothing)).to.equal('0 done, 0 dead-lettered, 0 remaining');
  });

  it('names twelve records of an entry, and counts the rest', () => {
    const upTo = (count: number) =>
      withTimeline({ at: 0, what: 'split', records: Array.from({ length: count }, (_, index) => index) });
    const twelve = '0.000 s    split  #0 #1 #2 #3 #4 #5 #6 #7 #8 #9 #10 #11';

    expect(upTo(12).split('\n')[0]).to.equal(twelve);
    expect(upTo(13).split('\n')[0]).to.equal(`${twelve} and 1 more`);
    expect(upTo(10_000).split('\n')[0]).to.equal(`${twelve} and 9988 more`);
  });

  it('refuses what is no simulation, such as a promise of one', () => {
    for (const wrong of [Promise.resolve(nothing), undefined, null, [], { timeline: 'none' }]) {
      expect(() => formatTimeline(wrong as never)).to.throw(
        TypeError,
        'formatTimeline: expected a simulation, which is what await simulateQueue(...) gives, received ',
      );
    }
  });

  it('aligns its columns, whatever is in them', () => {
    const lines = withTimeline(
      { at: 7, what: 'invoked', records: [0], invocation: 3, reason: 'first' },
      { at: 86_400_000, what: 'dead-lettered', records: [0, 1], reason: 'second' },
      { at: 0, what: 'returned', records: [2], invocation: 11 },
    ).split('\n');

    expect(lines.slice(0, -1)).to.deep.equal([
      '    0.007 s  invocation 3   invoked        #0     first',
      '86400.000 s                 dead-lettered  #0 #1  second',
      '    0.000 s  invocation 11  returned       #2',
    ]);
  });

  it('never shows a payload', async () => {
    const result = await simulateQueue({ messages: [secret], maxReceiveCount: 1, handler: () => 'no object' });

    expect(formatTimeline(result)).not.to.include(secret);
  });

  it('has one line an entry, also where a reason has several', async () => {
    const result = await simulateQueue({
      messages: ['a'],
      maxInvocations: 1,
      handler: () => {
        throw new Error('Expected this.\nReceived that.');
      },
    });

    expect(formatTimeline(result).split('\n')).to.have.length(result.timeline.length + 1);
  });

  it('has one line an entry whatever ends a line, and leaves white space within one alone', () => {
    const [line] = withTimeline({ at: 0, what: 'split', records: [0], reason: ' a  b \r\n\n c\u2028d\re ' }).split(
      '\n',
    );

    expect(line).to.equal('0.000 s    split  #0  a  b c d e');
  });

  it('goes through a reason once, however much white space it has', () => {
    const space = ' '.repeat(300_000);
    const line = withTimeline({ at: 0, what: 'split', records: [0], reason: `a${space}b` }).split('\n')[0]!;

    expect(line).to.have.length('0.000 s    split  #0  ab'.length + space.length);
  });

  it('formats a timeline of any length', () => {
    const entries = Array.from({ length: 150_000 }, (_, at): TimelineEntry => ({ at, what: 'invoked', records: [0] }));

    expect(formatTimeline({ ...nothing, timeline: entries }).split('\n')).to.have.length(150_001);
  });
});
