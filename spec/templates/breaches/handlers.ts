import { disallow } from '../statements';
import { type Breach, isMapping, isQueue, isShard, isStream } from './setup';

/** What breaks the rules that need the handler, by their ids. */
export const handlerBreaches: Readonly<Record<string, Breach>> = {
  'handler-missing': {
    of: isMapping,
    breach: ({ fn }) => (fn.Handler = `${fn.Handler}s`),
  },
  'source-mismatch': {
    of: isMapping,
    breach: ({ entry }) => (entry.source = entry.source === 'SQS' ? 'Kafka' : 'SQS'),
  },
  'fifo-mismatch': {
    of: isQueue,
    breach: ({ entry }) => (entry.fifo = !entry.fifo),
  },
  'shard-order-with-parallelization': {
    of: isShard,
    breach: ({ entry, mapping }) => {
      entry.order = 'shard';
      mapping.ParallelizationFactor = 2;
    },
  },
  'stop-before-timeout-too-long': {
    of: isMapping,
    breach: ({ entry, fn }) => (entry.stopBeforeTimeout = fn.Timeout! * 1_000),
  },
  'stop-before-timeout-long': {
    of: isMapping,
    breach: ({ entry, fn }) => (entry.stopBeforeTimeout = fn.Timeout! * 500 + 1),
  },
  'no-stop-before-timeout': {
    of: isMapping,
    mend: ({ entry }) => (entry.stopBeforeTimeout = 1_000),
    breach: ({ entry }) => (entry.stopBeforeTimeout = undefined),
  },
  'retry-delay-permission': {
    of: isQueue,
    breach: ({ entry, statements }) => {
      entry.delaysRetries = true;
      disallow(statements, 'sqs:ChangeMessageVisibility'); // CDK allows it to all who read a queue
    },
  },
  'dead-letter-permission': {
    of: isMapping,
    breach: ({ entry, statements }) => {
      entry.deadLetterQueues = ['https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters'];
      disallow(statements, 'sqs:SendMessage');
    },
  },
  'no-order-on-stream': {
    of: isStream,
    breach: ({ entry }) => (entry.order = undefined),
  },
  'little-time-a-record': {
    of: isStream,
    breach: ({ entry, mapping }) => {
      entry.concurrency = 1;
      mapping.BatchSize = 10_000;
    },
  },
};
