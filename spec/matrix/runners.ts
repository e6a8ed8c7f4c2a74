import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Dialect, type Project, versionOf } from './toolchains';

/** A test runner, set up as its users do for that dialect. */
export interface Runner {
  readonly name: string;
  readonly dialect: Dialect;
  readonly project: Project;
  /** What stands for `./runner` in the test. */
  readonly adapter: 'jest' | 'mocha' | 'node-test' | 'vitest';
  /** Its configuration file. */
  readonly config?: readonly [name: string, text: string];
  /** Arguments of Node, in a folder two below the project. */
  readonly command: readonly string[];
  /** How its output tells that every test passed. */
  readonly passed: RegExp;
}

/** How many tests there are in orders.test.ts. */
export const testCount = 3;

const modules = '../../node_modules';
const dialects = ['standard', 'experimental'] as const;

const mocha = (dialect: Dialect): Runner => ({
  name: `mocha ${versionOf('mocha')}, ts-node ${versionOf('ts-node')}`,
  dialect,
  project: 'tools',
  adapter: 'mocha',
  command: [`${modules}/mocha/bin/mocha.js`, '--require', 'ts-node/register/transpile-only', 'orders.test.ts'],
  passed: new RegExp(`^ +${testCount} passing`, 'm'),
});

const nodeTest = (dialect: Dialect): Runner => ({
  name: `node:test, ts-node ${versionOf('ts-node')}`,
  dialect,
  project: 'tools',
  adapter: 'node-test',
  command: ['--require', 'ts-node/register/transpile-only', '--test', '--test-reporter', 'tap', 'orders.test.ts'],
  passed: new RegExp(`^# pass ${testCount}$`, 'm'),
});

const jest = (dialect: Dialect, transformer: string, options: object): Runner => ({
  name: `jest ${versionOf('jest')}, ${transformer} ${versionOf(transformer)}`,
  dialect,
  project: 'tools',
  adapter: 'jest',
  config: [
    'jest.config.json',
    JSON.stringify({ transform: { '\\.ts$': [transformer, options] }, cacheDirectory: './cache' }),
  ],
  command: [`${modules}/jest/bin/jest.js`],
  passed: new RegExp(`^Tests: +${testCount} passed, ${testCount} total$`, 'm'),
});

const swcFor = (dialect: Dialect): object => ({
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: dialect === 'standard' ? { decoratorVersion: '2022-03' } : { legacyDecorator: true },
  },
});

const babelFor = (dialect: Dialect): object => ({
  presets: ['@babel/preset-typescript'],
  plugins: [
    ['@babel/plugin-proposal-decorators', { version: dialect === 'standard' ? '2023-11' : 'legacy' }],
    '@babel/plugin-transform-modules-commonjs',
  ],
});

/** vitest compiles experimental decorators itself; standard ones need a plugin. */
const vitest = (project: Project, dialect: Dialect): Runner => {
  const plugin = `unplugin-swc ${versionOf('unplugin-swc', project)}`;
  return {
    name: `vitest ${versionOf('vitest', project)}${dialect === 'standard' ? `, ${plugin}` : ''}`,
    dialect,
    project,
    adapter: 'vitest',
    config:
      dialect === 'standard'
        ? [
            'vitest.config.mjs',
            `import swc from 'unplugin-swc';\nexport default { plugins: [swc.vite(${JSON.stringify(swcFor(dialect))})] };`,
          ]
        : undefined,
    command: [`${modules}/vitest/vitest.mjs`, 'run'],
    passed: new RegExp(`^ +Tests +${testCount} passed \\(${testCount}\\)$`, 'm'),
  };
};

export const runners: readonly Runner[] = dialects.flatMap((dialect) => [
  mocha(dialect),
  nodeTest(dialect),
  jest(dialect, 'ts-jest', {}),
  jest(dialect, '@swc/jest', swcFor(dialect)),
  jest(dialect, 'babel-jest', babelFor(dialect)),
  vitest('tools', dialect),
  vitest('tools-node22', dialect),
]);

/** Puts the tests, and what its runner needs, into a new folder. */
export function writeTest({ dialect, adapter, config }: Runner, folder: string): void {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    isolatedModules: true,
    strict: true,
    types: ['node'],
    experimentalDecorators: dialect === 'experimental',
  };
  const source = join(__dirname, 'runners');
  mkdirSync(folder, { recursive: true });
  for (const name of ['orders.test.ts', 'runner.d.ts']) cpSync(join(source, name), join(folder, name));
  cpSync(join(source, `${adapter}.js`), join(folder, 'runner.js'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  if (config !== undefined) writeFileSync(join(folder, config[0]), config[1]);
}
