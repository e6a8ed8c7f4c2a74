import type { SQSEvent } from 'aws-lambda';

import { type Account, accountOf } from './account';
import { startEmulators } from './emulators';
import { type Functions, sampleFunctions } from './functions';
import { Ledger, type Rules } from './ledger';
import type { Play } from './play';
import { playQueue } from './play-queue';
import { playStream } from './play-stream';
import { type SourceName, workloadOf, type WorkloadOptions } from './workload';

export interface RunOptions extends WorkloadOptions {
  /** What makes the functions. Default: those of the samples. */
  readonly functions?: Partial<Functions>;
  /** How often a message is delivered before it is given up on: more often than one fails that is to succeed. Default: 5. */
  readonly attempts?: number;
  /** Which sources to play. Default: all of them. */
  readonly sources?: readonly SourceName[];
  /** Called with each batch that goes to a function. */
  readonly onProgress?: (ledgers: readonly Ledger[]) => void;
  /** Stops the run where it is. */
  readonly signal?: AbortSignal;
}

const rules: Record<SourceName, Omit<Rules, 'attempts'>> = {
  standard: { title: 'standard queue', byBatch: false },
  fifo: { title: 'FIFO queue', byBatch: false, orderedBy: 'group' },
  stream: { title: 'Kinesis stream', byBatch: true, orderedBy: 'key' },
};

/** Sends messages to queues and a stream, has functions handle them, and gives the account of each source. */
export async function runQueues(options: RunOptions): Promise<Account[]> {
  const { sources = ['standard', 'fifo', 'stream'], attempts = 5 } = options;
  const emulators = await startEmulators();
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const ledgers: Ledger[] = [];
  const tell = (): void => options.onProgress?.(ledgers);

  const plays = sources.map(async (source): Promise<Account> => {
    const started = performance.now();
    const messages = workloadOf(source, options);
    const ledger = new Ledger({ ...rules[source], attempts }, messages, tell);
    ledgers.push(ledger);
    try {
      await play(source, { emulators, messages, ledger, signal }, options.functions);
    } catch (error) {
      failed.abort(); // the others need not go on
      throw error;
    }
    return accountOf(ledger, performance.now() - started, signal.aborted);
  });
  try {
    await Promise.allSettled(plays);
    return await Promise.all(plays);
  } finally {
    await emulators.close();
  }
}

function play(
  source: SourceName,
  common: Omit<Play<SQSEvent>, 'entry'>,
  functions: Partial<Functions> = {},
): Promise<void> {
  const { attempt } = common.ledger;
  const made = { ...sampleFunctions, ...functions };
  return source === 'stream'
    ? playStream({ ...common, entry: made.stream(attempt) })
    : playQueue({ ...common, entry: made[source](attempt), fifo: source === 'fifo' });
}
