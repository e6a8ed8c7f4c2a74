import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Context } from 'aws-lambda';

import { npm, run, work } from '../support/package';

/** AWS's SDK for durable functions, and its runner for tests. They need Node.js 22. */
const packages = ['@aws/durable-execution-sdk-js@2.4.0', '@aws/durable-execution-sdk-js-testing@1.1.4'];

/** Where they are: in the folder that DURABLE_TOOLS names or, without it, installed to one that is gone with this process. */
export const toolsFolder = (): string => (folder ??= process.env.DURABLE_TOOLS ?? install());
let folder: string | undefined;

function install(): string {
  const prefix = join(work, 'durable');
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  run(npm, ['install', '--prefix', prefix, ...options, ...packages], work);
  return prefix;
}

/** What is used of them, since they are not there to be compiled with. */
interface Sdk {
  withDurableExecution(handler: (event: never, context: never) => Promise<unknown>): DurableFunction;
}
export type DurableFunction = (event: never, context: Context) => Promise<unknown>;

interface Testing {
  readonly LocalDurableTestRunner: {
    new (options: { readonly handlerFunction: DurableFunction }): {
      run(request: { readonly payload: unknown }): Promise<Execution>;
    };
    setupTestEnvironment(options: { readonly skipTime: boolean }): Promise<void>;
    teardownTestEnvironment(): Promise<void>;
  };
}

export interface Execution {
  getStatus(): 'SUCCEEDED' | 'FAILED';
  getResult(): unknown;
  getError(): { readonly errorType?: string; readonly errorMessage?: string };
  getInvocations(): readonly unknown[];
}

/** Loads a package from the folder of tools. */
export const tool = (name: string): unknown => createRequire(join(toolsFolder(), 'tools.js'))(name);

export const sdk = (): Sdk => tool('@aws/durable-execution-sdk-js') as Sdk;
export const testing = (): Testing => tool('@aws/durable-execution-sdk-js-testing') as Testing;
