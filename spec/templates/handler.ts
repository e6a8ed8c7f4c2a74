import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { functionOf } from './deployment';
import type { Synthesised } from './synthesise';

const requireHere = createRequire(__filename);

/** What the built function exports under the name that the template gives. */
export function loadHandler(synthesised: Synthesised): unknown {
  const [file, name] = locate(synthesised);
  return (requireHere(file) as Record<string, unknown>)[name];
}

/** What is wrong with the handler; Node.js 24 refuses one of three parameters. */
export function handlerFaultsOf(synthesised: Synthesised): string[] {
  const [file] = locate(synthesised);
  if (!existsSync(file)) return ['the file of the handler does not exist'];
  const handler = loadHandler(synthesised);
  if (typeof handler === 'function' && handler.length === 2) return [];
  return ['the handler is not an exported function of two parameters'];
}

function locate({ template, code }: Synthesised): [file: string, name: string] {
  const [module, name] = functionOf(template).Properties.Handler.split('.') as [string, string];
  return [join(code, `${module}.js`), name];
}
