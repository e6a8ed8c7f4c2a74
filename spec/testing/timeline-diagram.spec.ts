import { expect } from 'chai';

import { createBatchHandler, NonRetryableError } from '../../lib';
import { chunksOf } from '../../lib/chunk';
import { deadLetter } from '../../lib/dead-letter';
import { kafka } from '../../lib/kafka';
import { exponentialBackoff } from '../../lib/retry-delay';
import {
  formatTimeline,
  simulateKafka,
  simulateQueue,
  simulateStream,
  type Simulation,
  SimulatedSqs,
  type TimelineEntry,
} from '../../lib/testing';
import { fakeLogger } from '../support/logger';
import { secret } from '../support/payload';

const diagram = (result: Simulation<unknown>): string => formatTimeline(result, { as: 'mermaid' });

const of = (timeline: TimelineEntry[]): Simulation<unknown> => ({
  deliveries: [],
  deleted: [],
  deliveredElsewhere: [],
  deadLettered: [],
  remaining: [],
  invocations: [],
  timeline,
});

/** What Mermaid itself reads: who takes part, and the text of each message and note. It throws where it cannot. */
async function readByMermaid(text: string): Promise<{ readonly actors: string[]; readonly texts: string[] }> {
  const { default: mermaid } = await import('mermaid');
  await mermaid.parse(text);
  // `parse` tells of the type alone, and `render` needs a browser.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const read = db as unknown as {
    getActors(): Map<string, { description: string }>;
    getMessages(): { message: string }[];
  };
  return {
    actors: Array.from(read.getActors(), ([, { description }]) => description),
    texts: read.getMessages().map(({ message }) => unescaped(message)),
  };
}

/** Mermaid keeps entity codes under names of its own until it draws. */
const unescaped = (text: string): string =>
  text.replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCharCode(Number(code)));

