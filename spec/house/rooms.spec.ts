import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';
import ts from 'typescript';

/** An import of one file by another; `types` where nothing of it is left to run. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly types: boolean;
}

const root = path.join(__dirname, '../..');

/** Which rooms each room may import, types included; `: types` where only they. */
const table: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['batch', 'decorator', 'errors', 'observing', 'processors', 'sources', 'types.ts'],
  'types.ts': ['batch', 'decorator', 'errors', 'observing', 'processors', 'sources'],
  engine: [],
  errors: [],
  sources: ['errors'],
  batch: ['engine', 'errors', 'sources'],
  payload: ['batch', 'errors', 'sources'],
  aws: [],
  sqs: ['aws', 'batch', 'errors'],
  observing: ['batch', 'engine/outcome', 'errors', 'sources', 'sqs'],
  'dead-letter': ['aws/command: types', 'batch', 'engine/outcome', 'errors', 'sources', 'sqs'],
  'retry-delay': ['aws/command: types', 'batch', 'engine/outcome', 'errors', 'sources', 'sqs'],
  opentelemetry: ['batch', 'engine/outcome', 'errors', 'sources', 'observing'],
  chunk: ['batch', 'engine', 'errors', 'sources'],
  guard: ['aws', 'batch', 'engine/outcome', 'errors', 'sources'],
  kafka: ['batch', 'errors', 'sources'],
  pipes: ['batch', 'errors', 'sources'],
  decorator: [
    'batch',
    'engine/outcome',
    'engine/deadline: types',
    'errors',
    'sources',
    'payload: types',
    'observing: types',
    'dead-letter: types',
    'retry-delay: types',
    'guard: types',
  ],
  processors: [
    'batch',
    'engine/outcome',
    'errors',
    'sources',
    'decorator: types',
    'payload: types',
    'observing: types',
    'dead-letter: types',
    'retry-delay: types',
    'guard: types',
  ],
  check: ['batch/announce', 'batch/peer', 'batch/plan', 'errors', 'sources'],
  cdk: ['check'],
  testing: ['check/model', 'check/read', 'errors', 'kafka', 'pipes', 'sources'],
  'sqs-consumer': [
    'aws/command: types',
    'batch',
    'engine/deadline',
    'engine/outcome: types',
    'errors',
    'sources',
    'sqs',
    'testing/interpret-response', // and what it needs: nothing of it has a clock
  ],
};

/** The sources below a folder: not what is installed or built there, whose links may lead back to where they are. */
function filesOf(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'out'].includes(entry.name) ? [] : filesOf(name);
    return name.endsWith('.ts') ? [name] : [];
  });
}

/** The relative imports and re-exports of a file. */
function importsOf(file: string, files: ReadonlySet<string>): Import[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return [];
    const base = path.posix.join(path.posix.dirname(file), specifier.text);
    const to = [`${base}.ts`, `${base}/index.ts`, base].find((candidate) => files.has(candidate));
    if (to === undefined) return []; // JSON
    return [{ from: file, to, types: isImport ? areTypes(statement.importClause) : statement.isTypeOnly }];
  });
}

function areTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** The files of a circle, if there is one. */
function circleOf(files: readonly string[], imports: readonly Import[]): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of imports.filter(({ from }) => from === file)) {
      const circle = visit(to, [...way, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

const roomOf = (file: string): string => file.split('/')[1]!;

function isAllowed({ from, to, types }: Import): boolean {
  if (roomOf(from) === roomOf(to)) return true;
  return table[roomOf(from)]!.some((allowed) => {
    const [place, only] = allowed.split(': ');
    const fits = to === `lib/${place}` || to === `lib/${place}.ts` || to.startsWith(`lib/${place}/`);
    return fits && (only === undefined || types);
  });
}

describe('The house', () => {
  const files = filesOf('lib');
  const imports = files.flatMap((file) => importsOf(file, new Set(files)));

  it('has two files in its root, and a row of the table for each room', () => {
    expect(files.filter((file) => file.split('/').length === 2)).to.have.members(['lib/index.ts', 'lib/types.ts']);
    expect(new Set(files.map(roomOf))).to.deep.equal(new Set(Object.keys(table)));
  });

  it('has rooms that import only what the table lets them', () => {
    expect(imports.length).to.be.above(200);
    expect(imports.filter((each) => !isAllowed(each)).map(({ from, to }) => `${from} imports ${to}`)).to.deep.equal([]);
  });

  it('would see a room that imports another', () => {
    const from = 'lib/engine/run.ts';
    expect(isAllowed({ from, to: 'lib/errors/index.ts', types: true })).to.equal(false);
    expect(isAllowed({ from: 'lib/decorator/entry.ts', to: 'lib/dead-letter/index.ts', types: false })).to.equal(false);
    expect(isAllowed({ from: 'lib/decorator/entry.ts', to: 'lib/processors/invocation.ts', types: true })).to.equal(
      false,
    );
  });

  for (const folder of ['lib', 'samples', 'bench']) {
    it(`has no imports that run in a circle in ${folder}, types included`, () => {
      const own = filesOf(folder);
      const ownImports = own.flatMap((file) => importsOf(file, new Set(own)));
      expect(circleOf(own, ownImports)).to.equal(undefined);
    });
  }

  it('would see a circle', () => {
    const circle = [
      { from: 'a', to: 'b', types: true },
      { from: 'b', to: 'c', types: false },
      { from: 'c', to: 'b', types: true },
    ];
    expect(circleOf(['a', 'b', 'c'], circle)).to.deep.equal(['b', 'c', 'b']);
  });
});
