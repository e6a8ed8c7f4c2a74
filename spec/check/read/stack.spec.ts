import { expect } from 'chai';
import { join } from 'node:path';

import { keyOf } from '../../../lib/check/model';
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

  it('are not there where the condition of what nests them does not hold, whatever they are in', () => {
    const top = {
      Parameters: { Stage: { Default: 'dev' } },
      Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    };
    const handed = { TemplateURL: 'b.json', Parameters: { Window: { 'Fn::If': ['Prod', 1, 0] } } };
    const A = { Type: 'AWS::CloudFormation::Stack', Condition: 'Prod', Properties: handed };
    const mapping = { MaximumBatchingWindowInSeconds: { Ref: 'Window' } };
    const child = { Parameters: { Window: {} }, ...queueTemplate({ mapping }) };
    const around = { Parameters: { Window: {} }, Resources: { C: nested('c.json') } };
    const windows = (files: Files) =>
      readInfrastructure([join(write({ 'a.json': { ...top, Resources: { A } }, ...files }), 'a.json')]).map(
        ({ mappings }) => mappings.map(({ window }) => window),
      );

    expect(windows({ 'b.json': child })).to.deep.equal([[], [1]]);
    expect(windows({ 'b.json': around, 'c.json': queueTemplate({}) })).to.deep.equal([[], [0]]);
  });

  it('are told apart where one is nested twice', () => {
    const handed = (handler: string) => ({ TemplateURL: 'b.json', Parameters: { Which: handler } });
    const of = (handler: string) => ({ Type: 'AWS::CloudFormation::Stack', Properties: handed(handler) });
    const folder = write({
      'a.json': { Resources: { A: of('a.handler'), B: of('b.handler') } },
      'b.json': { Parameters: { Which: {} }, ...queueTemplate({ fn: { Handler: { Ref: 'Which' } } }) },
    });
    const [{ mappings } = { mappings: [] }] = readInfrastructure([join(folder, 'a.json')]);

    expect(mappings.map((mapping) => mapping.function!.code.handler)).to.deep.equal(['a.handler', 'b.handler']);
    expect(new Set(mappings.map(keyOf)).size).to.equal(2);
    expect(new Set(mappings.map((mapping) => keyOf(mapping.function!))).size).to.equal(2);
  });

  it('export nothing where they are not there', () => {
    const exporting = (Value: number) => ({ Resources: {}, Outputs: { A: { Value, Export: { Name: 'batch' } } } });
    const mapping = { BatchSize: { 'Fn::ImportValue': 'batch' } };
    const more = { B: nested('b.json'), C: { ...nested('c.json'), Condition: 'Never' } };
    const folder = write({
      'a.json': queueTemplate({ mapping, more }, { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }),
      'b.json': exporting(1),
      'c.json': exporting(2),
    });

    expect(readInfrastructure([join(folder, 'a.json')])[0]!.mappings[0]!.batchSize).to.equal(1);
  });

  it('are read as long as all have no more resources than a hundred stacks, where each has many of the next', () => {
    const level = (next: string) => ({
      Resources: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`N${at}`, nested(next)])),
    });
    const buckets = Array.from({ length: 999 }, (_, at) => [`B${at}`, { Type: 'AWS::S3::Bucket' }] as const);
    const Mapping = { Type: 'AWS::Lambda::EventSourceMapping' };
    const files = {
      '0.json': level('1.json'),
      '1.json': level('2.json'),
      '2.json': level('3.json'),
      '3.json': { Resources: { Mapping, ...Object.fromEntries(buckets) } },
    };

    expect(idsOf(files, '0.json').length).to.be.within(49, 51);
  });

  it('are refused where they cannot be read', () => {
    const files = { 'a.json': { Resources: { A: nested('b.json') } }, 'b.json': '{' };

    expect(() => idsOf(files, 'a.json')).to.throw(UnreadableError, 'b.json');
  });
});
