import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { buildSync } from 'esbuild';
import { exec } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { functionOf, type Template } from './deployment';

/** A template as it is deployed, and the folder of its built function. */
export interface Synthesised {
  readonly template: Template;
  readonly code: string;
}

export const templates = join(__dirname, '../../samples/templates');

/** Puts SAM templates through CDK, and builds their functions as `sam build` does, all in the folder `work`. */
export function synthesiseSam(names: readonly string[], work: string): Map<string, Synthesised> {
  const app = new App({ outdir: join(work, 'sam.out'), builtinCloudFormationValidation: false });
  for (const name of names) {
    new CfnInclude(new Stack(app, name), 'Template', { templateFile: join(templates, `${name}.yaml`) });
  }
  return synthesised(app.synth(), (template, name) => samBuild(template, join(work, name)));
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
  buildSync({ ...Object.fromEntries(options), bundle: true, platform: 'node', format: 'cjs', absWorkingDir, outdir });
  return outdir;
}

/** Runs the CDK app as `cdk synth` does, with the command of its cdk.json, in the folder `work`. */
export async function synthesiseCdk(work: string): Promise<Map<string, Synthesised>> {
  const cwd = join(templates, 'cdk');
  const outdir = join(work, 'cdk.out');
  const { app } = JSON.parse(readFileSync(join(cwd, 'cdk.json'), 'utf8')) as { app: string };
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', NODE_V8_COVERAGE: undefined };
  await promisify(exec)(app, { cwd, env });
  return synthesised(new CloudAssembly(outdir), (template) => {
    const { S3Key: key } = functionOf(template).Properties.Code!;
    return join(outdir, `asset.${key.replace(/\.zip$/, '')}`);
  });
}

function synthesised(
  { stacks }: CloudAssembly,
  codeOf: (template: Template, name: string) => string,
): Map<string, Synthesised> {
  return new Map(
    stacks.map((stack) => {
      const name = stack.stackName.replace(/^batch-/, '');
      const template = stack.template as Template;
      return [name, { template, code: codeOf(template, name) }];
    }),
  );
}