describe('formatTimeline as a diagram', function () {
  this.timeout(30_000); // Mermaid takes its time to load

  it('draws a FIFO group, whose rest waits behind its first failure', async () => {
    const handler = createBatchHandler(
      { source: 'SQS', fifo: true, skipGroupOnError: true, logger: fakeLogger() },
      ({ body, attributes }) => {
        if (body === 'a2' && attributes.ApproximateReceiveCount === '1') throw new Error('not yet');
      },
    );
    const result = await simulateQueue({
      messages: ['a1', 'a2', 'a3', 'b1'],
      fifo: true,
      messageGroupId: (body) => body[0]!,
      handler,
    });

    expect(diagram(result).split('\n')).to.deep.equal([
      'sequenceDiagram',
      '  participant source as Queue',
      '  participant function as Function',
      '  Note over source,function: 0.000 s',
      '  source->>function: invocation 0 invoked #35;0 #35;1 #35;2 #35;3',
      '  function-->>source: invocation 0 deleted #35;0 #35;3',
      '  function-->>source: invocation 0 returned #35;1 #35;2',
      '  Note over source,function: 30.000 s',
      '  source->>function: invocation 1 invoked #35;1 #35;2',
      '  function-->>source: invocation 1 deleted #35;1 #35;2',
      '  Note over source,function: 4 done, 0 dead-lettered, 0 remaining',
    ]);
    const { actors, texts } = await readByMermaid(diagram(result));
    expect(actors).to.deep.equal(['Queue', 'Function']);
    expect(texts).to.have.length(8);
    expect(texts[1]).to.equal('invocation 0 invoked #0 #1 #2 #3');
  });

  it('draws a stream with a poison record, whose batch is split until it is alone', async () => {
    const handler = createBatchHandler(
      { source: 'KinesisDataStreams', order: 'shard', logger: fakeLogger() },
      ({ kinesis }) => {
        if (Buffer.from(kinesis.data, 'base64').toString() === 'poison') throw new Error('poison');
      },
    );
    const result = await simulateStream({
      records: ['good', 'poison', 'good'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
      handler,
    });

    const { actors, texts } = await readByMermaid(diagram(result));
    expect(actors).to.deep.equal(['Stream', 'Function', 'Dead letters']);
    expect(texts)
      .to.include('invocation 0 checkpointed #0')
      .and.to.include('dead-lettered #1 (RetryAttemptsExhausted)');
    expect(texts.at(-1)).to.equal('2 done, 1 dead-lettered, 0 remaining');
  });

  it('draws chunks, and what is delivered elsewhere', async () => {
    const handler = createBatchHandler(
      {
        source: 'SQS',
        chunk: chunksOf(2),
        nonRetryable: deadLetter({ deliverTo: () => undefined }),
        logger: fakeLogger(),
      },
      (chunk) => {
        if (chunk.some(({ body }) => body === 'c')) throw new NonRetryableError('never');
      },
    );
    const result = await simulateQueue({ messages: ['a', 'b', 'c'], handler });

    const lines = diagram(result).split('\n');
    expect(lines.filter((line) => line.includes('chunk'))).to.deep.equal([
      '  Note over function: invocation 0 chunk #35;0 #35;1',
      '  Note over function: invocation 0 chunk #35;2',
    ]);
    const { actors, texts } = await readByMermaid(lines.join('\n'));
    expect(actors).to.deep.equal(['Queue', 'Function', 'Elsewhere']);
    expect(texts).to.include('invocation 0 delivered elsewhere #2');
  });

  it('draws messages that are delayed, throttled invocations, and partitions of a topic', async () => {
    const sqs = new SimulatedSqs();
    const delaying = createBatchHandler(
      { source: 'SQS', retryDelay: exponentialBackoff({ client: sqs, jitter: false }), logger: fakeLogger() },
      () => {
        throw new Error('not yet');
      },
    );
    const queue = await simulateQueue({
      messages: ['a'],
      sqs,
      maxReceiveCount: 2,
      handler: delaying,
      faults: ({ index }) => (index === 0 ? 'throttle' : undefined),
    });
    const topic = await simulateKafka({
      records: ['a'],
      handler: createBatchHandler({ source: kafka, order: 'partition' }, () => undefined),
    });

    const { actors, texts } = await readByMermaid(diagram(queue));
    expect(actors).to.deep.equal(['Event source', 'Function', 'Dead letters']);
    expect(texts.join('\n')).to.include('throttled #0').and.to.include('delayed #0');
    expect((await readByMermaid(diagram(topic))).actors).to.deep.equal(['Topic', 'Function']);
  });

  it('draws nothing that has happened', async () => {
    const { actors, texts } = await readByMermaid(diagram(of([])));

    expect(actors).to.deep.equal(['Event source', 'Function']);
    expect(texts).to.deep.equal(['0 done, 0 dead-lettered, 0 remaining']);
  });

  it('has Mermaid read a reason as it is, whatever means something to Mermaid', async () => {
    const reason =
      'a; end #35; %%{init: {}}%% %% $$x$$ <b>&amp;</b> : ->> S\nparticipant X: "quoted" `code` {} [] loop';
    const { actors, texts } = await readByMermaid(
      diagram(of([{ at: 0, what: 'returned', records: [0], invocation: 0, reason }])),
    );

    expect(actors).to.have.length(2);
    expect(texts[1]).to.equal(`invocation 0 returned #0 (${reason.replace('\n', ' ')})`);
  });

  it('never shows a payload', async () => {
    const result = await simulateQueue({ messages: [secret], maxReceiveCount: 1, handler: () => 'no object' });

    expect(diagram(result)).not.to.include(secret);
  });

  it('would not be read with a fault', async () => {
    const fault = await readByMermaid(diagram(of([])).replace('Note over', 'Note ove')).catch(
      (error: unknown) => error,
    );

    expect(fault).to.be.an('error');
  });

  it('is one of the two forms that there are, and the other is the default', () => {
    expect(formatTimeline(of([]), { as: 'text' })).to.equal(formatTimeline(of([])));
    expect(() => formatTimeline(of([]), { as: 'html' as 'text' })).to.throw(
      TypeError,
      "Expected as to be one of text, mermaid, received 'html' (string).",
    );
    expect(() => formatTimeline(of([]), { form: 'mermaid' } as never)).to.throw(TypeError, 'unknown option form');
  });
});
