import type { KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';
import type { KafkaEvent, KafkaRecord } from 'lambda-batch-handler/kafka';

import type { Answer, Entry } from './entry';
import { handleBody, handleData } from './handlers';

// What one would write without a library, as lean as it gets.

type Handle<R> = (record: R) => Promise<void>;
type IdentifierOf<R> = (record: R) => string;

const handle = async (record: SQSRecord): Promise<void> => handleBody(record.body);

export const messageId = (record: SQSRecord): string => record.messageId;
export const sequenceNumber = (record: KinesisStreamRecord): string => record.kinesis.sequenceNumber;

export const parallelOf =
  <R>(handleRecord: Handle<R>, identifierOf: IdentifierOf<R>): Entry<{ Records: R[] }> =>
  async ({ Records }) => {
    const batchItemFailures: Answer['batchItemFailures'] = [];
    await Promise.all(
      Records.map(async (record) => {
        try {
          await handleRecord(record);
        } catch {
          batchItemFailures.push({ itemIdentifier: identifierOf(record) });
        }
      }),
    );
    return { batchItemFailures };
  };

export const sequentialOf =
  <R>(handleRecord: Handle<R>, identifierOf: IdentifierOf<R>): Entry<{ Records: R[] }> =>
  async ({ Records }) => {
    const batchItemFailures: Answer['batchItemFailures'] = [];
    for (const record of Records) {
      try {
        await handleRecord(record);
      } catch {
        batchItemFailures.push({ itemIdentifier: identifierOf(record) });
      }
    }
    return { batchItemFailures };
  };

/** Of Kafka: no order, which is what order may cost. */
export async function kafkaParallel({ records }: KafkaEvent): Promise<Answer> {
  const batchItemFailures: Answer['batchItemFailures'] = [];
  const handleRecord = async (record: KafkaRecord): Promise<void> => handleData(record.value!);
  await Promise.all(
    Object.entries(records).flatMap(([partition, list]) =>
      list.map(async (record) => {
        try {
          await handleRecord(record);
        } catch {
          batchItemFailures.push({ itemIdentifier: { partition, offset: record.offset } });
        }
      }),
    ),
  );
  return { batchItemFailures };
}

export const parallel = parallelOf(handle, messageId);
export const sequential = sequentialOf(handle, messageId);

export function sync({ Records }: SQSEvent): Answer {
  const batchItemFailures: Answer['batchItemFailures'] = [];
  for (const record of Records) {
    try {
      handleBody(record.body);
    } catch {
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

export async function failureStopsBatch({ Records }: SQSEvent): Promise<Answer> {
  const batchItemFailures: Answer['batchItemFailures'] = [];
  for (const record of Records) {
    try {
      if (batchItemFailures.length === 0) await handle(record);
      else batchItemFailures.push({ itemIdentifier: record.messageId });
    } catch {
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

export async function failureStopsGroup({ Records }: SQSEvent): Promise<Answer> {
  const batchItemFailures: Answer['batchItemFailures'] = [];
  const stopped = new Set<string | undefined>();
  for (const record of Records) {
    const group = record.attributes.MessageGroupId;
    try {
      if (!stopped.has(group)) await handle(record);
      else batchItemFailures.push({ itemIdentifier: record.messageId });
    } catch {
      stopped.add(group);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}
