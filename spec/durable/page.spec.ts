import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';

import { expect } from 'chai';
import sinon from 'sinon';
import ts from 'typescript';

import * as library from '../../lib';
import { sqsEvent } from '../../lib/testing';
import { root } from '../support/package';
import { onAwsRunner, playFunction } from './play';
import { type DurableFunction, sdk, toolsFolder } from './tools';

const page = readFileSync(join(root, 'docs/durable-functions.md'), 'utf8');
const samples = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
const [sample, inTests] = samples as [string, string];

const dialects = { experimentalDecorators: true, 'standard decorators': false };

/** What TypeScript says of each of some files beside this one, with AWS's SDK installed. */
function problemsOf(codes: readonly string[], experimentalDecorators: boolean): string[][] {
  const files = new Map(codes.map((code, index) => [join(__dirname, `page-${index}.ts`), code]));
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as object;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const packages = join(toolsFolder(), 'node_modules');
  const paths = {
    ...options.paths,
    'aws-lambda': [join(root, 'node_modules/@types/aws-lambda')],
    '@aws/*': [join(packages, '@aws/*')],
  };
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, experimentalDecorators, emitDecoratorMetadata: experimentalDecorators, paths },
    withFiles(ts.createCompilerHost(options), files),
  );
  return [...files.keys()].map((file) => {
    const source = program.getSourceFile(file);
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  });
}

/** As if there were these files as well. */
function withFiles(host: ts.CompilerHost, files: ReadonlyMap<string, string>): ts.CompilerHost {
  return {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile: (path, language) => {
      const code = files.get(path);
      return code === undefined ? host.getSourceFile(path, language) : ts.createSourceFile(path, code, language);
    },
  };
}

/** Runs the sample in a dialect, and gives what it exports. */
function run(experimentalDecorators: boolean): { readonly handler: DurableFunction } {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, experimentalDecorators };
  const { outputText } = ts.transpileModule(sample, { compilerOptions });
  const exported = {} as { readonly handler: DurableFunction };
  const modules: Readonly<Record<string, unknown>> = {
    'lambda-batch-handler': library,
    '@aws/durable-execution-sdk-js': sdk(),
  };
  const inside = vm.runInThisContext(`(require, exports) => { ${outputText} }`) as (...given: unknown[]) => void;
  inside((name: string) => modules[name], exported);
  return exported;
}

describe('The samples of docs/durable-functions.md', () => {
  onAwsRunner(true);
  afterEach(() => {
    sinon.restore();
  });

  for (const [dialect, isExperimental] of Object.entries(dialects)) {
    it(`compile with ${dialect}, against the types of AWS's SDK`, function () {
      this.timeout(240_000);
      const tested = inTests.replace(/await Local.*/s, 'export default async () => { $& }');
      const wrong = sample.replace('context: DurableContext)', 'context: string)');
      const [first, second, third] = problemsOf([sample, `${sample}\n${tested}`, wrong], isExperimental);
      expect(first).to.deep.equal([]);
      expect(second).to.deep.equal([]);
      expect(third!.join()).to.include('DurableContext').and.not.include('Cannot find module');
    });

    it(`charge and ship each order once with ${dialect}`, async () => {
      const log = sinon.stub(console, 'log');
      sinon.stub(console, 'error');
      const event = sqsEvent(['a', 'b']);
      const { status, answer } = await playFunction(run(isExperimental).handler, event);

      expect(status).to.equal('SUCCEEDED');
      expect(answer).to.deep.equal({ batchItemFailures: [] });
      expect(log.args.flat()).to.have.members(['shipped with the receipt of a', 'shipped with the receipt of b']);
    });
  }
});
