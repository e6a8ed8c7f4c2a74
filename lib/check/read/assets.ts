import { existsSync } from 'node:fs';
import path from 'node:path';

import { entriesOf, property, textIn } from './json';
import { manifestAt } from './manifest';

/** The files that AWS CDK uploads for a stack. */
export interface Assets {
  /** The path, from the folder of the template, of the one whose key in the bucket stands in a text. */
  named(text: string): string | undefined;
}

/**
 * The assets of a template by the file that CDK writes beside it: where an app was run without the CLI of CDK, a template
 * itself has not the paths of its assets.
 */
export function assetsBeside(template: string): Assets {
  const paths = pathsIn(path.join(path.dirname(template), `${path.basename(template, '.template.json')}.assets.json`));
  return { named: (text) => [...paths].find(([key]) => text.includes(key))?.[1] };
}

function pathsIn(file: string): Map<string, string> {
  const paths = new Map<string, string>();
  if (!existsSync(file)) return paths;
  for (const [, asset] of entriesOf(property(manifestAt(file), 'files'))) {
    for (const [, destination] of entriesOf(property(asset, 'destinations'))) {
      const [key, place] = [textIn(destination, 'objectKey'), textIn(asset, 'source', 'path')];
      if (key !== undefined && place !== undefined) paths.set(key, place);
    }
  }
  return paths;
}
