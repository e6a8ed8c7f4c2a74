import { expect } from 'chai';
import { join } from 'node:path';

import { readInfrastructure, UnreadableError } from '../../../lib/check/read';
import { type Files, folders, queueTemplate } from './files';

describe('Nested stacks', () => {
  const write = folders();
  const nested = (TemplateURL: unknown, metadata?: object) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL },
    Metadata: metadata,
  });
  const idsOf = (files: Files, ...paths: string[]): string[] => {
    const folder = write(files);
    const [{ mappings } = { mappings: [] }] = readInfrastructure(paths.map((path) => join(folder, path)));
    return mappings.map(({ file, id }) => `${file!.slice(folder.length + 1)}#${id}`);
  };

  it('are read with the stack that they are in, and not again by themselves', () => {
    const files = { 'a.json': { Resources: { A: nested('b/c.json') } }, 'b/c.json': queueTemplate({}) };

    expect(idsOf(files, 'a.json')).to.deep.equal(['b/c.json#Mapping']);
    expect(idsOf(files, 'a.json', 'b/c.json')).to.deep.equal(['b/c.json#Mapping']);
    expect(idsOf(files, 'b/c.json', 'a.json')).to.deep.equal(['b/c.json#Mapping']);
  });

  it('are read as CDK has them: by their metadata, or by the assets of the stack that they are in', () => {
    const url = { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::Region' }, '/bucket/abc.json']] };
    const files = {
      'A.template.json': { Resources: { A: nested(url) } },
      'ANested.nested.template.json': queueTemplate({}),
    };
    const assets = {
      files: {
        abc: { source: { path: 'ANested.nested.template.json' }, destinations: { a: { objectKey: 'abc.json' } } },
      },
    };
    const metadata = nested(url, { 'aws:asset:path': 'ANested.nested.template.json' });

    expect(idsOf(files, 'A.template.json')).to.deep.equal([]);
    expect(idsOf({ ...files, 'A.assets.json': assets }, 'A.template.json')).to.have.length(1);
    expect(idsOf({ ...files, 'A.template.json': { Resources: { A: metadata } } }, 'A.template.json')).to.have.length(1);
  });

  it('are left where they are elsewhere', () => {
    for (const url of ['https://s3.amazonaws.com/a/b.json', 'missing.json', { Ref: 'Url' }, undefined, '.']) {
      expect(idsOf({ 'a.json': queueTemplate({ more: { A: nested(url) } }) }, 'a.json')).to.have.length(1);
    }
    const application = { Type: 'AWS::Serverless::Application', Properties: { Location: { ApplicationId: 'a' } } };
    expect(idsOf({ 'a.json': queueTemplate({ more: { A: application } }) }, 'a.json')).to.have.length(1);
  });

  it('are found by an absolute path', () => {
    const folder = write({ 'b.json': queueTemplate({}) });

    expect(idsOf({ 'a.json': { Resources: { A: nested(join(folder, 'b.json')) } } }, 'a.json')).to.have.length(1);
  });

  it('are not read within themselves', () => {
    const files = {
      'a.json': queueTemplate({ more: { A: nested('a.json'), B: nested('b.json') } }),
      'b.json': queueTemplate({ more: { A: nested('a.json') } }),
    };

    expect(idsOf(files, 'a.json')).to.deep.equal(['a.json#Mapping', 'b.json#Mapping']);
  });

  it('are read no more often than an account has stacks, where each has many of the next', () => {
    const level = (next: string) => ({
      Resources: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`N${at}`, nested(next)])),
    });
    const files = {
      '0.json': level('1.json'),
      '1.json': level('2.json'),
      '2.json': level('3.json'),
      '3.json': level('4.json'),
      '4.json': { Resources: { Mapping: { Type: 'AWS::Lambda::EventSourceMapping' } } },
    };

    expect(idsOf(files, '0.json').length).to.be.within(1_000, 2_000);
  });

  it('are refused where they cannot be read', () => {
    const files = { 'a.json': { Resources: { A: nested('b.json') } }, 'b.json': '{' };

    expect(() => idsOf(files, 'a.json')).to.throw(UnreadableError, 'b.json');
  });
});
