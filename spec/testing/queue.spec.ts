import { expect } from 'chai';

import { Queue, type QueueRules } from '../../lib/testing/queue';
import { sqsEvent } from '../../lib/testing/sqs-event';

const VISIBILITY_MS = 30_000;

/** A queue of these bodies; in a FIFO queue, the group of a message is the first letter of its body, as in `a1`. */
function queueOf(bodies: readonly string[], rules: Partial<QueueRules> = {}) {
  const { fifo = false } = rules;
  const { Records } = sqsEvent(bodies, { fifo, messageGroupId: (body) => body[0]! });
  const queue = new Queue(bodies, Records, {
    fifo,
    batchSize: 10,
    visibilityTimeoutMs: VISIBILITY_MS,
    maxReceiveCount: 2,
    ...rules,
  });
  const moved: string[] = [];
  const receive = (now: number) => queue.receive(now, ({ payload }) => void moved.push(payload));
  const bodiesAt = (now: number) => receive(now).map(({ payload }) => payload);
  return { queue, moved, receive, bodiesAt, records: Records };
}

describe('A queue', () => {
  it('hands out its messages in the order in which they were sent, no more at once than a batch has', () => {
    const { bodiesAt } = queueOf(['a', 'b', 'c'], { batchSize: 2 });

    expect(bodiesAt(0)).to.deep.equal(['a', 'b']);
    expect(bodiesAt(0)).to.deep.equal(['c']);
    expect(bodiesAt(0)).to.deep.equal([]);
  });

  it('hands out each message with its record, and what was given for it', () => {
    const { receive, records } = queueOf(['a']);

    expect(receive(5)).to.deep.equal([
      {
        index: 0,
        payload: 'a',
        identifier: records[0]!.messageId,
        receiveCount: 1,
        record: records[0],
        bytes: Buffer.byteLength(JSON.stringify(records[0])),
        visibleAt: 5 + VISIBILITY_MS,
        firstReceivedAt: 5,
        receivedAt: 5,
        receiptHandle: Buffer.from(`${records[0]!.receiptHandle}#1`).toString('base64'),
      },
    ]);
  });

  it('hides what it has handed out until the visibility timeout is over, to the millisecond', () => {
    const { bodiesAt } = queueOf(['a']);
    bodiesAt(7);

    expect(bodiesAt(7 + VISIBILITY_MS - 1)).to.deep.equal([]);
    expect(bodiesAt(7 + VISIBILITY_MS)).to.deep.equal(['a']);
  });

  it('counts how often a message was received, and remembers when that was the first time', () => {
    const { receive } = queueOf(['a']);
    receive(7);
    const [again] = receive(60_000);

    expect(again).to.include({ receiveCount: 2, firstReceivedAt: 7 });
  });

  it('moves a message when it would be received once more than the redrive policy allows', () => {
    const { queue, moved, bodiesAt } = queueOf(['a']);
    bodiesAt(0);
    bodiesAt(VISIBILITY_MS);
    expect(bodiesAt(2 * VISIBILITY_MS - 1)).to.deep.equal([]);
    expect(moved).to.deep.equal([]);

    expect(bodiesAt(2 * VISIBILITY_MS)).to.deep.equal([]);
    expect(moved).to.deep.equal(['a']);
    expect(queue.isEmpty).to.be.true;
  });

  it('never moves a message without a redrive policy', () => {
    const { moved, bodiesAt } = queueOf(['a'], { maxReceiveCount: Infinity });
    for (let receive = 0; receive < 100; receive++) bodiesAt(receive * VISIBILITY_MS);

    expect(bodiesAt(100 * VISIBILITY_MS)).to.deep.equal(['a']);
    expect(moved).to.deep.equal([]);
  });

  it('moves nothing that this receive would not have reached', () => {
    const { moved, bodiesAt } = queueOf(['a1', 'a2', 'b1'], { fifo: true, batchSize: 1, maxReceiveCount: 1 });
    expect(bodiesAt(0)).to.deep.equal(['a1']);
    expect(bodiesAt(0)).to.deep.equal(['b1']);

    expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['a2']);
    expect(moved).to.deep.equal(['a1']);
  });

  it('deletes a message, received or not', () => {
    const { queue, receive } = queueOf(['a', 'b'], { batchSize: 1 });
    const [a, b] = queue.messages;
    receive(0);

    expect(queue.delete(a!, 1, 0)).to.be.undefined;
    expect(queue.messages).to.deep.equal([b]);
    expect(queue.isEmpty).to.be.false;
    expect(queue.delete(b!, 0, 0)).to.be.undefined;
    expect(queue.isEmpty).to.be.true;
  });

  it('keeps a message that has been received again since, because the receipt handle is out of date', () => {
    const { queue, receive } = queueOf(['a']);
    const [message] = receive(0);
    receive(VISIBILITY_MS);

    expect(queue.delete(message!, 1, VISIBILITY_MS)).to.equal('the receipt handle is out of date');
    expect(queue.messages).to.deep.equal([message]);
    expect(queue.delete(message!, 2, VISIBILITY_MS)).to.be.undefined;
  });

  it('lists what it holds in the order in which it was sent, whatever the groups', () => {
    const { queue, receive } = queueOf(['a1', 'b1', 'a2', 'b2'], { fifo: true, batchSize: 1 });
    receive(0);

    expect(queue.messages.map(({ payload }) => payload)).to.deep.equal(['a1', 'b1', 'a2', 'b2']);
  });

  it('ends a batch where the next message would make the event heavier than 6 MB', () => {
    const heavy = Array.from('1234567', (name) => name.repeat(1_000_000));
    const { receive } = queueOf(heavy);

    expect(receive(0).map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(receive(0).map(({ index }) => index)).to.deep.equal([6]);
  });

  describe('asked to change when a message is visible', () => {
    const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) => ({
      Id: '0',
      ReceiptHandle: ReceiptHandle!,
      VisibilityTimeout,
    });

    for (const seconds of [5, 120]) {
      it(`hands it out again after ${seconds} s, to the millisecond`, () => {
        const { queue, receive, bodiesAt } = queueOf(['a']);
        const [message] = receive(0);

        expect(queue.changeVisibility(change(message!.receiptHandle, seconds), 1_000)).to.equal(message);
        expect(bodiesAt(1_000 + seconds * 1_000 - 1)).to.deep.equal([]);
        expect(bodiesAt(1_000 + seconds * 1_000)).to.deep.equal(['a']);
      });
    }

    it('hands it out at once after 0 s, and counts the visibility timeout anew', () => {
      const { queue, receive, bodiesAt } = queueOf(['a']);
      queue.changeVisibility(change(receive(0)[0]!.receiptHandle, 0), 1_000);

      expect(bodiesAt(1_000)).to.deep.equal(['a']);
      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal([]);
      expect(bodiesAt(1_000 + VISIBILITY_MS)).to.deep.equal([]); // moved, after two receives
    });

    it('hands out others meanwhile, whichever were received first', () => {
      const { queue, receive, bodiesAt } = queueOf(['a', 'b', 'c']);
      const [a, b] = receive(0);
      queue.changeVisibility(change(a!.receiptHandle, 100), 0);
      queue.changeVisibility(change(b!.receiptHandle, 10), 0);

      expect(bodiesAt(10_000)).to.deep.equal(['b']);
      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['c']);
      expect(bodiesAt(100_000)).to.deep.equal(['a']);
    });

    it('hands out a FIFO message alone whose followers are still invisible, and none of those behind them', () => {
      const { queue, receive, bodiesAt } = queueOf(['a1', 'a2', 'a3', 'b1'], {
        fifo: true,
        batchSize: 2,
        maxReceiveCount: 9,
      });
      const [first] = receive(0);
      queue.changeVisibility(change(first!.receiptHandle, 1), 0);

      expect(bodiesAt(1_000)).to.deep.equal(['a1', 'b1']);
      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal([]); // a1 is invisible again, and before a2
      expect(bodiesAt(1_000 + VISIBILITY_MS)).to.deep.equal(['a1', 'a2']);
    });

    it('keeps a FIFO group waiting behind its first message, where that is the last to be visible', () => {
      const { queue, receive, bodiesAt } = queueOf(['a1', 'a2', 'b1'], { fifo: true, batchSize: 2 });
      const [first] = receive(0);
      queue.changeVisibility(change(first!.receiptHandle, 100), 0);

      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['b1']);
      expect(bodiesAt(99_999)).to.deep.equal(['b1']);
      expect(bodiesAt(100_000)).to.deep.equal(['a1', 'a2']);
    });

    it('refuses a receipt handle that it does not know, or that is out of date', () => {
      const { queue, receive } = queueOf(['a', 'b'], { batchSize: 1 });
      const { receiptHandle: old } = receive(0)[0]!;
      const [deleted] = receive(0);
      const { receiptHandle: gone } = deleted!;
      queue.delete(deleted!, 1, 0);
      receive(VISIBILITY_MS);

      for (const handle of ['nonsense', undefined, old, gone]) {
        expect(queue.changeVisibility(change(handle, 5), VISIBILITY_MS)).to.equal('ReceiptHandleIsInvalid');
      }
    });

    it('takes it in a standard queue also when the message is visible again (as AWS did)', () => {
      const { queue, receive, bodiesAt } = queueOf(['a']);
      const [message] = receive(0);

      expect(queue.changeVisibility(change(message!.receiptHandle, 5), VISIBILITY_MS + 7)).to.equal(message);
      expect(bodiesAt(VISIBILITY_MS + 5_006)).to.deep.equal([]);
      expect(bodiesAt(VISIBILITY_MS + 5_007)).to.deep.equal(['a']);
    });

    it('refuses it in a FIFO queue when the message is visible again', () => {
      const { queue, receive } = queueOf(['a'], { fifo: true });
      const { receiptHandle } = receive(0)[0]!;

      expect(queue.changeVisibility(change(receiptHandle, 5), VISIBILITY_MS)).to.equal('MessageNotInflight');
      expect(queue.changeVisibility(change(receiptHandle, 5), VISIBILITY_MS - 1)).to.be.an('object');
    });

    it('refuses times that are out of bounds, among them those that end 12 hours after the receive', () => {
      const { queue, receive } = queueOf(['a'], { visibilityTimeoutMs: 10_000_000 });
      receive(0);
      const { receiptHandle } = receive(10_000_000)[0]!;
      const at = (now: number, seconds: unknown) =>
        queue.changeVisibility(change(receiptHandle, seconds as number), now);

      for (const seconds of [-1, 1.5, NaN, Infinity, 43_201, undefined, '5']) {
        expect(at(10_000_000, seconds)).to.equal('InvalidParameterValue');
      }
      expect(at(10_001_000, 43_200)).to.equal('InvalidParameterValue');
      expect(at(10_001_000, 43_199))
        .to.be.an('object')
        .with.property('visibleAt', 10_000_000 + 43_200_000);
    });
  });

  describe('of the standard kind', () => {
    it('deletes a message also when its visibility timeout is over (as AWS did)', () => {
      const { queue, receive } = queueOf(['a']);
      const [message] = receive(0);

      expect(queue.delete(message!, 1, VISIBILITY_MS)).to.be.undefined;
      expect(queue.isEmpty).to.be.true;
    });

    it('takes the message group for a tenant, and hands out messages of one while others are in flight', () => {
      const { bodiesAt } = queueOf(['a1', 'a2'], { batchSize: 1 });

      expect(bodiesAt(0)).to.deep.equal(['a1']);
      expect(bodiesAt(0)).to.deep.equal(['a2']);
    });

    it('hands out what was never received before what has become visible again', () => {
      const { bodiesAt } = queueOf(['a', 'b'], { batchSize: 1 });
      bodiesAt(0);

      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['b']);
      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['a']);
      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal([]);
    });
  });

  describe('of the FIFO kind', () => {
    it('hands out as many as possible of one group, and tops up from the next', () => {
      const { bodiesAt } = queueOf(['a1', 'b1', 'a2', 'b2', 'a3'], { fifo: true, batchSize: 4 });

      expect(bodiesAt(0)).to.deep.equal(['a1', 'a2', 'a3', 'b1']);
    });

    it('deletes a message until its visibility timeout is over, to the millisecond (as AWS did)', () => {
      const { queue, receive } = queueOf(['a1', 'a2'], { fifo: true });
      const [a1, a2] = receive(0);

      expect(queue.delete(a1!, 1, VISIBILITY_MS - 1)).to.be.undefined;
      expect(queue.delete(a2!, 1, VISIBILITY_MS)).to.match(/^InvalidParameterValue: /);
      expect(queue.messages).to.deep.equal([a2]);
    });

    it('hands out nothing of a group behind what is in flight of it', () => {
      const { queue, receive, bodiesAt } = queueOf(['a1', 'a2', 'a3', 'b1'], { fifo: true, batchSize: 2 });
      const [first, second] = receive(0);
      expect(bodiesAt(0)).to.deep.equal(['b1']);

      queue.delete(first!, 1, 0);
      expect(bodiesAt(0)).to.deep.equal([]);
      queue.delete(second!, 1, 0);
      expect(bodiesAt(0)).to.deep.equal(['a3']);
    });

    it('hands out what came back before what follows it', () => {
      const { queue, receive, bodiesAt } = queueOf(['a1', 'a2', 'a3', 'a4'], { fifo: true, batchSize: 3 });
      const [first] = receive(0);
      queue.delete(first!, 1, 0);

      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['a2', 'a3', 'a4']);
    });

    it('goes on with the group when it has moved a message of it', () => {
      const { moved, bodiesAt } = queueOf(['a1', 'a2'], { fifo: true, batchSize: 1, maxReceiveCount: 1 });
      bodiesAt(0);

      expect(bodiesAt(VISIBILITY_MS)).to.deep.equal(['a2']);
      expect(moved).to.deep.equal(['a1']);
    });

    it('takes groups of any name for what they are', () => {
      const groups = ['__proto__', 'constructor', ''];
      const bodies = groups.flatMap((group) => [`${group}1`, `${group}2`]);
      const { Records } = sqsEvent(bodies, { fifo: true, messageGroupId: (body) => body.slice(0, -1) });
      const queue = new Queue(bodies, Records, {
        fifo: true,
        batchSize: 1,
        visibilityTimeoutMs: 1,
        maxReceiveCount: 1,
      });
      const first = groups.flatMap(() => queue.receive(0, () => undefined));

      expect(first.map(({ payload }) => payload)).to.deep.equal(['__proto__1', 'constructor1', '1']);
      expect(queue.receive(0, () => undefined)).to.deep.equal([]);
    });
  });
});
