import { expect } from 'chai';
import sinon from 'sinon';

import { Heartbeat } from '../../lib/sqs-consumer/heartbeat';
import { QueueCalls } from '../../lib/sqs-consumer/queue-calls';
import { fakeLogger } from '../support/logger';
import { Deferred } from '../support/promises';
import { fakeClock, QueueClient } from './queue-client';

describe('A heartbeat', () => {
  let clock: sinon.SinonFakeTimers;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    clock = fakeClock();
    logger = fakeLogger();
  });

  afterEach(() => {
    expect(clock.countTimers()).to.equal(0);
    sinon.restore();
  });

  function begin(client: QueueClient, { visibilityTimeout = 30, longest = 43_200 } = {}) {
    const messages = client.receive();
    const calls = new QueueCalls({ sqs: client, queueUrl: client.queueUrl, logger });
    return { messages, heartbeat: new Heartbeat(messages, calls, { visibilityTimeout, longest }) };
  }

  it('makes messages invisible for the visibility timeout again, every third of it', async () => {
    const client = new QueueClient(['a', 'b']);
    const { heartbeat } = begin(client);
    await clock.tickAsync(25_000);

    expect(client.of('change').map(({ at }) => at)).to.deep.equal([10_000, 20_000]);
    expect(client.of('change')[0]!.entries.map(({ Id, VisibilityTimeout }) => [Id, VisibilityTimeout])).to.deep.equal([
      ['0', 30],
      ['1', 30],
    ]);
    await heartbeat.end();
  });

  it('keeps a message from others for as long as it lasts, and no longer', async () => {
    const client = new QueueClient(['a', 'b']);
    const { heartbeat, messages } = begin(client);

    await clock.tickAsync(15_000);
    heartbeat.letGo(messages[0]!);
    await clock.tickAsync(24_999);
    expect(client.receive()).to.deep.equal([]);
    await clock.tickAsync(1); // 30 seconds after the last beat that was for it
    expect(client.receive().map(({ Body }) => Body)).to.deep.equal(['a']);
    await clock.tickAsync(600_000);
    expect(client.receive().map(({ Body }) => Body)).to.deep.equal(['a']);
    await heartbeat.end();
    await clock.tickAsync(30_000);
    expect(client.receive().map(({ Body }) => Body)).to.include('b');
  });

  it('makes no call where there is nothing to keep, and goes on when there is', async () => {
    const client = new QueueClient(['a']);
    const { heartbeat, messages } = begin(client);
    heartbeat.letGo(messages[0]!);
    await clock.tickAsync(15_000);
    expect(client.of('change')).to.deep.equal([]);

    heartbeat.keep(messages[0]!);
    await clock.tickAsync(15_000);
    expect(client.of('change').map(({ at }) => at)).to.deep.equal([20_000, 30_000]);
    await heartbeat.end();
  });

  it('lets go of a message that SQS does not take any more', async () => {
    const client = new QueueClient(['a'], { fifo: true, visibilityTimeout: 5 });
    const { heartbeat } = begin(client); // beats every ten seconds: too late
    await clock.tickAsync(40_000);

    expect(client.of('change')).to.have.length(1);
    sinon.assert.calledOnceWithExactly(
      logger.warn,
      'Messages that could not be kept invisible: 1 (MessageNotInflight).',
    );
    await heartbeat.end();
  });

  it('tries again at the next beat where a call failed', async () => {
    const client = new QueueClient(['a']);
    const { heartbeat } = begin(client);
    client.intercept = () => {
      client.intercept = () => undefined;
      throw new Error('no network');
    };
    await clock.tickAsync(35_000);

    expect(client.of('change').map(({ at }) => at)).to.deep.equal([10_000, 20_000, 30_000]);
    expect(client.receive()).to.deep.equal([]);
    sinon.assert.calledOnceWithMatch(logger.warn, 'no network');
    await heartbeat.end();
  });

  it('has one call at a time, and waits at its end for the one that is under way', async () => {
    const client = new QueueClient(['a']);
    const { heartbeat } = begin(client, { visibilityTimeout: 3 });
    const answer = new Deferred<object>();
    client.intercept = () => answer.promise;
    expect(heartbeat.beating).to.equal(undefined);
    await clock.tickAsync(3_000);
    expect(client.of('change')).to.have.length(1);
    expect(heartbeat.beating).to.be.a('promise');

    let isOver = false;
    const end = heartbeat.end().then(() => (isOver = true));
    await clock.tickAsync(0);
    expect(isOver).to.be.false;
    answer.resolve({ Successful: [{ Id: '0' }] });
    await end;
    expect(heartbeat.beating).to.equal(undefined);
  });

  it('ends after the longest time', async () => {
    const client = new QueueClient(['a']);
    const { heartbeat } = begin(client, { longest: 60 });
    await clock.tickAsync(600_000);

    expect(client.of('change').map(({ at }) => at)).to.deep.equal([10_000, 20_000, 30_000, 40_000, 50_000]);
    await heartbeat.end();
  });

  it('never asks for more than the 12 hours that a message can be invisible', async () => {
    const client = new QueueClient(['a'], { visibilityTimeout: 36_000 });
    const { heartbeat } = begin(client, { visibilityTimeout: 36_000 });
    await clock.tickAsync(43_198_999);

    expect(client.of('change').map(({ entries }) => entries[0]!.VisibilityTimeout)).to.deep.equal([
      31_199, 19_199, 7_199,
    ]);
    expect(client.receive()).to.deep.equal([]);
    sinon.assert.notCalled(logger.warn);
    await heartbeat.end();
  });

  it('ends where nothing is left of the 12 hours', async () => {
    const client = new QueueClient(['a'], { visibilityTimeout: 43_200 });
    const { heartbeat } = begin(client, { visibilityTimeout: 43_200 });
    await clock.tickAsync(2 * 43_200_000);

    expect(client.of('change').map(({ at }) => at)).to.deep.equal([14_400_000, 28_800_000]);
    await heartbeat.end();
  });
});
