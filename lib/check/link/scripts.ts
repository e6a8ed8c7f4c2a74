import path from 'node:path';

/** Where the scripts are that run in processes of their own: beside the bundle that has this file in it. */
let folder = path.join(__dirname, 'check');

/** The path of a script: of `loader.ts`, `refuse.ts` or `runner.ts`, each bundled into one CommonJS file. */
export function scriptAt(name: 'loader' | 'refuse' | 'runner'): string {
  return path.join(folder, `${name}.js`);
}

/** Has the scripts taken from another folder: for those that stand there themselves, and for specs, which run the sources. */
export function takeScriptsFrom(other: string): void {
  folder = other;
}
