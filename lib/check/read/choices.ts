import { createHash } from 'node:crypto';

/** Gives which of `count` possibilities it is: the same for the same key, until all is done again. */
export type Choose = (key: string, count: number) => number;

/**
 * Runs something once for each way to choose that it comes across, the first time with the first of all. Where there
 * are more than `most`, the choices that come last are no longer combined with all others: the first runs take their first
 * way, then the next, and the others draw one, always the same; and `onMore` is called.
 */
export function eachChoice<T>(most: number, run: (choose: Choose) => T, onMore = nothing): T[] {
  const results: T[] = [];
  for (let path: number[] | undefined = []; path !== undefined;) {
    const choices: Choices = new Choices(path, results.length, most, onMore);
    results.push(run((key, count) => choices.choose(key, count)));
    path = choices.next();
  }
  return results;
}

const nothing = (): void => undefined;

class Choices {
  readonly #path: readonly number[];
  readonly #run: number;
  readonly #most: number;
  readonly #onMore: () => void;
  readonly #chosen = new Map<string, number>();
  readonly #trail: { at: number; readonly count: number }[] = [];
  #ways = 1;

  constructor(path: readonly number[], run: number, most: number, onMore: () => void) {
    this.#path = path;
    this.#run = run;
    this.#most = most;
    this.#onMore = onMore;
  }

  choose(key: string, count: number): number {
    let chosen = this.#chosen.get(key);
    if (chosen === undefined) {
      chosen = this.#ways * count > this.#most ? this.#drawn(key, count) : this.#taken(count);
      this.#chosen.set(key, chosen);
    }
    return chosen;
  }

  /** Where the next run goes; undefined where this was the last one. */
  next(): number[] | undefined {
    const trail = [...this.#trail];
    while (trail.length > 0) {
      const { at, count } = trail.pop()!;
      if (at + 1 < count) return [...trail.map((each) => each.at), at + 1];
    }
    return undefined;
  }

  #taken(count: number): number {
    const at = this.#path[this.#trail.length] ?? 0;
    this.#trail.push({ at, count });
    this.#ways *= count;
    return at;
  }

  #drawn(key: string, count: number): number {
    this.#onMore();
    if (this.#run < count) return this.#run;
    return createHash('sha256').update(`${this.#run} ${key}`).digest().readUInt32BE() % count;
  }
}
