import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = dirname(fileURLToPath(import.meta.url));
const root = dirname(docs);

// A subpath is a file of lib, or the index of a folder there.
const subpaths = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports);
const entryPoints = subpaths
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => [`${subpath}.ts`, `${subpath}/index.ts`].map((file) => join(root, 'lib', file)).find(existsSync))
  .filter((file) => file !== undefined);

/** A module is called what it is imported as. */
function namesOfImports({ converter }) {
  converter.on('resolveBegin', ({ project }) => {
    for (const child of project.children ?? []) {
      child.name = child.name === 'index' ? 'lambda-batch-handler' : `lambda-batch-handler/${child.name}`;
    }
  });
}

export default {
  name: 'API',
  plugin: ['typedoc-plugin-markdown', namesOfImports],
  entryPoints,
  tsconfig: join(root, 'tsconfig.build.json'),
  out: join(docs, 'api'),
  readme: 'none',
  outputFileStrategy: 'modules',
  entryFileName: 'index',
  hidePageHeader: true,
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  githubPages: false,
  logLevel: 'Warn',
  // Types that are not exported are shown where they are used.
  validation: { notExported: false },
};
