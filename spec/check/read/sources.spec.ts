import { expect } from 'chai';
import { join } from 'node:path';

import { readInfrastructure, UnreadableError } from '../../../lib/check/read';
import { type Files, folders, queueTemplate } from './files';

describe('Paths', () => {
  const write = folders();
  const stack = (templateFile: unknown) => ({ type: 'aws:cloudformation:stack', properties: { templateFile } });
  const filesOf = (files: Files, ...paths: string[]): (string | undefined)[] => {
    const folder = write(files);
    const [{ mappings } = { mappings: [] }] = readInfrastructure(paths.map((path) => join(folder, path)));
    return mappings.map(({ file }) => file?.slice(folder.length + 1));
  };

  it('lead to templates, each read once', () => {
    const files = { 'a.json': queueTemplate({}), 'b.json': queueTemplate({}) };

    expect(filesOf(files, 'a.json', 'b.json', './a.json')).to.deep.equal(['a.json', 'b.json']);
    expect(readInfrastructure([])).to.deep.equal([{ mappings: [] }]);
  });

  it('lead to a cloud assembly, with its stages', () => {
    const files = {
      'manifest.json': {
        artifacts: {
          A: stack('A.template.json'),
          Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
          Tree: { type: 'cdk:tree' },
          Odd: stack(1),
          Other: { type: 'cdk:cloud-assembly' },
        },
      },
      'A.template.json': queueTemplate({}),
      'assembly-Stage/manifest.json': {
        artifacts: {
          B: stack('B.template.json'),
          Self: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } },
        },
      },
      'assembly-Stage/B.template.json': queueTemplate({}),
    };

    expect(filesOf(files, '')).to.deep.equal(['A.template.json', 'assembly-Stage/B.template.json']);
    expect(filesOf(files, '', 'A.template.json')).to.have.length(2);
  });

  it('lead to what the Serverless Framework has compiled, and to nothing else of its folder', () => {
    const compiled = '.serverless/cloudformation-template-update-stack.json';
    const files = { [compiled]: queueTemplate({}), '.serverless/serverless-state.json': { service: {} } };

    expect(filesOf(files, '.serverless')).to.deep.equal([compiled]);
    expect(filesOf(files, ...Object.keys(files))).to.deep.equal([compiled]);
  });

  for (const [what, files, path, wrong] of [
    ['a folder that has neither', { 'a.json': '{}' }, '', 'has neither manifest.json nor cloudformation-template-'],
    ['a folder with a manifest that is none', { 'manifest.json': '{' }, '', 'manifest.json: expected JSON, as AWS CDK'],
    ['a folder whose template is gone', { 'manifest.json': { artifacts: { A: stack('A.json') } } }, '', 'ENOENT'],
    ['what is not there', {}, 'a.yaml', 'ENOENT'],
    [
      'assets that are none',
      { 'A.template.json': { Resources: {} }, 'A.assets.json': '' },
      'A.template.json',
      'A.assets',
    ],
  ] as const) {
    it(`are refused where they lead to ${what}`, () => {
      expect(() => filesOf(files, path)).to.throw(UnreadableError, wrong);
    });
  }
});
