import { existsSync } from 'node:fs';
import path from 'node:path';

import { entriesOf, property, textIn } from './json';
import { manifestAt } from './manifest';

/** A template to be read. */
export interface Source {
  readonly file: string;
  /** The name of its stack, where that is known. */
  readonly name: string | undefined;
}

const MANIFEST = 'manifest.json';

export const isCloudAssembly = (folder: string): boolean => existsSync(path.join(folder, MANIFEST));

/**
 * The stacks of a cloud assembly of AWS CDK, and of those in it, which are its stages.
 *
 * @throws UnreadableError where its manifest cannot be read
 */
export function sourcesIn(folder: string, within: readonly string[] = []): Source[] {
  const folders = [...within, path.resolve(folder)]; // an assembly that has itself in it would never end
  const artifacts = property(manifestAt(path.join(folder, MANIFEST)), 'artifacts');
  return entriesOf(artifacts).flatMap(([id, artifact]) => {
    const [template, directory] = ['templateFile', 'directoryName'].map((name) => textIn(artifact, 'properties', name));
    switch (textIn(artifact, 'type')) {
      case 'aws:cloudformation:stack':
        if (template === undefined) return [];
        return [{ file: path.join(folder, template), name: textIn(artifact, 'properties', 'stackName') ?? id }];
      case 'cdk:cloud-assembly':
        return directory === undefined || folders.includes(path.resolve(folder, directory))
          ? []
          : sourcesIn(path.join(folder, directory), folders);
      default:
        return [];
    }
  });
}
