import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { buildSync } from 'esbuild';
import { exec } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { functionOf, type Template } from './deployment';

/** A template as it is deployed, the file that it is of, and the folder of its built function. */
export interface Synthesised {
  readonly tool: 'SAM' | 'CDK';
  readonly name: string;
  readonly template: Template;
  readonly file: string;
  readonly code: string;
}

export const templates = join(__dirname, '../../samples/templates');

/** A folder for what is synthesised; it is gone when the process ends. */
export const work = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-batch-handler-templates-')));
process.once('exit', () => {
  rmSync(work, { recursive: true, force: true });
});

let all: Promise<readonly Synthesised[]> | undefined;

/** All templates of samples/templates by both tools, synthesised once a process. */
export function synthesiseAll(): Promise<readonly Synthesised[]> {
  const names = readdirSync(templates).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return (all ??= synthesiseCdk().then((cdk) => [...synthesiseSam(names), ...cdk]));
}

/** Puts SAM templates through CDK, and builds their functions as `sam build` does. */
function synthesiseSam(names: readonly string[]): Synthesised[] {
  const app = new App({ outdir: join(work, 'sam.out'), builtinCloudFormationValidation: false });
  for (const name of names) {
    new CfnInclude(new Stack(app, name), 'Template', { templateFile: join(templates, `${name}.yaml`) });
  }
  return synthesised('SAM', app.synth(), (template, { stackName }) => ({
    file: join(templates, `${stackName}.yaml`),
    code: samBuild(template, join(work, stackName)),
  }));
}

/** SAM hands the BuildProperties to esbuild, and adds these options. */
function samBuild(template: Template, outdir: string): string {
  const { Metadata, Properties } = functionOf(template);
  if (Metadata?.BuildMethod !== 'esbuild') throw new Error('Expected a function with BuildMethod: esbuild.');
  const properties = Object.entries(Metadata.BuildProperties);
  const options = properties.map(
    ([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value] as const,
  );
  const absWorkingDir = join(templates, Properties.CodeUri!);
  const asSam = { bundle: true, platform: 'node', format: 'cjs', absWorkingDir, outdir } as const;
  buildSync({ ...Object.fromEntries(options), ...asSam, logLevel: 'error' });
  return outdir;
}

/** Runs the CDK app as `cdk synth` does, with the command of its cdk.json. */
async function synthesiseCdk(): Promise<Synthesised[]> {
  const cwd = join(templates, 'cdk');
  const outdir = join(work, 'cdk.out');
  const { app } = JSON.parse(readFileSync(join(cwd, 'cdk.json'), 'utf8')) as { app: string };
  const own = { NODE_V8_COVERAGE: undefined, TS_NODE_PROJECT: undefined }; // the app has a tsconfig of its own
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', ...own };
  await promisify(exec)(app, { cwd, env });
  return synthesised('CDK', new CloudAssembly(outdir), (template, { templateFullPath: file }) => {
    const { S3Key: key } = functionOf(template).Properties.Code!;
    return { file, code: join(outdir, `asset.${key.replace(/\.zip$/, '')}`) };
  });
}

function synthesised(
  tool: Synthesised['tool'],
  { stacks }: CloudAssembly,
  placeOf: (template: Template, stack: CloudFormationStackArtifact) => Pick<Synthesised, 'file' | 'code'>,
): Synthesised[] {
  return stacks.map((stack) => {
    const template = stack.template as Template;
    return { tool, name: stack.stackName.replace(/^batch-/, ''), template, ...placeOf(template, stack) };
  });
}
