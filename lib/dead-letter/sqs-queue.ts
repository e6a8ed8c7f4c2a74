import { BatchProcessingError } from '../errors';
import { show } from '../errors/show';
import { hasMethods } from '../sources';
import type { AwsClient } from '../aws/command';
import { clientSqs } from '../sqs/client-sqs';
import { MOST_ENTRIES, SqsBatches } from '../sqs/sqs-batches';
import { type DeliverTo, queueUrlOf } from './dead-letter';
import { type AnyRecord, type Entry, entryOf, MOST_BYTES, sizeOf } from './entry';

/** Options of `sqsQueue`. */
export interface SqsQueueOptions {
  /** The URL of the dead-letter queue. One that ends with `.fifo` is given group and deduplication ids. */
  readonly queueUrl: string;
  /**
   * An SQSClient of the AWS SDK for JavaScript, 3.300 or later. Default: one that is configured by the environment, of the
   * package `@aws-sdk/client-sqs`, made when the first record is delivered.
   */
  readonly client?: AwsClient;
}

interface Waiting {
  readonly entry: Entry;
  readonly size: number;
  readonly signal: AbortSignal;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Delivers records to an SQS queue: a message as it was, with its attributes; a record of a stream as JSON, as it was
 * received: one of Kafka with its topic, partition, offset, key and headers, and without a value where it is a tombstone. The
 * attributes `errorName`, `errorMessage` and `sourceArn` are added, as far as the record says its source and the limits of
 * ten attributes and of 1 MiB leave room; where bytes are short, `errorMessage` is cut first.
 *
 * Records that fail at the same time are sent together. Needs the permission `sqs:SendMessage` and, where no `client` is given,
 * `@aws-sdk/client-sqs`, which is loaded when the first record is sent.
 *
 * @throws TypeError where an option is not what it should be
 *
 * @example
 * ```ts
 * deadLetter({ errors: [ParsingError], deliverTo: sqsQueue({ queueUrl }) });
 * ```
 */
export function sqsQueue(options: SqsQueueOptions): DeliverTo<AnyRecord> {
  const { queueUrl, client } = options;
  if (typeof queueUrl !== 'string' || !URL.canParse(queueUrl)) {
    throw new TypeError(`sqsQueue: expected queueUrl to be the URL of a queue, received ${show(queueUrl)}.`);
  }
  if (client !== undefined && !hasMethods(client, ['send'])) {
    throw new TypeError(`sqsQueue: expected client to be an SQSClient, received ${show(client)}.`);
  }
  const isFifo = queueUrl.endsWith('.fifo');
  const batches = new SqsBatches('sqsQueue', client, clientSqs);
  let waiting: Waiting[] = [];

  const flush = (): void => {
    const all = waiting.filter(({ signal }) => !signal.aborted);
    waiting = [];
    for (const some of chunksOf(all)) void send(some);
  };
  const send = async (some: readonly Waiting[]): Promise<void> => {
    const Entries = some.map(({ entry }, index) => ({ Id: String(index), ...entry }));
    try {
      const answer = await batches.send('SendMessageBatch', { QueueUrl: queueUrl, Entries });
      const taken = new Set(answer.Successful?.map(({ Id }) => Id));
      some.forEach(({ resolve, reject }, index) => {
        if (taken.has(String(index))) {
          resolve();
          return;
        }
        const refused = answer.Failed?.find(({ Id }) => Id === String(index));
        reject(new BatchProcessingError(`The queue did not take the record: ${refused?.Code ?? 'no answer'}.`));
      });
    } catch (error) {
      for (const { reject } of some) reject(error as Error);
    }
  };

  const deliverTo: DeliverTo<AnyRecord> = (record, error, delivery) =>
    new Promise<void>((resolve, reject) => {
      const entry = entryOf(record, error, isFifo);
      const size = sizeOf(entry);
      if (size > MOST_BYTES) {
        throw new BatchProcessingError(`The record has ${size} bytes as a message, and SQS takes ${MOST_BYTES}.`);
      }
      // Together with the others of this turn of the event loop.
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ entry, size, signal: delivery.signal, resolve, reject });
    });
  return Object.assign(deliverTo, { [queueUrlOf]: queueUrl });
}

/** Up to ten entries each, and up to what a batch can hold. */
function chunksOf(all: readonly Waiting[]): Waiting[][] {
  const chunks: Waiting[][] = [];
  let chunk: Waiting[] = [];
  let size = 0;
  for (const one of all) {
    if (chunk.length === 0 || chunk.length === MOST_ENTRIES || size + one.size > MOST_BYTES) {
      chunk = [];
      chunks.push(chunk);
      size = 0;
    }
    chunk.push(one);
    size += one.size;
  }
  return chunks;
}
