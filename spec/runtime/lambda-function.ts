import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { findNodes } from '../matrix/nodes';
import { work } from '../support/package';
import { type Build, bundleAll, folderOf } from './builds';
import { findClients, type Runtime } from './clients';
import { type Ending, RuntimeApi } from './runtime-api';

/** Where a function runs, and how it was bundled. */
export interface Place {
  readonly runtime: Runtime;
  readonly build: Build;
}

export type Variables = Readonly<Record<string, string | undefined>>;

interface Deployment {
  readonly folder: string;
  readonly clients: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<number, string>;
}

let deployment: Deployment | undefined;

/** Bundles the functions, and finds the runtimes: once. */
export function deploy(): Deployment {
  if (deployment !== undefined) return deployment;
  const folder = join(work, 'runtime');
  mkdirSync(folder);
  bundleAll(folder);
  const nodes = new Map(findNodes(folder).map(({ major, path }) => [major, path]));
  return (deployment = { folder, clients: findClients(folder), nodes });
}

/** Longer than anything takes that ends. */
const NO_TIMEOUT_MS = 20_000;

/** A process that runs one handler under AWS's runtime interface client, as an execution environment of Lambda does. */
export class LambdaFunction {
  readonly #api: RuntimeApi;
  readonly #process: ChildProcess;
  /** When it is over: its exit code, null where it was ended. */
  readonly exited: Promise<number | null>;
  /** What it has logged. */
  log = '';

  private constructor(api: RuntimeApi, child: ChildProcess) {
    this.#api = api;
    this.#process = child;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    this.exited = once(child, 'close').then(([code]) => code as number | null);
    void this.exited.then((exited) => {
      api.endAll({ exited });
    });
  }

  /** @param handler as a function's setting names it: `file.export`, whose parts may be nested */
  static async start({ runtime, build }: Place, handler: string, variables: Variables = {}): Promise<LambdaFunction> {
    const { folder, clients, nodes } = deploy();
    const api = await RuntimeApi.start();
    const root = folderOf(build, folder);
    const args = ['--require', join(__dirname, 'native-client.cjs'), clients.get(runtime.client)!, handler];
    const env = {
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${runtime.major}.x`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_NAME: 'orders',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: root,
      _HANDLER: handler,
      ...variables,
    };
    return new LambdaFunction(api, spawn(nodes.get(runtime.major)!, args, { cwd: root, env, stdio: 'pipe' }));
  }

  /** @param timeoutMs that of the function: as on Lambda, what has been posted by then counts */
  invoke(event: unknown, timeoutMs = NO_TIMEOUT_MS): Promise<Ending> {
    return this.#api.invoke(event, timeoutMs);
  }

  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
    await this.#api.stop();
  }
}

/** Runs a function for as long as it is used. */
export async function running<T>(
  place: Place,
  handler: string,
  variables: Variables,
  use: (lambda: LambdaFunction) => Promise<T>,
): Promise<T> {
  const lambda = await LambdaFunction.start(place, handler, variables);
  try {
    return await use(lambda);
  } finally {
    await lambda.end();
  }
}
