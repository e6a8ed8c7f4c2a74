import { existsSync } from 'node:fs';
import path from 'node:path';

import { readTemplate } from './document';
import { entriesOf, textIn } from './json';

/** Where `sam build` puts what it has built of the template beside it. */
const BUILD = path.join('.aws-sam', 'build');

/** Whether a template is the one that `sam build` has written: its paths lead to what is deployed. */
export const isSamBuild = (file: string): boolean => path.dirname(path.resolve(file)).endsWith(`${path.sep}${BUILD}`);

/** The folders that `sam build` has made of functions, by their logical ids; none where it was not run. */
export function samBuilt(file: string): Map<string, string> {
  const folder = path.join(path.dirname(file), BUILD);
  const template = path.join(folder, 'template.yaml');
  if (isSamBuild(file) || !existsSync(template)) return new Map();
  const resources = entriesOf(readTemplate(template).body.Resources);
  return new Map(
    resources.flatMap(([id, resource]) => {
      const code = textIn(resource, 'Properties', 'CodeUri') ?? textIn(resource, 'Properties', 'Code');
      return code === undefined ? [] : [[id, path.join(folder, code)] as const];
    }),
  );
}
