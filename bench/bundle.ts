import { join } from 'node:path';

import { build, type Format } from 'esbuild';

/** The formats of a bundle, by how they are named in tables. */
export const formats: Readonly<Record<string, Format>> = { CommonJS: 'cjs', 'ES module': 'esm' };

/** What the functions find where they run, or do without. */
const peers = ['@aws-sdk/*', '@opentelemetry/*'];

/** A function, bundled and minified as for Lambda. */
export async function bundle(contents: string, format: Format, external: readonly string[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: join(__dirname, '..') },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format,
    external: [...peers, ...external],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: 'error',
  });
  return outputFiles[0]!.contents;
}
