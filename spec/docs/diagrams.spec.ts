import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';

import { createBatchHandler } from '../../lib';
import { ChunkError, chunksOf } from '../../lib/chunk';
import { formatTimeline, simulateQueue, simulateStream } from '../../lib/testing';
import { fakeLogger } from '../support/logger';

const logger = fakeLogger();

/** What the pages show of simulations, each played here. */
const played = {
  'order.md: a message group': async () =>
    simulateQueue({
      fifo: true,
      messages: ['a1', 'b1', 'a2', 'b2'],
      messageGroupId: (body) => body.slice(0, 1),
      handler: createBatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, logger }, (message) => {
        if (message.body === 'a1' && message.attributes.ApproximateReceiveCount === '1') throw new Error('not now');
      }),
    }),
  'order.md: a record of a stream that always fails': async () =>
    simulateStream({
      records: ['1', '2', 'bad', '4'],
      maximumRetryAttempts: 1,
      bisectBatchOnFunctionError: true,
      handler: createBatchHandler({ source: 'KinesisDataStreams', order: 'shard', logger }, ({ kinesis }) => {
        if (Buffer.from(kinesis.data, 'base64').toString() === 'bad') throw new Error('no');
      }),
    }),
  'chunks.md: a failure in a chunk': async () =>
    simulateQueue({
      messages: ['1', '2', '3'],
      handler: createBatchHandler({ source: 'SQS', chunk: chunksOf(2), logger }, async (messages, _, deliveries) => {
        const failed = messages.findIndex(({ body }, index) => body === '2' && deliveries[index]!.receiveCount === 1);
        if (failed >= 0) throw new ChunkError(new Map([[failed, new Error('not now')]]));
      }),
    }),
};

describe('The diagrams of simulations', () => {
  for (const [place, play] of Object.entries(played)) {
    it(`are what is played: ${place}`, async () => {
      const page = readFileSync(path.join(__dirname, '../../docs', place.split(':')[0]!), 'utf8');
      const diagram = formatTimeline(await play(), { as: 'mermaid' });

      expect(page).to.include(`\`\`\`mermaid\n${diagram}\n\`\`\``);
    });
  }
});
