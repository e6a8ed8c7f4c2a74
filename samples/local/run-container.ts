import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';

import {
  type ContainerAccount,
  containerAccountOf,
  describeContainerAccount,
  type ProcessRun,
} from './container-account';
import { type Emulators, startEmulators } from './emulators';
import { isEmpty, type Queue } from './queue';
import { inCalls, type Message, workloadOf, type WorkloadOptions } from './workload';

/** Seconds; the emulator counts in whole ones. */
const VISIBILITY_TIMEOUT = 2;
const GRACE_PERIOD = 1;
const WAIT_TIME = 1;

/** How often it is looked whether there is enough. */
const LOOK_MS = 20;

const root = join(__dirname, '../..');

export type ContainerOptions = Pick<WorkloadOptions, 'messages' | 'groups' | 'seed'> & {
  /** Ends what is at work. */
  readonly signal?: AbortSignal;
};

/**
 * Has the sample of a container work in a process of its own, ends it by SIGTERM when half of the messages have succeeded,
 * starts it again, and gives the account. There is no redrive policy, because local-aws-sqs counts changes of visibility
 * timeouts as receives.
 */
export async function runContainer(options: ContainerOptions): Promise<ContainerAccount> {
  const emulators = await startEmulators();
  try {
    const attributes = { FifoQueue: 'true', VisibilityTimeout: String(VISIBILITY_TIMEOUT) };
    const queue = await emulators.createQueue('parcels.fifo', attributes);
    const messages = workloadOf('fifo', { ...options, failing: 0 });
    await send(emulators, queue, messages);
    const half = Math.floor(messages.length / 2);
    const runs = [
      await runProcess(queue, half, options, (succeeded) => succeeded >= half),
      await runProcess(queue, Infinity, options, () => isEmpty(emulators.sqs, queue)),
    ];
    return containerAccountOf(messages, runs, await isEmpty(emulators.sqs, queue));
  } finally {
    await emulators.close();
  }
}

/** Does so, and prints the account. Gives the exit code. */
export async function runContainerCommand(options: ContainerOptions): Promise<number> {
  const started = performance.now();
  const account = await runContainer(options);
  console.log(describeContainerAccount(account, performance.now() - started));
  return account.faults.length > 0 ? 1 : 0;
}

async function send({ sqs }: Emulators, queue: Queue, messages: readonly Message[]): Promise<void> {
  for (const call of inCalls(messages, 10)) {
    const Entries = call.map(({ id, group, payload }) => ({
      Id: id,
      MessageBody: JSON.stringify(payload),
      MessageGroupId: group,
      MessageDeduplicationId: id,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  }
}

/** Runs the consumer in a process until there is enough, sends SIGTERM, and waits until it has ended by itself. */
async function runProcess(
  queue: Queue,
  hangsAfter: number,
  { signal }: ContainerOptions,
  isEnough: (succeeded: number) => boolean | Promise<boolean>,
): Promise<ProcessRun> {
  const child = spawn(process.execPath, ['--require', 'ts-node/register', join(__dirname, 'container-process.ts')], {
    cwd: root,
    env: { ...process.env, ...environmentFor(queue), HANGS_AFTER: String(hangsAfter) },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(signal && { signal }),
  });
  const lines: string[] = [];
  let succeeded = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('succeeded ')) succeeded++;
  });
  const closed = once(child, 'close') as Promise<[exitCode: number | null]>;
  closed.catch(() => undefined); // it is waited for below
  while (child.exitCode === null && child.signalCode === null && !(await isEnough(succeeded))) await wait(LOOK_MS);
  child.kill('SIGTERM');
  const [exitCode] = await closed;
  return { lines, exitCode };
}

const environmentFor = ({ url, arn }: Queue): NodeJS.ProcessEnv => ({
  AWS_REGION: arn.split(':')[3],
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_SQS: new URL(url).origin,
  QUEUE_URL: url,
  QUEUE_ARN: arn,
  VISIBILITY_TIMEOUT: String(VISIBILITY_TIMEOUT),
  GRACE_PERIOD: String(GRACE_PERIOD),
  WAIT_TIME: String(WAIT_TIME),
  HOST: '127.0.0.1',
  PORT: '0',
});
