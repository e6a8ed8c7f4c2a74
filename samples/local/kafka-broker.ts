import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** A Kafka broker on a free port of the loopback interface, with a topic. */
export interface KafkaBroker {
  /** `host:port`. */
  readonly address: string;
  readonly pid: number;
  /** Ends the process, and waits until it is gone. */
  stop(): Promise<void>;
}

/** What makes kcat a producer that has nothing to produce: all it does is to run the mock cluster of librdkafka. */
const options = ['-b', '127.0.0.1:1', '-P', '-X', 'test.mock.num.brokers=1', '-d', 'mock'];
const addressIn = /bootstrap\.servers=(127\.0\.0\.1:\d+)\s/;

const START_MS = 5_000;

/**
 * Starts a broker that has a topic. Where kcat is not on PATH, or tells of no mock cluster, it gives the reason.
 *
 * It is not in the process group of this process, so that Ctrl-C leaves it to `stop`; and since it reads from this
 * process, it ends with it in any case.
 */
export async function startKafkaBroker(topic: string): Promise<KafkaBroker | string> {
  const child = spawn('kcat', [...options, '-t', topic], { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  const gone = new Promise<undefined>((resolve) => {
    for (const event of ['error', 'exit']) child.once(event, () => resolve(undefined));
  });
  if (child.pid === undefined) return 'there is no kcat on PATH\n  (in Debian and Ubuntu: apt-get install kcat)';
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL'); // it keeps nothing
    await gone;
  };
  const late = pause(START_MS, undefined, { ref: false });
  const address = await Promise.race([addressFrom(child.stderr), gone, late]);
  if (address !== undefined) return { address, pid: child.pid, stop };
  await stop();
  return 'this kcat tells of no mock cluster';
}

/** Reads the address, and on to the end, so that the writer need not wait for a reader. */
function addressFrom(stderr: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const address = addressIn.exec(text)?.[1];
      if (address === undefined) return;
      stderr.off('data', read).resume();
      resolve(address);
    };
    stderr.on('data', read);
  });
}
