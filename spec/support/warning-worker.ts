// Run by spec/behaviour/managed-instances.spec.ts as a worker thread, as one of Lambda Managed Instances has a module of its
// own: three invocations overlap, each by an instance of its own. Tells how often each warning was given.
import { parentPort } from 'node:worker_threads';

import type { Context } from 'aws-lambda';

import { BatchHandler } from '../../lib';
import { fifoEvent, lambdaContext } from './events';
import { settled } from './promises';

const lines: string[] = [];
const logger = { debug: () => undefined, warn: (line: string) => lines.push(line), error: () => undefined };

class Orders {
  @BatchHandler({ source: 'SQS', logger }) // of a FIFO queue, which needs fifo: true
  async handle(_record: unknown, _context: Context): Promise<void> {
    await settled();
  }
}

class OwnOrders extends Orders {
  override handle(event: unknown, context: Context): Promise<void> {
    return super.handle(event, context);
  }
}

async function main(): Promise<void> {
  const invoke = () => new OwnOrders().handle(fifoEvent('a1', 'b1'), lambdaContext());
  await Promise.all([invoke(), invoke(), invoke()]);
  const count = (text: string): number => lines.filter((line) => line.includes(text)).length;
  parentPort!.postMessage({ mismatch: count('is a FIFO queue'), override: count('overrides an entry') });
}

void main();
