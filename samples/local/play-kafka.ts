import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type ICustomPartitioner, Kafka, logLevel, type Message as KafkaMessage, Partitioners } from 'kafkajs';

import type { KafkaEvent } from '../../lib/kafka';
import type { KafkaBroker } from './kafka-broker';
import { keepTimersPositive } from './kafkajs-timers';
import { type FailedRecords, runKafkaMapping, textOf } from './kafka-mapping';
import type { Play } from './play';
import { drainQueue } from './queue';
import type { Message } from './workload';

keepTimersPositive();

export const TOPIC = 'temperatures';
/** Small, because a batch is given up on as a whole where one record of it always fails. */
const BATCH_SIZE = 10;
/** How many messages are sent at once. */
const CALL_SIZE = 100;

interface KafkaPlay extends Play<KafkaEvent> {
  readonly broker: KafkaBroker;
}

/** Plays messages on a topic, with a queue as the destination that is told of the records that were given up on. */
export async function playKafka(play: KafkaPlay): Promise<void> {
  const { emulators, ledger, broker } = play;
  const destination = await emulators.createQueue('failed-temperatures', {});
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 2 } });
  await runKafkaMapping({
    ...play,
    kafka,
    bootstrapServers: broker.address,
    topic: TOPIC,
    ends: await send(play, kafka),
    batchSize: BATCH_SIZE,
    maximumRetryAttempts: ledger.rules.attempts - 1,
    onFailure: async (failed: FailedRecords): Promise<void> => {
      await emulators.sqs.send(
        new SendMessageCommand({ QueueUrl: destination.url, MessageBody: JSON.stringify(failed) }),
      );
    },
  });
  for (const { Body } of await drainQueue(emulators.sqs, destination)) ledger.deadLettered(identifiersIn(Body!));
}

/** The destination is told where the records are, not what they are. */
function identifiersIn(body: string): string[] {
  const { recordsInfo } = (JSON.parse(body) as FailedRecords).KafkaBatchInfo;
  return Object.entries(recordsInfo).flatMap(([partition, { firstRecordOffset, lastRecordOffset }]) => {
    const first = Number(firstRecordOffset);
    return Array.from({ length: Number(lastRecordOffset) - first + 1 }, (_, index) =>
      textOf({ partition, offset: first + index }),
    );
  });
}

/** Sends the messages, and gives where each partition that has some ends. */
async function send({ messages, ledger, signal }: KafkaPlay, kafka: Kafka): Promise<Map<number, number>> {
  const partitions = new Map<object, number>(); // which the broker's answer does not tell
  const createPartitioner: ICustomPartitioner = () => {
    const choose = Partitioners.DefaultPartitioner();
    return (args) => {
      const partition = choose(args);
      partitions.set(args.message, partition);
      return partition;
    };
  };
  const producer = kafka.producer({ createPartitioner });
  const ends = new Map<number, number>();
  await producer.connect();
  try {
    for (let start = 0; start < messages.length && !signal.aborted; start += CALL_SIZE) {
      const call = messages.slice(start, start + CALL_SIZE);
      const sent = call.map(messageOf);
      for (const { partition, baseOffset } of await producer.send({ topic: TOPIC, messages: sent })) {
        ends.set(partition, Number(baseOffset));
      }
      call.forEach((message, index) => {
        const partition = partitions.get(sent[index]!)!;
        const offset = ends.get(partition)!;
        ends.set(partition, offset + 1);
        const topicPartition = `${TOPIC}-${partition}`;
        // It keeps its order in its partition, whatever its key.
        ledger.sent({ ...message, group: topicPartition }, textOf({ partition: topicPartition, offset }));
      });
    }
  } finally {
    await producer.disconnect();
  }
  return ends;
}

const messageOf = ({ id, group, payload }: Message): KafkaMessage => ({
  key: group,
  value: payload && JSON.stringify(payload),
  headers: { id, site: 'Zürich' },
});
