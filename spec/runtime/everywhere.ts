import { expect } from 'chai';

import { builds, nameOf as nameOfBuild } from './builds';
import { nameOf as nameOfRuntime, runtimes } from './clients';
import { deploy, type Place } from './lambda-function';

/** Every build on every runtime. */
export const everywhere: readonly Place[] = runtimes.flatMap((runtime) => builds.map((build) => ({ runtime, build })));

/** Every runtime, each with another build. */
export const onEachRuntime: readonly Place[] = runtimes.map((runtime, index) => ({
  runtime,
  build: builds[index % builds.length]!,
}));

const nameOf = ({ runtime, build }: Place): string => `${nameOfRuntime(runtime)}, ${nameOfBuild(build)}`;

/** A spec of a table. */
export interface Row {
  readonly title: string;
  readonly places: readonly Place[];
  /** What is seen in one place. */
  see(place: Place): Promise<unknown>;
  readonly expected: unknown;
}

/** How many processes there are at a time: mostly they wait, and are to have time enough when they don't. */
const AT_ONCE = 6;

/** Makes a spec of each row. All that is seen is seen before the first of them, because it takes time, but little work. */
export function specsOf(rows: readonly Row[]): void {
  const seen = new Map<Row, Promise<Record<string, unknown>>>();

  before(() => {
    deploy();
    const inTurn = limited(AT_ONCE);
    for (const row of rows) {
      const entries = row.places.map(async (place) => [nameOf(place), await inTurn(() => row.see(place))] as const);
      const all = Promise.all(entries).then((each) => Object.fromEntries(each));
      all.catch(() => undefined); // its spec tells
      seen.set(row, all);
    }
  });

  for (const row of rows) {
    it(row.title, async () => {
      const expected = Object.fromEntries(row.places.map((place) => [nameOf(place), row.expected]));
      expect(await seen.get(row)).to.deep.equal(expected);
    });
  }
}

/** Has so many tasks run at a time, in the order in which they come. */
function limited(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
