import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Dialect = 'standard' | 'experimental';
export type Format = 'commonjs' | 'esm';
export type Minifier = 'esbuild' | 'swc' | 'terser';

/** The folders of this one that have a package.json of tools, and the oldest Node that these run on. */
export const projects = { tools: 20, 'tools-node22': 22 } as const;
export type Project = keyof typeof projects;

/** What compiles the program; all commands are arguments of Node, run in the project. */
export interface Toolchain {
  readonly name: string;
  readonly dialect: Dialect;
  readonly project: Project;
  /** Whether it emits the `design:*` types of emitDecoratorMetadata. */
  readonly designTypes: boolean;
  /** Whether it hands standard decorators the metadata of their class. */
  readonly decoratorMetadata: boolean;
  readonly compile: (format: Format, out: string) => string[];
  readonly minifier: Minifier;
}

/** The version of a tool, as its project pins it. */
export function versionOf(tool: string, project: Project = 'tools'): string {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, project, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies[tool]!.replace(/^npm:.*@/, '');
}

function tsc(alias: string, dialect: Dialect, { designTypes = false, decoratorMetadata = true } = {}): Toolchain {
  return {
    name: `tsc ${versionOf(alias)}${designTypes ? ', emitDecoratorMetadata' : ''}`,
    dialect,
    project: 'tools',
    designTypes,
    decoratorMetadata,
    // The library's declarations are checked once, with the CommonJS output.
    compile: (format, out) => [
      `node_modules/${alias}/bin/tsc`,
      ...['--target', 'es2022', '--strict', '--types', 'node', '--rootDir', 'program', '--outDir', out],
      ...(format === 'commonjs'
        ? ['--module', 'nodenext', '--skipLibCheck', 'false']
        : ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck']),
      ...['--experimentalDecorators', String(dialect === 'experimental'), '--emitDecoratorMetadata'],
      ...[String(designTypes), 'program/main.ts'],
    ],
    minifier: 'esbuild',
  };
}

function esbuild(dialect: Dialect): Toolchain {
  const options = { compilerOptions: { experimentalDecorators: dialect === 'experimental' } };
  return {
    name: `esbuild ${versionOf('esbuild')}`,
    dialect,
    project: 'tools',
    designTypes: false,
    decoratorMetadata: true,
    compile: (format, out) => [
      ...['node_modules/esbuild/bin/esbuild', 'program/*.ts', '--platform=node', '--target=node20'],
      ...[
        `--format=${format === 'esm' ? 'esm' : 'cjs'}`,
        `--outdir=${out}`,
        `--tsconfig-raw=${JSON.stringify(options)}`,
      ],
    ],
    minifier: 'esbuild',
  };
}

function swc(version: string): Toolchain {
  const isLegacy = version === 'legacy';
  return {
    name: `swc ${versionOf('@swc/core')}, ${isLegacy ? 'legacyDecorator, decoratorMetadata' : version}`,
    dialect: isLegacy ? 'experimental' : 'standard',
    project: 'tools',
    designTypes: isLegacy,
    decoratorMetadata: true,
    compile: (format, out) => ['compilers/swc.cjs', version, format, out],
    minifier: 'swc',
  };
}

function babel(project: Project, version: string): Toolchain {
  return {
    name: `Babel ${versionOf('@babel/core', project)}, ${version}`,
    dialect: version === 'legacy' ? 'experimental' : 'standard',
    project,
    designTypes: false,
    decoratorMetadata: true,
    compile: (format, out) => ['compilers/babel.cjs', version, format, out],
    minifier: 'terser',
  };
}

export const toolchains: readonly Toolchain[] = [
  tsc('typescript50', 'standard', { decoratorMetadata: false }),
  tsc('typescript50', 'experimental'),
  tsc('typescript', 'standard'),
  tsc('typescript', 'experimental'),
  tsc('typescript', 'experimental', { designTypes: true }),
  tsc('typescript70', 'standard'),
  tsc('typescript70', 'experimental'),
  tsc('typescript70', 'experimental', { designTypes: true }),
  esbuild('standard'),
  esbuild('experimental'),
  swc('2022-03'),
  swc('2023-11'),
  swc('legacy'),
  babel('tools', '2023-11'),
  babel('tools', 'legacy'),
  babel('tools-node22', '2023-11'),
  babel('tools-node22', 'legacy'),
];
