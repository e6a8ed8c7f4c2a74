import { expect } from 'chai';
import { join } from 'node:path';

import type { CodePlace } from '../../../lib/check/model';
import { readInfrastructure } from '../../../lib/check/read';
import type { CodeOptions } from '../../../lib/check/read/places';
import { type Files, folders, queueTemplate } from './files';

describe('Where the code of a function is', () => {
  const write = folders();

  /** With paths from the folder of the files. */
  const placeOf = (files: Files, template = 'a.yaml', options: CodeOptions = {}): CodePlace | undefined => {
    const folder = write(files);
    const { mappings } = readInfrastructure([join(folder, template)], options)[0]!;
    const { place } = mappings[0]!.function!.code;
    return place?.kind === 'folder' ? { ...place, path: place.path.replace(folder, '.') } : place;
  };
  const sam = (properties: object, metadata?: object): object => ({
    Resources: {
      Handler: {
        Type: 'AWS::Serverless::Function',
        Metadata: metadata,
        Properties: {
          Handler: 'index.handler',
          Events: { A: { Type: 'SQS', Properties: { Queue: 'arn:aws:sqs:a:1:b' } } },
          ...properties,
        },
      },
    },
  });
  const folder = (path: string, isBuilt: boolean, isShared = false) => ({ kind: 'folder', path, isBuilt, isShared });

  it('is the folder of CodeUri, which is deployed as it is where it has scripts', () => {
    const CodeUri = 'src/';

    expect(placeOf({ 'a.yaml': sam({ CodeUri }), 'src/index.js': '' })).to.deep.equal(folder('./src/', true));
    expect(placeOf({ 'a.yaml': sam({ CodeUri }), 'src/other.mjs': '' })).to.deep.equal(folder('./src/', true));
  });

  it('is sources where they are built: by sam, or of TypeScript, or where there is nothing yet', () => {
    const CodeUri = 'src';

    for (const files of [
      { 'a.yaml': sam({ CodeUri }, { BuildMethod: 'esbuild' }), 'src/index.js': '' },
      { 'a.yaml': sam({ CodeUri }), 'src/index.ts': '' },
      { 'a.yaml': sam({ CodeUri }), 'src/index.ts': '', 'src/jest.config.js': '' },
      { 'a.yaml': sam({ CodeUri, Handler: 'dist/index.handler' }), 'src/index.js': '' },
    ] as Files[]) {
      expect(placeOf(files)).to.deep.equal(folder('./src', false));
    }
  });

  it('is the folder of the template where SAM has no CodeUri', () => {
    expect(placeOf({ 'a.yaml': sam({}), 'index.js': '' })).to.deep.equal(folder('.', true));
    expect(placeOf({ 'a.yaml': sam({ Handler: undefined }) })).to.equal(undefined);
  });

  it('is not known where it is elsewhere, or not there', () => {
    for (const CodeUri of [
      's3://bucket/key',
      { Bucket: 'a', Key: 'b' },
      'missing',
      'a.yaml',
      'a\0b',
      'x'.repeat(300),
    ]) {
      expect(placeOf({ 'a.yaml': sam({ CodeUri }) })).to.equal(undefined);
    }
  });

  it('is the folder of Code, before it is packaged', () => {
    const files = (fn: object) => ({ 'a.json': queueTemplate({ fn }), 'dist/index.js': '' });

    expect(placeOf(files({ Code: './dist' }), 'a.json')).to.deep.equal(folder('./dist', true));
    expect(placeOf(files({ Code: { S3Bucket: 'a', S3Key: 'b' } }), 'a.json')).to.equal(undefined);
    expect(placeOf(files({}), 'a.json')).to.equal(undefined);
  });

  it('is in the template where it is written there', () => {
    const text = 'exports.handler = async () => ({ batchItemFailures: [] })';

    expect(placeOf({ 'a.json': queueTemplate({ fn: { Code: { ZipFile: text } } }) }, 'a.json')).to.deep.equal({
      kind: 'inline',
      text,
    });
    expect(placeOf({ 'a.yaml': sam({ InlineCode: text }) })).to.deep.equal({ kind: 'inline', text });
    const put = { 'Fn::Sub': `${text} // \${AWS::Region}` };
    expect(placeOf({ 'a.yaml': sam({ InlineCode: put }) })).to.deep.equal({ kind: 'inline', text: `${text} // ` });
    expect(placeOf({ 'a.yaml': sam({ InlineCode: { Ref: 'Code' } }) })).to.equal(undefined);
    expect(placeOf({ 'a.json': queueTemplate({ fn: { Code: { Ref: 'Code' } } }) }, 'a.json')).to.equal(undefined);
  });

  it('is what sam build has made', () => {
    const built = {
      '.aws-sam/build/template.yaml': sam({ CodeUri: 'Handler' }),
      '.aws-sam/build/Handler/index.js': '',
    };
    const source = sam({ CodeUri: 'src' }, { BuildMethod: 'esbuild' });
    const files = { 'a.yaml': source, 'src/index.ts': '', ...built };
    const built2 = '.aws-sam/build/template.yaml';

    expect(placeOf(files)).to.deep.equal(folder('./.aws-sam/build/Handler', true));
    expect(placeOf(files, built2)).to.deep.equal(folder('./.aws-sam/build/Handler', true));
  });

  it('is where it was before where sam build has made nothing of it', () => {
    const source = sam({ CodeUri: 'src' }, { BuildMethod: 'esbuild' });
    const files = { 'a.yaml': source, 'src/index.ts': '' };

    for (const [build, at] of [
      [{ Resources: { Other: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: 'Other' } } } }, 'src'],
      [sam({ CodeUri: 'Handler' }), 'src'],
      [sam({ CodeUri: {} }), 'src'],
    ] as const) {
      expect(placeOf({ ...files, '.aws-sam/build/template.yaml': build })).to.deep.equal(folder(`./${at}`, false));
    }
  });

  it('is an asset of CDK, by its metadata or by the file beside the template', () => {
    const Code = { S3Bucket: 'a', S3Key: 'abc.zip' };
    const fn = queueTemplate({
      more: {
        Handler: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code, Handler: 'index.handler' },
          Metadata: { 'aws:asset:path': 'asset.abc' },
        },
      },
    });
    const assets = {
      version: '1',
      files: {
        nothing: {},
        abc: {
          source: { path: 'asset.abc', packaging: 'zip' },
          destinations: { a: { bucketName: 'b', objectKey: 'abc.zip' }, b: {} },
        },
      },
    };

    for (const files of [
      { 'A.template.json': fn, 'asset.abc/index.js': '' },
      { 'A.template.json': queueTemplate({ fn: { Code } }), 'A.assets.json': assets, 'asset.abc/index.js': '' },
    ] as Files[]) {
      expect(placeOf(files, 'A.template.json')).to.deep.equal(folder('./asset.abc', true));
    }
    expect(placeOf({ 'A.template.json': fn, 'asset.abc': 'an archive' }, 'A.template.json')).to.equal(undefined);
  });

  it('is the folder of the service, of which the Serverless Framework makes an archive', () => {
    const Code = { S3Bucket: 'a', S3Key: 'serverless/a/dev/a.zip' };
    const template = '.serverless/cloudformation-template-update-stack.json';
    const files = { [template]: queueTemplate({ fn: { Code, Handler: 'src/index.handler' } }) };

    expect(placeOf({ ...files, 'src/index.js': '' }, template)).to.deep.equal(folder('.', true));
    expect(placeOf({ ...files, 'src/index.ts': '' }, template)).to.deep.equal(folder('.', false));
    expect(placeOf({ ...files, 'src/other.js': '' }, template)).to.equal(undefined);
    expect(placeOf({ ...files }, template)).to.equal(undefined);
  });

  it('is where the user says that it is', () => {
    const files = { 'a.yaml': sam({ CodeUri: 'src' }), 'src/index.ts': '' };
    const code = new Map([['Handler', 'dist']]);
    const handlers = new Map([['Handler', 'out/index.js#handler']]);

    expect(placeOf(files, 'a.yaml', { code })).to.deep.equal(folder('dist', false)); // maybe of sources
    expect(placeOf(files, 'a.yaml', { handlers })).to.deep.equal(folder('out', true));
    expect(placeOf(files, 'a.yaml', { code, handlers })).to.deep.equal(folder('dist', false));
    expect(placeOf(files, 'a.yaml', { code: new Map([['Other', 'dist']]) })).to.deep.equal(folder('./src', false));
  });

  it('is shared where other functions have theirs there or in it', () => {
    const other = (CodeUri: string) => {
      const template = sam({ CodeUri: 'src' }) as { Resources: object };
      const Other = { Type: 'AWS::Serverless::Function', Properties: { CodeUri, Handler: 'other.handler' } };
      return {
        'a.yaml': { Resources: { ...template.Resources, Other } },
        'src/index.js': '',
        'src/other/other.js': '',
      };
    };

    expect(placeOf(other('src'))).to.deep.equal(folder('./src', true, true));
    expect(placeOf(other('src/other'))).to.deep.equal(folder('./src', true, true));
    expect(placeOf(other('.'))).to.deep.equal(folder('./src', true, false));
  });
});
