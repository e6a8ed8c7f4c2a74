import { Ids } from '../../lib/testing/ids';

export type SourceName = 'standard' | 'fifo' | 'stream' | 'kafka';

export interface WorkloadOptions {
  /** How many messages each source gets. */
  readonly messages: number;
  /** Which share of them fails: half of these always, the others once or twice. */
  readonly failing: number;
  /** How many message groups, or keys, they are in. */
  readonly groups: number;
  /** The same seed makes the same messages. */
  readonly seed: number;
}

export interface Message {
  readonly id: string;
  /** What it keeps its order in: its message group or key. */
  readonly group: string;
  /** What its sample takes, and refuses where it is to fail always; null in a tombstone. */
  readonly payload: object | null;
  /** How many of its first runs fail: 0, 1, 2 or Infinity. */
  readonly failures: number;
}

/** The messages for a source, in the order in which they are to be sent. */
export function workloadOf(source: SourceName, { messages, failing, groups, seed }: WorkloadOptions): Message[] {
  const ids = new Ids('workload', source, seed);
  const below = (limit: number): number => parseInt(ids.hex(8), 16) % limit;
  const failures = shuffled(messages, below).map((rank) => failuresOf(rank, Math.round(messages * failing)));
  return failures.map((count, index) => {
    const group = `group-${below(groups) + 1}`;
    return { group, ...contents[source](index + 1, count === Infinity, group), failures: count };
  });
}

/** How many messages fail always, once and twice. */
export function failuresIn({ messages, failing }: Pick<WorkloadOptions, 'messages' | 'failing'>) {
  const counts = { always: 0, once: 0, twice: 0 };
  for (let rank = 0; rank < Math.round(messages * failing); rank++) {
    counts[({ 1: 'once', 2: 'twice' } as const)[failuresOf(rank, Infinity)] ?? 'always']++;
  }
  return counts;
}

/** Of those that fail every second one fails always, the others once and twice in turn. */
const failuresOf = (rank: number, failing: number): number =>
  rank < failing ? [Infinity, 1, Infinity, 2][rank % 4]! : 0;

type Contents = Pick<Message, 'id' | 'payload'> & Partial<Pick<Message, 'group'>>;

/** What messages say to the samples, which refuse the bad ones. Those of a standard queue and tombstones are a group each. */
const contents: Record<SourceName, (number: number, isBad: boolean, group: string) => Contents> = {
  standard: (number, isBad) => {
    const id = `order-${number}`;
    return { id, group: id, payload: { id, total: isBad ? 0 : number } };
  },
  fifo: (number, isBad) => {
    const id = `parcel-${number}`;
    return { id, payload: { id, weight: isBad ? 31 : 1 } };
  },
  stream: (number, isBad, meter) => ({
    id: `reading-${number}`,
    payload: { meter, kilowattHours: isBad ? -number : number },
  }),
  kafka: (number, isBad) => {
    const id = `temperature-${number}`;
    if (!isBad && number % 10 === 0) return { id, group: id, payload: null }; // a tombstone has nothing but its key
    return { id, payload: { celsius: isBad ? -1_000 * number : number } };
  },
};

/** The numbers from 0 up, in random order. */
function shuffled(count: number, below: (limit: number) => number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = below(last + 1);
    [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
  }
  return numbers;
}

/**
 * The messages by the calls to send them with, one after the other. None has two of a group: a service that takes only
 * a part of a call, as Kinesis may, could disorder those.
 */
export function inCalls(messages: readonly Message[], size: number): Message[][] {
  const calls: Message[][] = [];
  let groups = new Set<string>();
  for (const message of messages) {
    if (calls.length === 0 || groups.size === size || groups.has(message.group)) {
      calls.push([]);
      groups = new Set();
    }
    calls.at(-1)!.push(message);
    groups.add(message.group);
  }
  return calls;
}
