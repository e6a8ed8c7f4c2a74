import type { SQSEvent } from 'aws-lambda';

import { type Account, accountOf } from './account';
import { startEmulators } from './emulators';
import { type Functions, sampleFunctions } from './functions';
import { ATTEMPTS } from './introduction';
import { type KafkaBroker, startKafkaBroker } from './kafka-broker';
import { Ledger, type Rules } from './ledger';
import type { Play } from './play';
import { playKafka, TOPIC } from './play-kafka';
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
  /** Called with the title of a source that this machine cannot play, and why; it has no account. */
  readonly onSkipped?: (title: string, reason: string) => void;
  /** Called with each batch that goes to a function. */
  readonly onProgress?: (ledgers: readonly Ledger[]) => void;
  /** Stops the run where it is. */
  readonly signal?: AbortSignal;
}

const rules: Record<SourceName, Omit<Rules, 'attempts'>> = {
  standard: { title: 'standard queue', byBatch: false },
  fifo: { title: 'FIFO queue', byBatch: false, orderedBy: 'group' },
  stream: { title: 'Kinesis stream', byBatch: true, orderedBy: 'key' },
  kafka: { title: 'Kafka topic', byBatch: true, orderedBy: 'partition' },
};

/** Sends messages to queues, a stream and a topic, has functions handle them, and gives the account of each source. */
export async function runQueues(options: RunOptions): Promise<Account[]> {
  const { sources = ['standard', 'fifo', 'stream', 'kafka'] } = options;
  if (!sources.includes('kafka')) return runSources(options, sources);
  const broker = await startKafkaBroker(TOPIC);
  if (typeof broker === 'string') {
    options.onSkipped?.(rules.kafka.title, broker);
    return runSources(
      options,
      sources.filter((source) => source !== 'kafka'),
    );
  }
  try {
    return await runSources(options, sources, broker);
  } finally {
    await broker.stop();
  }
}

async function runSources(
  options: RunOptions,
  sources: readonly SourceName[],
  broker?: KafkaBroker,
): Promise<Account[]> {
  const { attempts = ATTEMPTS } = options;
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
      await play(source, { emulators, messages, ledger, signal }, broker, options.functions);
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
  broker: KafkaBroker | undefined,
  functions: Partial<Functions> = {},
): Promise<void> {
  const { attempt } = common.ledger;
  const made = { ...sampleFunctions, ...functions };
  switch (source) {
    case 'stream':
      return playStream({ ...common, entry: made.stream(attempt) });
    case 'kafka':
      return playKafka({ ...common, entry: made.kafka(attempt), broker: broker! });
    default:
      return playQueue({ ...common, entry: made[source](attempt), fifo: source === 'fifo' });
  }
}
