import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { expect } from 'chai';
import { buildSync } from 'esbuild';

const root = path.join(__dirname, '../..');

/** What spec/support/metadata-program.cjs prints. */
interface Result {
  readonly shared: Record<'byFirst' | 'bySecond' | 'byReflect', readonly unknown[]>;
  readonly nest: object;
  readonly inversify: object;
  readonly options: unknown;
  readonly answer: unknown;
}

/** The library in one file, with the lite build that it imports: as in a function that also has another copy. */
function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(root, 'lib/index.ts')],
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@aws-sdk/*', '@opentelemetry/*'],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

describe('reflect-metadata, as the library loads it', () => {
  let library: string;
  before(() => {
    library = bundle();
  });

  /** What comes of these, loaded in this order in a process of their own. */
  const resultOf = (...order: string[]): Result => {
    const program = path.join(root, 'spec/support/metadata-program.cjs');
    const printed = execFileSync(process.execPath, [program, ...order], {
      cwd: root,
      input: library,
      encoding: 'utf8',
    });
    return JSON.parse(printed) as Result;
  };

  it('is the lite build', () => {
    expect(library).to.include('reflect-metadata/ReflectLite.js').and.not.include('reflect-metadata/Reflect.js');
  });

  const used: Omit<Result, 'shared'> = {
    nest: { onEntry: ['above', 'below'], onPrototype: ['above', 'below'], onClass: 'orders' },
    inversify: {
      tagged: { 0: 'Repository' },
      paramtypes: true,
      isOwn: true,
      ofMethod: 1,
      ofSubclass: false,
    },
    options: 3,
    answer: { batchItemFailures: [{ itemIdentifier: 'bad' }] },
  };
  const everything = ['early', 'early', 'late', 'late', 'by first', 'by second', true];

  it('is enough on its own for what frameworks do', () => {
    const { shared, ...others } = resultOf('library');
    expect(shared.byReflect).to.deep.equal(everything);
    expect(others).to.deep.equal(used);
  });

  for (const other of [
    'reflect-metadata',
    'reflect-metadata-0.1.13',
    'reflect-metadata-0.1.14',
    'reflect-metadata/lite',
  ]) {
    for (const order of [
      ['library', other],
      [other, 'library'],
    ]) {
      it(`shares its state where ${order.join(' is loaded before ')}`, () => {
        const { shared, ...others } = resultOf(...order);

        expect(shared.byReflect, 'what is read by Reflect').to.deep.equal(everything);
        expect(shared.bySecond, 'what is read by the second').to.deep.equal(everything);
        expect(shared.byFirst, 'what is read by the first').to.deep.equal(everything);
        expect(others).to.deep.equal(used);
      });
    }
  }
});
