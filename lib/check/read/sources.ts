import path from 'node:path';

import { isFile, isFolder } from '../files';
import { firstOfEach } from '../grouped';
import { isCloudAssembly, type Source, sourcesIn } from './cloud-assembly';
import { UnreadableError } from './unreadable-error';

const SERVERLESS = '.serverless';
const COMPILED = 'cloudformation-template-update-stack.json';

/**
 * The templates that paths lead to, each once.
 *
 * @throws UnreadableError where one leads to none
 */
export function sourcesOf(paths: readonly string[]): Source[] {
  return firstOfEach(paths.flatMap(sourcesAt), ({ file }) => path.resolve(file));
}

function sourcesAt(at: string): Source[] {
  if (!isFolder(at)) return isTemplate(at) ? [{ file: at, name: undefined }] : [];
  if (isCloudAssembly(at)) return sourcesIn(at);
  const compiled = path.join(at, COMPILED);
  if (isFile(compiled)) return [{ file: compiled, name: undefined }];
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
