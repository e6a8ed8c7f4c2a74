import { spawnSync } from 'node:child_process';

import { BatchProcessingError } from '../../errors';
import { firstOfEach } from '../grouped';
import { type Handler, keyOf, known, type LambdaFunction } from '../model';
import { linkAll, type Linked } from './link-all';
import type { Asked } from './link-one';
import { scriptAt } from './scripts';

export { takeScriptsFrom } from './scripts';

/** What `linkHandlers` takes. */
export interface LinkOptions {
  /** Where the built handler of a function is, as `file#export`, by the id of the function. */
  readonly handlers?: ReadonlyMap<string, string> | undefined;
  /** Whether built handlers are loaded, each in a process of its own. Where not, their code alone is looked at. */
  readonly load: boolean;
  /** How long one may take to load, in milliseconds. Default: 15,000. */
  readonly timeoutMs?: number | undefined;
}

/** What tells the handler of a function from all others that were read: conditions can give it one or the other. */
export function handlerKeyOf(fn: LambdaFunction): string {
  const { handler, place } = fn.code;
  return [keyOf(fn), known(handler), JSON.stringify(place)].join(' ');
}

/** What is known of the handlers of functions, by their keys. */
export async function linkHandlers(
  functions: readonly LambdaFunction[],
  options: LinkOptions,
): Promise<ReadonlyMap<string, Handler>> {
  return new Map(await linkAll(askedFor(functions, options), howOf(options)));
}

/** The same for who cannot wait: another process does it meanwhile. */
export function linkHandlersSync(
  functions: readonly LambdaFunction[],
  options: LinkOptions,
): ReadonlyMap<string, Handler> {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [scriptAt('runner')], {
    input: JSON.stringify([askedFor(functions, options), howOf(options)]),
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    maxBuffer: Infinity,
    windowsHide: true,
  });
  if (status === 0) return new Map(JSON.parse(stdout) as Linked[]);
  throw new BatchProcessingError(`The handlers could not be looked at: ${error?.message ?? stderr}`, { cause: error });
}

const howOf = ({ load, timeoutMs = 15_000 }: LinkOptions) => ({ load, timeoutMs });

/** Each function once, as plain data. */
function askedFor(functions: readonly LambdaFunction[], { handlers }: LinkOptions): Asked[] {
  return firstOfEach(functions, handlerKeyOf).map((fn) => {
    const { handler, runtime, hasLayers = false, ...code } = fn.code;
    return {
      ...code,
      key: handlerKeyOf(fn),
      name: fn.id,
      handler: known(handler),
      runtime: known(runtime),
      mayHaveLayers: hasLayers !== false,
      named: handlers?.get(fn.id),
    };
  });
}
