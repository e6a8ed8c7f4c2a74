/** One record after another, for a collaborator that can do only one thing at a time; a failure stops nothing. */
import type { SQSRecord } from 'aws-lambda';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { BatchHandler } from '../lib';

interface Label {
  readonly id: string;
  readonly text: string;
}

class LabelPrinter {
  #busy = false;

  async print({ id, text }: Label): Promise<void> {
    if (this.#busy) throw new Error('The printer is busy.');
    if (text === '') throw new Error(`Label ${id} is empty.`);
    this.#busy = true;
    await nextTurn();
    this.#busy = false;
  }
}

class LabelHandler {
  constructor(private readonly printer = new LabelPrinter()) {}

  @BatchHandler({ source: 'SQS', processInParallel: false })
  async handle(record: SQSRecord): Promise<void> {
    await this.printer.print(JSON.parse(record.body) as Label);
  }
}

export const handler = new LabelHandler().handle;
