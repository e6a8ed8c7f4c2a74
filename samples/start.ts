/** Runs samples on local queues and a local stream, in a process of their own, or on their recorded events. */
import { createRequire } from 'node:module';

import { type Command, commandOf, help, UsageError } from './support/arguments';
import { runSamples } from './support/run-samples';

const requireHere = createRequire(__filename);

/** Gives the exit code. */
async function main(command: Command): Promise<number> {
  switch (command.kind) {
    case 'help':
      console.log(help);
      return 0;
    case 'samples':
      return (await runSamples(command.names, command.verbose)) ? 0 : 1;
    case 'container': {
      const { runContainerCommand } = requireHere('./local/run-container') as typeof import('./local/run-container');
      return runContainerCommand(command.workload);
    }
    case 'queues': {
      // Loaded only where it is needed, because the AWS SDK takes its time.
      const { runQueuesCommand } = requireHere('./local/command') as typeof import('./local/command');
      return runQueuesCommand(command.workload, command.verbose);
    }
  }
}

async function start(): Promise<void> {
  try {
    process.exitCode = await main(commandOf(process.argv.slice(2)));
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof UsageError ? error.message : error);
  }
}

void start();
