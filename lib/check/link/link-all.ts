import { availableParallelism } from 'node:os';

import type { Handler } from '../model';
import { type Asked, type How, linkOne } from './link-one';

/** A function by its key, and what is known of its handler. */
export type Linked = readonly [key: string, handler: Handler];

/** Links functions side by side, as many at once as there are processors. */
export async function linkAll(asked: readonly Asked[], how: How): Promise<Linked[]> {
  const linked: Linked[] = [];
  const waiting = asked.entries();
  const lane = async (): Promise<void> => {
    for (const [index, each] of waiting) linked[index] = [each.key, await linkOne(each, how)];
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return linked;
}
