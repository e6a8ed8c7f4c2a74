import { createRequire } from 'node:module';
import path from 'node:path';

const lib = path.join(__dirname, '../../lib') + path.sep;

const load = createRequire(__filename);

/** What a folder of `lib` exports, from files that are loaded once more: as where two copies of the package are installed. */
export function anotherCopyOf(folder: string): unknown {
  const loaded = Object.keys(load.cache).filter((file) => file.startsWith(lib));
  const before = loaded.map((file) => [file, load.cache[file]] as const);
  for (const file of loaded) Reflect.deleteProperty(load.cache, file);
  try {
    return load(path.join(lib, folder));
  } finally {
    for (const file of Object.keys(load.cache)) {
      if (file.startsWith(lib)) Reflect.deleteProperty(load.cache, file);
    }
    for (const [file, module] of before) load.cache[file] = module;
  }
}
