import { setTimeout as wait } from 'node:timers/promises';

import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { BatchHandler } from 'lambda-batch-handler';
import { lambdaContext, sqsEvent } from 'lambda-batch-handler/testing';

import { type Entry, entryOf } from '../contestants/entry';
import { silent as logger } from '../contestants/handlers';
import type { Question } from '../question';

const RECORD_BYTES = 10_000;
const WAIT_MS = 5;
const ROUNDS = 3;

/** How many records wait now: when the half of those that can has begun, the heap is looked at. */
let waiting = 0;
let started = 0;
let peak = 0;
let before = 0;
let lookAt = 0;

const heap = (): number => {
  gc!();
  return process.memoryUsage().heapUsed;
};

/** Parses the record, and holds what it parsed while it waits. */
async function hold({ body }: SQSRecord): Promise<void> {
  const parsed = JSON.parse(body) as { items: unknown[] };
  waiting++;
  if (++started === lookAt) peak = heap() - before;
  await wait(WAIT_MS);
  if (parsed.items.length === 0) throw new Error('Expected items, received none.');
  waiting--;
}

class Limited {
  @BatchHandler({ source: 'SQS', concurrency: 50, logger })
  async handle(record: SQSRecord): Promise<void> {
    await hold(record);
  }
}

class Unlimited {
  @BatchHandler({ source: 'SQS', logger })
  async handle(record: SQSRecord): Promise<void> {
    await hold(record);
  }
}

const processor = new BatchProcessor(EventType.SQS);
const contestants: Readonly<Record<string, Entry<SQSEvent>>> = {
  'decorator, concurrency 50': entryOf<SQSEvent>(new Limited()),
  'decorator, no limit': entryOf<SQSEvent>(new Unlimited()),
  Powertools: (event, context) => processPartialResponse(event, hold, processor, { context }),
};

/** Live heap above the event: after a collection, when the last record of the batch has been parsed. */
export const memory: Question = {
  title: 'Memory: 10,000 records of 10 kB, parsed and held over 5 ms of I/O',
  unit: 'MB',
  against: ['Powertools'],
  at: ['10000'],
  processes: 1,
  flags: ['--expose-gc'],
  work: async (at) => {
    const count = Number(at);
    const items = Array.from({ length: RECORD_BYTES / 10 }, (_, index) => 1e8 + index);
    const event = sqsEvent(Array.from({ length: count }, () => JSON.stringify({ items })));
    const samples: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, entry] of Object.entries(contestants)) {
        started = 0;
        lookAt = count;
        before = heap();
        const answer = await entry(event, lambdaContext({ timeoutMs: 900_000 }));
        if (answer.batchItemFailures.length > 0 || started !== count || waiting !== 0) {
          throw new Error(`Expected ${name} to run all ${count} records, received ${started} runs.`);
        }
        (samples[name] ??= []).push(peak / 1e6);
      }
    }
    return samples;
  },
};
