import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import { isCloudAssembly, sourcesIn } from './cloud-assembly';
import type { Source } from './source';
import { UnreadableError } from './unreadable-error';

const SERVERLESS = '.serverless';
const COMPILED = 'cloudformation-template-update-stack.json';

/**
 * The templates that paths lead to, each once.
 *
 * @throws UnreadableError where one leads to none
 */
export function sourcesOf(paths: readonly string[]): Source[] {
  const sources = new Map<string, Source>();
  for (const source of paths.flatMap(sourcesAt)) {
    const key = path.resolve(source.file);
    sources.set(key, sources.get(key) ?? source);
  }
  return [...sources.values()];
}

function sourcesAt(at: string): Source[] {
  if (!existsSync(at) || !statSync(at).isDirectory()) return isTemplate(at) ? [{ file: at, name: undefined }] : [];
  if (isCloudAssembly(at)) return sourcesIn(at);
  const compiled = path.join(at, COMPILED);
  if (existsSync(compiled)) return [{ file: compiled, name: undefined }];
  throw new UnreadableError(
    at,
    'a template, or the folder of a cloud assembly (cdk.out) or of the Serverless Framework (.serverless)',
    `the folder has neither manifest.json nor ${COMPILED}`,
  );
}

/** Whether a file is meant to be read: `.serverless/*.json` leads to the state of the Serverless Framework as well. */
function isTemplate(file: string): boolean {
  const folder = path.basename(path.dirname(path.resolve(file)));
  return folder !== SERVERLESS || path.basename(file).startsWith('cloudformation-template-');
}
