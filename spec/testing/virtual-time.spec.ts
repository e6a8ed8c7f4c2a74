import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import timers from 'node:timers';
import { setInterval as intervals, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { SQSEvent } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { type Handler, simulateQueue, simulateStream } from '../../lib/testing';
import { type ClockOptions, inVirtualTime, type VirtualTime } from '../../lib/testing/virtual-time';
import { rejection, settled } from '../support/promises';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const timersNow = () => ({ Date, setTimeout, clearTimeout, setInterval, clearInterval, ofModule: timers.setTimeout });
const realTimers = timersNow();
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function expectRealTimers(): void {
  const now = timersNow();
  const faked = Object.keys(now).filter(
    (name) => now[name as keyof typeof now] !== realTimers[name as keyof typeof now],
  );
  expect(faked).to.deep.equal([]);
}

/** What one invocation comes to; a hanging one is given up on at once. */
async function invoke(handler: Handler<SQSEvent>, options: Partial<ClockOptions> = {}) {
  const { invocations } = await simulateQueue({
    handler,
    messages: ['a'],
    maxReceiveCount: 1,
    ioWaitMs: 0,
    ...options,
  });
  expect(invocations).to.have.length(1);
  const { at, endedAt, error, answer } = invocations[0]!;
  return { lasted: endedAt - at, error: error?.message, answer };
}

/** Simulates no event source, but this. */
const inTime = <T>(simulate: (time: VirtualTime) => Promise<T>, options: ClockOptions = {}): Promise<T> =>
  inVirtualTime({ ioWaitMs: 0, ...options }, simulate);

describe('Virtual time', () => {
  afterEach(() => {
    sinon.restore();
    expectRealTimers();
  });

  it('begins at 0, and by Date where startTime says', async () => {
    const times = (time: VirtualTime) => Promise.resolve([time.now, Date.now(), new Date().getTime()]);

    expect(await inTime(times)).to.deep.equal([0, start, start]);
    expect(await inTime(times, { startTime: new Date(5) })).to.deep.equal([0, 5, 5]);
  });

  it('moves by timers alone', async () => {
    const seen = await inTime(async (time) => {
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
      const idle = time.now;
      await after(123_456);
      return [idle, time.now, Date.now() - start];
    });

    expect(seen).to.deep.equal([0, 123_456, 123_456]);
  });

  it('resolves at a moment to come, and at once where it has passed', async () => {
    const seen = await inTime(async (time) => {
      const at: number[] = [];
      for (const moment of [0, 500, 200, -1, 501]) {
        await time.until(moment);
        at.push(time.now);
      }
      return at;
    });

    expect(seen).to.deep.equal([0, 500, 500, 500, 501]);
  });

  it('runs timers in the order of their moments', async () => {
    const seen = await inTime(async () => {
      const order: number[] = [];
      await Promise.all([300, 100, 200].map((delay) => after(delay).then(() => order.push(delay))));
      return order;
    });

    expect(seen).to.deep.equal([100, 200, 300]);
  });

  it('gives what the simulation gives, and rejects with what it rejects with', async () => {
    const error = new Error('no');

    expect(await inTime(() => Promise.resolve('result'))).to.equal('result');
    expect(await rejection(inTime(() => after(10).then(() => Promise.reject(error))))).to.equal(error);
  });

  it('limits work in time, and tells whether it took longer, or was left with nothing to wait for', async () => {
    const forEver = () => new Promise<string>(() => undefined);
    const seen = await inTime(async (time) => {
      const limit = (work: () => Promise<string>) => time.limit({}, work, 100);
      return [
        await limit(() => Promise.resolve('at once')),
        await limit(() => after(99).then(() => 'in time')),
        time.now,
        await limit(() => after(101).then(() => 'too late')),
        time.now,
        await limit(() => after(50).then(forEver)),
        time.now,
      ];
    });

    expect(seen).to.deep.equal([{ value: 'at once' }, { value: 'in time' }, 99, 'timed out', 199, 'hung', 249]);
  });

  describe('costs nothing to a function', () => {
    const sleeps: Record<string, () => Promise<unknown>> = {
      setTimeout: () => after(2_000),
      'a promisified setTimeout': () => promisify(setTimeout)(2_000),
      'setTimeout of node:timers': () => new Promise((resolve) => timers.setTimeout(resolve, 2_000)),
      'setTimeout of node:timers/promises': () => sleep(2_000),
      'setInterval of node:timers/promises': async () => {
        let ticks = 0;
        for await (const _ of intervals(500)) if (++ticks === 4) return;
      },
      setInterval: () =>
        new Promise<void>((resolve) => {
          let ticks = 0;
          const interval = setInterval(() => {
            if (++ticks < 4) return;
            clearInterval(interval);
            resolve();
          }, 500);
        }),
      'many short pauses': async () => {
        for (let pause = 0; pause < 200; pause++) await after(10);
      },
    };
    for (const [what, pause] of Object.entries(sleeps)) {
      it(`that sleeps by ${what}`, async () => {
        const { lasted, error } = await invoke(pause);

        expect(error).to.be.undefined;
        expect(lasted).to.equal(2_000);
      });
    }

    it('that counts time by Date', async () => {
      const { answer } = await invoke(async () => {
        const before = Date.now();
        await after(1_500);
        return { took: Date.now() - before, on: new Date().toISOString(), batchItemFailures: [] };
      });

      expect(answer).to.include({ took: 1_500, on: '2026-01-01T00:00:01.500Z' });
    });

    it('that clears its timers', async () => {
      const { lasted } = await invoke(async () => {
        const timer = setTimeout(() => undefined, 2_000);
        await after(10);
        clearTimeout(timer);
      });

      expect(lasted).to.equal(10);
    });
  });

  describe('stands still for a function', () => {
    it('that works in promises, however many', async () => {
      const { lasted, error } = await invoke(async () => {
        for (let turns = 0; turns < 10_000; turns++) await Promise.resolve();
      });

      expect([lasted, error]).to.deep.equal([0, undefined]);
    });

    it('that waits for a few turns of the event loop', async () => {
      for (const turns of [1, 2, 3]) {
        const { lasted, error } = await invoke(async () => {
          for (let count = 0; count < turns; count++) await settled();
        });

        expect([lasted, error]).to.deep.equal([0, undefined]);
      }
    });

    it('that waits for many turns of the event loop, beside its timeout', async () => {
      const { lasted, error } = await invoke(
        async () => {
          for (let turns = 0; turns < 50; turns++) await settled();
        },
        { ioWaitMs: 60_000 },
      );

      expect([lasted, error]).to.deep.equal([0, undefined]);
    });

    it('that reads files', async () => {
      const { lasted, error, answer } = await invoke(async () => {
        const texts = await Promise.all([__filename, __filename].map((file) => readFile(file, 'utf8')));
        return texts.map((text) => text.includes('that reads files'));
      });

      expect([lasted, answer]).to.deep.equal([0, [true, true]]);
      expect(error).to.be.undefined;
    });

    it('that reads a file after a pause, and another one after that', async () => {
      const { lasted, error } = await invoke(async () => {
        await after(100);
        await readFile(__filename);
        await after(100);
        await readFile(__filename);
      });

      expect([lasted, error]).to.deep.equal([200, undefined]);
    });

    it('that has a thread compress something', async () => {
      const { lasted, error, answer } = await invoke(
        async () => {
          const zipped = await promisify(gzip)(Buffer.alloc(100_000, 'a'));
          return zipped.length < 1_000;
        },
        { ioWaitMs: 60_000 },
      );

      expect([lasted, answer]).to.deep.equal([0, true]);
      expect(error).to.be.undefined;
    });

    it('that waits for an answer from the network', async () => {
      const server = http.createServer((_, response) => {
        let turns = 20;
        const answerLater = () => (turns-- > 0 ? setImmediate(answerLater) : response.end('hello'));
        answerLater();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const { lasted, error, answer } = await invoke(
        () =>
          new Promise((resolve, reject) => {
            http
              .get({ host: '127.0.0.1', port, agent: false }, (response) => {
                response.setEncoding('utf8').on('data', resolve);
              })
              .on('error', reject);
          }),
      );
      await new Promise((resolve) => server.close(resolve));

      expect([lasted, answer]).to.deep.equal([0, 'hello']);
      expect(error).to.be.undefined;
    });
  });

  describe('does not wait for a function', () => {
    it('that is left with nothing to wait for', async () => {
      const { lasted, answer } = await invoke(() => new Promise(() => undefined));

      expect([lasted, answer]).to.deep.equal([0, null]);
    });

    it('that never settles, whatever it does meanwhile', async () => {
      const { lasted, error } = await invoke(() => new Promise(() => setInterval(() => undefined, 1_000)));

      expect([lasted, error]).to.deep.equal([3_000, 'The function timed out after 3000 ms.']);
    });

    it('that has left a timer behind', async () => {
      const { lasted, error } = await invoke(() => void setInterval(() => undefined, 100));

      expect([lasted, error]).to.deep.equal([0, undefined]);
    });
  });

  describe('goes on for what a timeout has left behind', () => {
    it('until that has ended', async () => {
      const done: number[] = [];
      await invoke(async () => {
        await after(800_000);
        done.push(Date.now() - start);
      });

      expect(done).to.deep.equal([800_000]);
    });

    it('and no longer, whatever timers there are', async () => {
      let ticks = 0;
      await simulateQueue({
        messages: ['a'],
        maxInvocations: 1,
        ioWaitMs: 0,
        handler: () => {
          setInterval(() => ticks++, 1_000);
          return after(4_500);
        },
      });

      expect(ticks).to.equal(4);
    });

    it('also where that has more than one thing to do', async () => {
      const done: string[] = [];
      await simulateStream({
        records: ['a', 'b', 'c'],
        batchSize: 1,
        maximumRetryAttempts: 0,
        ioWaitMs: 0,
        handler: async ({ Records }) => {
          const name = Buffer.from(Records[0]!.kinesis.data, 'base64').toString();
          for (const step of [1, 2]) {
            await after(20_000);
            done.push(`${name}${step}`);
          }
        },
      });

      expect(done).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
    });

    it('also where that reads a file', async () => {
      const done: string[] = [];
      await invoke(async () => {
        await after(4_000);
        await readFile(__filename);
        done.push('read');
      });

      expect(done).to.deep.equal(['read']);
    });

    it('for a quarter of an hour at the most', async () => {
      const ticks: number[] = [];
      await invoke(() => new Promise(() => setInterval(() => ticks.push(Date.now() - start), 60_000)));

      // The message was moved at 30 s, when the simulation was over.
      expect(ticks.at(-1)).to.be.within(900_000, 960_000);
    });

    it('for so many timers at the most, where it sets one after the other', async function () {
      this.timeout(60_000); // tens of thousands of timers, on a machine that others share
      let ticks = 0;
      await invoke(() => new Promise(() => setInterval(() => ticks++, 1)));

      expect(ticks).to.be.within(20_000, 60_000);
    });

    it('also where the simulation rejects', async () => {
      const done: string[] = [];
      const error = new Error('no more');
      const simulation = simulateQueue({
        messages: ['a', 'b'],
        batchSize: 1,
        ioWaitMs: 0,
        handler: async () => {
          await after(4_000);
          done.push('late');
        },
        faults: ({ index }) => {
          if (index === 1) throw error;
          return undefined;
        },
      });

      expect(await rejection(simulation)).to.equal(error);
      expect(done).to.deep.equal(['late']);
    });
  });

  describe('ends with the simulation', () => {
    it('when that is done', async () => {
      await simulateQueue({ handler: () => after(10), messages: ['a'] });

      expectRealTimers();
    });

    const failures: Record<string, () => Promise<unknown>> = {
      'its faults throw': () =>
        simulateQueue({
          handler: () => undefined,
          messages: ['a'],
          faults: () => {
            throw new Error('no fault of mine');
          },
        }),
      'its retryDelayMs throws': () =>
        simulateStream({
          handler: () => Promise.reject(new Error('no')),
          records: ['a'],
          retryDelayMs: () => {
            throw new Error('no delay');
          },
        }),
      'an option is refused': () => simulateQueue({ handler: () => undefined, messages: ['a'], batchSize: 0 }),
    };
    for (const [when, simulate] of Object.entries(failures)) {
      it(`when ${when}`, async () => {
        expect(await rejection(simulate())).to.be.an.instanceOf(Error);
        expectRealTimers();
      });
    }
  });

  describe('is for one simulation at a time', () => {
    it('so that those which are started together run one after another, in that order', async () => {
      const story: string[] = [];
      const simulate = (name: string) =>
        simulateQueue({
          messages: [name],
          handler: async () => {
            story.push(`${name} begins at ${Date.now() - start}`);
            await after(1_000);
            story.push(`${name} ends at ${Date.now() - start}`);
          },
        });
      await Promise.all(['a', 'b', 'c'].map(simulate));

      expect(story).to.deep.equal(['a', 'b', 'c'].flatMap((name) => [`${name} begins at 0`, `${name} ends at 1000`]));
    });

    it('and one that rejects does not hold up the next', async () => {
      const [first, second] = await Promise.allSettled([
        inTime(() => Promise.reject(new Error('no'))),
        inTime((time) => after(10).then(() => time.now)),
      ]);

      expect(first.status).to.equal('rejected');
      expect(second).to.deep.equal({ status: 'fulfilled', value: 10 });
    });
  });

  describe('refuses fake timers of a test', () => {
    it('which stay as they are', async () => {
      const clock = sinon.useFakeTimers({ now: 7, toFake: ['Date', 'setTimeout'] });
      const handler = sinon.stub();
      const fired = sinon.stub();
      setTimeout(fired, 100);

      expect(await rejection(simulateQueue({ handler, messages: ['a'] })))
        .to.be.an.instanceOf(TypeError)
        .with.property('message', 'A simulation brings its own clock; restore the fake timers of the test first.');
      sinon.assert.notCalled(handler);
      expect(Date.now()).to.equal(7);
      clock.tick(100);
      sinon.assert.calledOnce(fired);
    });

    it('and takes them no longer for faked when they are restored', async () => {
      sinon.useFakeTimers({ toFake: ['Date'] }).restore();

      expect(await invoke(() => after(10))).to.include({ lasted: 10, error: undefined });
    });
  });
});
