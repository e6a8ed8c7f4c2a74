import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { npm, run } from '../support/package';

/** A version of AWS's runtime interface client, and the versions of Node.js that it is run on. */
const supported = [
  { version: '3.3.0', majors: [20, 22] },
  { version: '4.0.2', majors: [22, 24] },
] as const;

/** A runtime, as Lambda's Node.js runtimes are made: a version of AWS's client on a version of Node.js. */
export interface Runtime {
  readonly client: (typeof supported)[number]['version'];
  readonly major: number;
}

export const runtimes: readonly Runtime[] = supported.flatMap(({ version, majors }) =>
  majors.map((major) => ({ client: version, major })),
);

export const nameOf = ({ client, major }: Runtime): string => `client ${client} on Node ${major}`;

/**
 * The file that starts each version: of those in the folders that RUNTIME_CLIENTS names (paths, separated as in PATH), and
 * the rest installed to a folder.
 */
export function findClients(folder: string): ReadonlyMap<string, string> {
  const given = (process.env.RUNTIME_CLIENTS ?? '').split(delimiter).filter(Boolean).map(clientIn);
  const found = new Map(given);
  for (const { version } of supported) if (!found.has(version)) found.set(...install(version, folder));
  return found;
}

function clientIn(prefix: string): [version: string, file: string] {
  const folder = join(prefix, 'node_modules', 'aws-lambda-ric');
  const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return [version, join(folder, bin['aws-lambda-ric'])];
}

interface Manifest {
  readonly version: string;
  readonly bin: { readonly 'aws-lambda-ric': string };
}

function install(version: string, folder: string): [version: string, file: string] {
  const prefix = join(folder, `client-${version}`);
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  run(npm, ['install', '--prefix', prefix, ...options, `aws-lambda-ric@${version}`], folder);
  return clientIn(prefix);
}
