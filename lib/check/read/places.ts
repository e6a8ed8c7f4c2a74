import { readdirSync } from 'node:fs';
import path from 'node:path';

import { isFolder } from '../files';
import type { CodePlace } from '../model';
import { functionTypes } from './functions';
import { isObject, property, textIn } from './json';
import { isSamBuild, samBuilt } from './sam-build';
import type { Declared, Stack } from './stack';

/** What the user says of the code of functions, by their logical ids. */
export interface CodeOptions {
  /** The folders that it is in. */
  readonly code?: ReadonlyMap<string, string> | undefined;
  /** The files of the built handlers, as `file#export`. */
  readonly handlers?: ReadonlyMap<string, string> | undefined;
}

type Folder = Extract<CodePlace, { kind: 'folder' }>;
type Found = Pick<Folder, 'path' | 'isBuilt'>;

/** The folders with the code of all functions, by the keys of their resources. */
export function foldersOf(stacks: readonly Stack[], options: CodeOptions): Map<string, Folder> {
  const found = new Map<string, Found>();
  const builds = new Map<string, ReadonlyMap<string, string>>();
  for (const stack of stacks) {
    const { file } = stack.document;
    const built = builds.get(file) ?? samBuilt(file);
    builds.set(file, built);
    for (const [id, declared] of stack.resources) {
      if (!functionTypes.includes(declared.type)) continue;
      const folder =
        named(id, options) ?? asset(declared, stack) ?? builtBySam(built.get(id)) ?? written(declared, stack);
      if (folder !== undefined) found.set(`${stack.key}#${id}`, folder);
    }
  }
  const counts = countsOf([...found.values()].map((each) => path.resolve(each.path)));
  return new Map(
    [...found].map(([key, folder]) => {
      return [key, { kind: 'folder', ...folder, isShared: counts.get(path.resolve(folder.path))! > 1 }];
    }),
  );
}

/** How many functions have their code in each folder, or in one that is in it. */
function countsOf(folders: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const known = new Set(folders);
  for (const folder of folders) {
    for (let at = folder, above = ''; at !== above; above = at, at = path.dirname(at)) {
      if (known.has(at)) counts.set(at, (counts.get(at) ?? 0) + 1);
    }
  }
  return counts;
}

function named(id: string, { code, handlers }: CodeOptions): Found | undefined {
  const folder = code?.get(id);
  const file = handlers?.get(id)?.replace(/#[^#]*$/, '');
  if (folder === undefined && file === undefined) return undefined;
  return { path: folder ?? path.dirname(file!), isBuilt: folder === undefined }; // a folder may be of sources
}

/** What AWS CDK has put into the cloud assembly. */
function asset({ properties, metadata }: Declared, { document, assets }: Stack): Found | undefined {
  const key = textIn(properties, 'Code', 'S3Key');
  const place = textIn(metadata, 'aws:asset:path') ?? (key === undefined ? undefined : assets.named(key));
  return place === undefined ? undefined : ifFolder(path.resolve(path.dirname(document.file), place), true);
}

const builtBySam = (folder: string | undefined): Found | undefined =>
  folder === undefined ? undefined : ifFolder(folder, true);

/** What the template names: a folder, or, of the Serverless Framework, an archive of that of the service. */
function written({ type, properties, metadata }: Declared, { document }: Stack): Found | undefined {
  const folder = path.dirname(document.file);
  const handler = textIn(properties, 'Handler') ?? '';
  const isMade = textIn(metadata, 'BuildMethod') !== undefined;
  if (path.basename(path.resolve(folder)) === '.serverless') {
    const service = path.dirname(path.resolve(folder));
    return hasHandler(service, handler) ? { path: service, isBuilt: hasHandler(service, handler, SCRIPT) } : undefined;
  }
  const code = property(properties, type === 'AWS::Serverless::Function' ? 'CodeUri' : 'Code');
  const text = code === undefined && type === 'AWS::Serverless::Function' && handler !== '' ? '.' : code;
  if (typeof text !== 'string' || /^s3:/.test(text) || isObject(property(properties, 'InlineCode'))) return undefined;
  const full = path.join(folder, text);
  return ifFolder(full, isSamBuild(document.file) || (!isMade && isDeployable(full, handler)));
}

function ifFolder(folder: string, isBuilt: boolean): Found | undefined {
  return isFolder(folder) ? { path: folder, isBuilt } : undefined;
}

const SCRIPT = /\.[cm]?js$/;
const SOURCE = /\.([cm]?[jt]s|[jt]sx|py|rb)$/;

/**
 * Whether a folder is deployed as it is: there are scripts where the handler should be, and nothing that one of its name is
 * compiled of.
 */
function isDeployable(folder: string, handler: string): boolean {
  const beside = namesIn(path.join(folder, path.dirname(handler)));
  return beside.some((name) => SCRIPT.test(name)) && !beside.some((name) => isOf(handler, name) && !SCRIPT.test(name));
}

function hasHandler(folder: string, handler: string, kind = SOURCE): boolean {
  return namesIn(path.join(folder, path.dirname(handler))).some((name) => isOf(handler, name) && kind.test(name));
}

/** Whether a file is the one of a handler, or what that is compiled of. */
function isOf(handler: string, name: string): boolean {
  return name.replace(/\.[^.]*$/, '') === path.basename(handler).split('.')[0] && SOURCE.test(name);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it is not there
  }
}
