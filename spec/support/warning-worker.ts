// Run by spec/behaviour/managed-instances.spec.ts as a worker thread, which has modules of its own: three invocations overlap
// there, by one entry. Tells what was warned of.
import { parentPort } from 'node:worker_threads';

import { fifoEvent, lambdaContext } from './events';
import { handlerFor } from './handler';
import { settled } from './promises';

const lines: string[] = [];
const logger = { debug: () => undefined, warn: (line: string) => lines.push(line), error: () => undefined };

async function main(): Promise<void> {
  const entry = handlerFor({ source: 'SQS', logger }, settled); // of a FIFO queue, which needs fifo: true
  const invoke = () => entry(fifoEvent('a1', 'b1'), lambdaContext());
  await Promise.all([invoke(), invoke(), invoke()]);
  parentPort!.postMessage(lines);
}

void main();
