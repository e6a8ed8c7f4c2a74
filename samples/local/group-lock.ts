import type { createRequestHandler } from 'local-aws-sqs';

/** A queue of local-aws-sqs. */
export type EmulatedQueue = ReturnType<typeof createRequestHandler>['service']['Queues'][number];

/** What local-aws-sqs keeps of a message in a queue: nothing that it promises, so its version is pinned. */
interface Entry {
  visible: boolean;
  tmRetention: NodeJS.Timeout;
}

/** The messages of a group that are in flight; all of them were received at once. */
interface Group {
  readonly inFlight: Set<Entry>;
  receivedIn: number;
}

/**
 * Makes a FIFO queue of local-aws-sqs keep the order that SQS keeps: nothing of a message group is received while
 * something of it is in flight. Version 2.0.2 hands out the later messages of a group whose earlier ones are invisible.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function lockGroups(queue: EmulatedQueue): void {
  const groups = new Map<string, Group>();
  const { newRecord } = queue;
  let receive = 0;

  queue.newRecord = (record, delay) => {
    const entry = newRecord(record, delay) as Entry;
    const { MessageGroupId } = record.attributes as { MessageGroupId: string };
    const group = groups.get(MessageGroupId) ?? { inFlight: new Set(), receivedIn: receive };
    groups.set(MessageGroupId, group);
    const { inFlight } = group;
    const { tmRetention } = entry;
    let visible = true;

    return Object.defineProperties(entry, {
      visible: {
        get: () => visible && (inFlight.size === 0 || group.receivedIn === receive),
        set: (value: boolean) => {
          visible = value;
          if (visible) {
            inFlight.delete(entry);
            return;
          }
          inFlight.add(entry);
          group.receivedIn = receive;
          queueMicrotask(() => receive++); // the emulator takes the messages of a receive in one go
        },
      },
      // The emulator reads it where a message leaves the queue, to clear it: deleted, moved or purged.
      tmRetention: {
        enumerable: false, // or each copy of an entry would read it as well
        get: () => {
          inFlight.delete(entry);
          return tmRetention;
        },
      },
    });
  };
}
