import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Template } from './deployment';

const validator = new CloudFormationValidatePlugin();

/** What the validator of aws-cdk-lib finds in each template; it reads them from files, in the folder `work`. */
export function findingsOf(all: readonly Template[], work: string): string[][] {
  const stackTemplates = all.map((template, index) => {
    const templatePath = join(work, `${index}.template.json`);
    writeFileSync(templatePath, JSON.stringify(template));
    return { stackConstructPath: `${index}`, templatePath, accountId: undefined, region: undefined };
  });
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  const { violations } = validator.validate({ templatePaths, stackTemplates, appConstruct: new App({ outdir: work }) });
  return templatePaths.map((path) =>
    violations
      .filter(({ violatingResources }) => violatingResources.some(({ templatePath }) => templatePath === path))
      .map(({ ruleName, description }) => `${ruleName}: ${description}`),
  );
}
