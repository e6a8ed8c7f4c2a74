import { constants } from 'node:os';

import { redirectOutput } from '../support/output';
import { describeAccounts, describeProgress } from './report';
import { describeRun, nextSteps } from './introduction';
import { runQueues } from './run-queues';
import type { WorkloadOptions } from './workload';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Has a terminal begin its line anew. */
const CLEAR = '\r\x1b[2K';
/** How often progress is told: a terminal shows it in one line, a log takes a line now and then. */
const TERMINAL_MS = 100;
const LOG_MS = 2_000;

/** Runs queues, a stream and a topic until all is done or a signal comes, and prints the accounts. Gives the exit code. */
export async function runQueuesCommand(workload: WorkloadOptions, verbose: boolean): Promise<number> {
  const stop = new AbortController();
  let exitCode = 0;
  const skipped: string[] = [];
  const interrupt = (signal: (typeof SIGNALS)[number]): void => {
    exitCode = 128 + constants.signals[signal];
    stop.abort();
  };
  for (const signal of SIGNALS) process.once(signal, interrupt); // a second one ends the process as ever
  console.log(describeRun(workload));
  const { tell, end } = progressOn(process.stdout, process.stdout.isTTY && !verbose);
  try {
    const run = () =>
      runQueues({
        ...workload,
        signal: stop.signal,
        onProgress: (ledgers) => tell(() => describeProgress(ledgers)),
        onSkipped: (title, reason) => skipped.push(`${title}: skipped, because ${reason}.`),
      });
    const accounts = await (verbose ? run() : redirectOutput(run, () => undefined));
    end();
    for (const line of [describeAccounts(accounts), ...skipped]) console.log(line);
    if (exitCode === 0) console.log(nextSteps);
    return exitCode || (accounts.some(({ faults }) => faults.length > 0) ? 1 : 0);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** Writes progress, whatever becomes of the output of the functions: into one line of a terminal, or line by line. */
function progressOn(stream: NodeJS.WriteStream, inOneLine: boolean) {
  const write = stream.write.bind(stream);
  const pause = inOneLine ? TERMINAL_MS : LOG_MS;
  let last = -Infinity;
  return {
    tell(describe: () => string): void {
      if (performance.now() - last < pause) return;
      last = performance.now();
      write(inOneLine ? `${CLEAR}${describe().slice(0, stream.columns || undefined)}` : `${describe()}\n`);
    },
    end(): void {
      if (inOneLine) write(CLEAR);
    },
  };
}
