import { type DurableFunction, type Execution, sdk, testing } from './tools';

/** Has specs run on AWS's runner. Where it skips the time of waits, most of them end no invocation. */
export function onAwsRunner(skipTime = false): void {
  before(async () => {
    const major = Number.parseInt(process.versions.node, 10);
    if (major < 22) throw new Error(`AWS's SDK for durable functions needs Node.js 22 or later, this is ${major}.`);
    await testing().LocalDurableTestRunner.setupTestEnvironment({ skipTime });
  });
  after(() => testing().LocalDurableTestRunner.teardownTestEnvironment());
}

/** How an execution ended. */
export interface Ending {
  readonly status: ReturnType<Execution['getStatus']>;
  readonly answer?: unknown;
  readonly error?: ReturnType<Execution['getError']>;
  /** How often the function was invoked: the first time, and once for each replay. */
  readonly invocations: number;
}

/** Executes an entry as a durable function to its end, over as many replays as it takes. */
export function play(entry: (event: never, context: never) => Promise<unknown>, event: unknown): Promise<Ending> {
  return playFunction(sdk().withDurableExecution(entry), event);
}

export async function playFunction(handlerFunction: DurableFunction, event: unknown): Promise<Ending> {
  const { LocalDurableTestRunner } = testing();
  const execution = await new LocalDurableTestRunner({ handlerFunction }).run({ payload: event });
  const status = execution.getStatus();
  const invocations = execution.getInvocations().length;
  return status === 'SUCCEEDED'
    ? { status, answer: execution.getResult(), invocations }
    : { status, error: execution.getError(), invocations };
}
