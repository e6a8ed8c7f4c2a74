/** A message, in the order in which they were sent. */
export interface SentMessage {
  readonly id: string;
  readonly group: string;
}

/** One process: what it told of messages, a line each (`began`, `failed` or `succeeded`, and the id), and how it ended. */
export interface ProcessRun {
  readonly lines: readonly string[];
  readonly exitCode: number | null;
}

/** What became of the messages of a queue whose consumer was ended in the middle, and started again. */
export interface ContainerAccount {
  readonly sent: number;
  readonly succeeded: number;
  /** How many of them had succeeded when the first process ended. */
  readonly beforeEnd: number;
  /** How many were running when the grace period was over. */
  readonly interrupted: number;
  /** How many failed, and came again. */
  readonly failed: number;
  /** How many succeeded more than once. */
  readonly repeated: number;
  readonly groups: number;
  /** What must not be, a sentence each. */
  readonly faults: readonly string[];
}

/** Draws up the account, by what the processes told and by whether something is left in the queue. */
export function containerAccountOf(
  sent: readonly SentMessage[],
  runs: readonly ProcessRun[],
  isQueueEmpty: boolean,
): ContainerAccount {
  const lines = runs.flatMap((run) => run.lines);
  const first = latest(runs[0]!.lines);
  const successes = lines.filter((line) => line.startsWith('succeeded '));
  const succeeded = new Set(successes);
  return {
    sent: sent.length,
    succeeded: succeeded.size,
    beforeEnd: [...first.values()].filter((verb) => verb === 'succeeded').length,
    interrupted: [...first.values()].filter((verb) => verb === 'began').length,
    failed: new Set(lines.filter((line) => line.startsWith('failed '))).size,
    repeated: [...succeeded].filter((line) => successes.indexOf(line) !== successes.lastIndexOf(line)).length,
    groups: new Set(sent.map(({ group }) => group)).size,
    faults: [
      ...sent.filter(({ id }) => !succeeded.has(`succeeded ${id}`)).map(({ id }) => `${id} never succeeded`),
      ...disordersIn(sent, lines),
      ...(isQueueEmpty ? [] : ['the queue is not empty']),
      ...runs.flatMap(({ exitCode }, index) =>
        exitCode === 0 ? [] : [`process ${index + 1} ended with exit code ${exitCode}`],
      ),
    ],
  };
}

/** What was last told of each message. */
function latest(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => line.split(' ').reverse() as [id: string, verb: string]));
}

/** Where a message began before those that were sent before it in its group had succeeded. */
function disordersIn(sent: readonly SentMessage[], lines: readonly string[]): string[] {
  const positionOf = new Map<string, number>();
  lines.forEach((line, position) => {
    if (!positionOf.has(line)) positionOf.set(line, position);
  });
  const before = new Map<string, SentMessage>();
  return sent.flatMap((message) => {
    const earlier = before.get(message.group);
    before.set(message.group, message);
    const began = positionOf.get(`began ${message.id}`);
    if (earlier === undefined || began === undefined) return [];
    const isInOrder = began > (positionOf.get(`succeeded ${earlier.id}`) ?? Infinity);
    return isInOrder ? [] : [`${message.id} began before ${earlier.id}, sent earlier in ${message.group}, succeeded`];
  });
}

/** The account in lines. */
export function describeContainerAccount(account: ContainerAccount, milliseconds: number): string {
  const { sent, succeeded, beforeEnd, interrupted, failed, repeated, groups, faults } = account;
  return [
    `${sent} messages in ${groups} groups of a FIFO queue; SIGTERM came when ${beforeEnd} had succeeded.`,
    `Succeeded: ${succeeded}, of them more than once: ${repeated}. Failed, and came again: ${failed}.`,
    `Running when the grace period was over, and came again: ${interrupted}.`,
    ...faults.slice(0, 10).map((fault) => `FAULT: ${fault}.`),
    faults.length > 0
      ? `Faults: ${faults.length}.`
      : `Nothing is lost, and each group is in order (${(milliseconds / 1000).toFixed(1)} s).`,
  ].join('\n');
}
