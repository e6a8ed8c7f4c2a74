import { readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

const root = path.join(__dirname, '../..');

/** What an editor shows, by TypeScript's language service: files are open that no disk has, beside those of the project. */
export class Editor {
  readonly #open = new Map<string, string>();
  readonly #service: ts.LanguageService;

  constructor(config: 'tsconfig.json' | 'tsconfig.standard.json' = 'tsconfig.json') {
    const { config: json } = ts.readConfigFile(path.join(root, config), (file) => ts.sys.readFile(file)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent({ ...json, files: [], include: [] }, ts.sys, root);
    // Every subpath from lib, also those that tsconfig.json leaves to what was built.
    options.paths = Object.fromEntries(Array.from(publicFiles(), ([name, file]) => [name, [path.join(root, file)]]));
    const read = (file: string): string | undefined => this.#open.get(file) ?? ts.sys.readFile(file);
    this.#service = ts.createLanguageService({
      getScriptFileNames: () => [...this.#open.keys()],
      getScriptVersion: () => '1',
      getScriptSnapshot: (file) => {
        const text = read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getCompilationSettings: () => options,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      fileExists: (file) => this.#open.has(file) || ts.sys.fileExists(file),
      readFile: read,
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
    });
  }

  /** Opens a file, as if it were in the folder `spec`; all that are open know each other. */
  open(name: string, text: string): string {
    const file = path.posix.join(root.replaceAll('\\', '/'), 'spec', name);
    this.#open.set(file, text);
    return file;
  }

  /** What the compiler says of a file, but for names that nobody uses. */
  errorsIn(file: string): string[] {
    const unused = [6133, 6192, 6196, 6198];
    return [...this.#service.getSyntacticDiagnostics(file), ...this.#service.getSemanticDiagnostics(file)]
      .filter(({ code }) => !unused.includes(code))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  /** The text below the signature of what stands at a position, and the names of its tags. */
  hover(file: string, position: number): { readonly text: string; readonly tags: readonly string[] } {
    const info = this.#service.getQuickInfoAtPosition(file, position);
    return {
      text: ts.displayPartsToString(info?.documentation).trim(),
      tags: (info?.tags ?? []).map(({ name }) => name),
    };
  }

  sourceFile(file: string): ts.SourceFile {
    return this.#service.getProgram()!.getSourceFile(file)!;
  }

  get checker(): ts.TypeChecker {
    return this.#service.getProgram()!.getTypeChecker();
  }
}

/** The subpaths that package.json exports, by the specifier that users write, with the file of lib that has their names. */
export function publicFiles(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { exports: object };
  const names = Object.keys(exports).filter((name) => name !== './package.json');
  return new Map(
    names.map((name) => {
      const file = name === '.' ? 'index.ts' : name === './types' ? 'types.ts' : `${name.slice(2)}/index.ts`;
      return [path.posix.join('lambda-batch-handler', name), `lib/${file}`];
    }),
  );
}
