// Run by spec/processors/first-overlap.spec.ts as a process of its own: two invocations overlap, and nothing has entered
// an AsyncLocalStorage before. Writes both answers to standard output.
import type { SQSRecord } from 'aws-lambda';

import { BatchProcessor, EventType, type PartialItemFailureResponse, processPartialResponse } from '../../lib';
import { sqsEvent } from './events';
import { failing } from './processors';
import { Deferred } from './promises';

const processor = new BatchProcessor(EventType.SQS);
const start = new Deferred();
const handler = failing('a1');

const whole = {
  first: () =>
    processPartialResponse(
      sqsEvent('a1', 'a2'),
      async (record: SQSRecord) => {
        await start.promise;
        return handler(record);
      },
      processor,
    ),
  second: async () => {
    await start.promise;
    return processPartialResponse(sqsEvent('b1', 'b2'), handler, processor);
  },
};

const chain = {
  first: async () => {
    processor.register(sqsEvent('a1', 'a2').Records, handler);
    await start.promise;
    await processor.process();
    return processor.response();
  },
  second: async () => {
    await start.promise;
    processor.register(sqsEvent('b1', 'b2').Records, handler);
    await processor.process();
    return processor.response();
  },
};

async function main({ first, second }: Record<'first' | 'second', () => Promise<PartialItemFailureResponse>>) {
  const answers = [first(), second()];
  await Promise.resolve();
  start.resolve();
  process.stdout.write(JSON.stringify(await Promise.all(answers)));
}

void main(process.argv[2] === 'chain' ? chain : whole);
