import { expect } from 'chai';
import { readdirSync } from 'node:fs';

import { loadSample, type Sample } from '../../samples/support/load';
import { collectOutput } from '../../samples/support/output';
import { runSample } from '../../samples/support/run-sample';
import { type Deployment, deploymentOf, type Template } from './deployment';
import { handlerFaultsOf, loadHandler } from './handler';
import { allRules, faultsOf, rulesFor } from './rules';
import { type Synthesised, synthesiseAll, templates, work } from './synthesise';
import { findingsOf } from './validate';

/** The templates, and the samples that are their functions. */
const samples = {
  sqs: 'sqs',
  'sqs-fifo': 'fifo-skip-group',
  kinesis: 'kinesis-by-key',
  dynamodb: 'dynamodb',
  'kafka-msk': 'kafka',
  'kafka-self-managed': 'kafka',
  pipe: 'pipes',
} as const;
const names = Object.keys(samples) as (keyof typeof samples)[];

describe('Templates', function () {
  this.timeout(120_000); // Two processes load aws-cdk-lib, and build every function

  let synthesised: readonly Synthesised[];

  before(async () => {
    synthesised = await synthesiseAll();
  });

  it('are all looked at', () => {
    const files = readdirSync(templates).filter((file) => file.endsWith('.yaml'));

    expect(files).to.have.members(names.map((name) => `${name}.yaml`));
    expect(synthesised.filter(({ tool }) => tool === 'CDK').map(({ name }) => name)).to.have.members(names);
  });

  it('are valid to the validator of aws-cdk-lib', () => {
    const findings = findingsOf(
      synthesised.map(({ template }) => template),
      work,
    );

    expect(findings).to.deep.equal(synthesised.map(() => []));
  });

  for (const tool of ['SAM', 'CDK'] as const) {
    for (const name of names) {
      describe(`for ${name} with ${tool}`, () => {
        const current = (): Synthesised => synthesised.find((each) => each.tool === tool && each.name === name)!;

        it('keep every rule', () => {
          expect(faultsOf(current().template)).to.deep.equal([]);
        });

        it('have a handler that takes an event and a context', () => {
          expect(handlerFaultsOf(current())).to.deep.equal([]);
        });

        it('have a handler that answers the event of its sample', async () => {
          const sample = { ...loadSample(samples[name]), handler: loadHandler(current()) as Sample['handler'] };

          const { result } = await collectOutput(() => runSample(sample));

          expect(result.answer).to.deep.equal(sample.expected);
        });
      });
    }
  }

  describe('do not pass', () => {
    for (const rule of allRules) {
      it(`where ${rule.fault}`, () => {
        const concerned = synthesised.filter(({ template }) => rulesFor(deploymentOf(template)).includes(rule));

        const broken = concerned.map((one) => changed(one, (deployment) => rule.breach(deployment)));

        expect(concerned).not.to.deep.equal([]);
        for (const { template } of broken) expect(faultsOf(template)).to.include(rule.fault);
      });
    }

    for (const [what, change] of [
      [
        'a property has a typing error',
        ({ deadLetters }) => Object.assign(deadLetters!.properties, { FifoQeue: true }),
      ],
      ['a reference points nowhere', ({ fn }) => (fn.Role = { 'Fn::GetAtt': ['Nobody', 'Arn'] })],
    ] as [string, (deployment: Deployment) => void][]) {
      it(`where ${what}`, () => {
        const broken = synthesised.map((one) => changed(one, change).template);

        for (const findings of findingsOf(broken, work)) expect(findings).not.to.deep.equal([]);
      });
    }

    for (const [fault, rename] of [
      ['the file of the handler does not exist', (handler) => `missing-${handler}`],
      ['the handler is not an exported function of two parameters', (handler) => `${handler}s`],
    ] as [string, (handler: string) => string][]) {
      it(`where ${fault}`, () => {
        for (const one of synthesised) {
          const renamed = changed(one, ({ fn }) => (fn.Handler = rename(fn.Handler)));

          expect(handlerFaultsOf(renamed)).to.deep.equal([fault]);
        }
      });
    }
  });
});

/** A copy of a template in which the deployment was changed. */
function changed(synthesised: Synthesised, change: (deployment: Deployment) => void): Synthesised {
  const template: Template = structuredClone(synthesised.template);
  change(deploymentOf(template));
  return { ...synthesised, template };
}
