import { expect } from 'chai';
import { join } from 'node:path';

import { readTemplate } from '../../../lib/check/read/document';
import { UnreadableError } from '../../../lib/check/read';
import { folders } from './files';

describe('readTemplate', () => {
  const write = folders();
  const read = (text: string, isStack?: boolean) => readTemplate(join(write({ 'a.yaml': text }), 'a.yaml'), isStack);

  it('reads YAML and JSON, whatever the file is called', () => {
    for (const text of ['Resources: { A: { Type: B } }', '\uFEFF{ "Resources": { "A": { "Type": "B" } } }']) {
      expect(read(text).body).to.deep.equal({ Resources: { A: { Type: 'B' } } });
    }
  });

  it('reads YAML that looks like JSON', () => {
    expect(read('{ Resources: {} }').body).to.deep.equal({ Resources: {} });
  });

  it('reads the template of a stack of CDK that has no resources', () => {
    expect(read('{ "Parameters": {} }', true).body).to.deep.equal({ Parameters: {} });
  });

  for (const [what, text, wrong] of [
    ['an empty file', '', 'it is empty'],
    ['a list', '- a', 'it is no object'],
    ['a text', 'a', 'it is no object'],
    ['what has no Resources', 'a: 1', 'it has no Resources'],
    ['Resources that are a list', 'Resources: [a]', 'it has no Resources'],
    ['JSON that breaks off', '{ "Resources": {', 'it cannot be read: '],
    ['JSON with a key twice', '{ "Resources": {}, "Resources": {} }', 'the key "Resources" is there twice'],
    ['YAML with a key twice', 'Resources: {}\nResources: {}', 'the key "Resources" is there twice, at line 2 again'],
    [
      'JSON above that which lacks a comma',
      `{ "Resources": { "A": {} "B": {} }, "x": "${'x'.repeat(1_048_576)}" }`,
      "it cannot be read: Expected ',' or '}' after property value in JSON at position 25",
    ],
    ['YAML above what CloudFormation takes', `Resources: {} # ${'x'.repeat(1_048_576)}`, 'it is larger than the 1 MB'],
  ] as const) {
    it(`refuses ${what}, and says which file, what it should be and why`, () => {
      expect(() => read(text))
        .to.throw(UnreadableError, wrong)
        .with.property('message')
        .that.matches(/a\.yaml: expected a template of AWS SAM or CloudFormation, but /);
    });
  }

  it('refuses what is not there, and keeps the cause', () => {
    expect(() => readTemplate(join(write({}), 'missing.yaml')))
      .to.throw(UnreadableError, 'it cannot be opened (ENOENT')
      .with.property('cause')
      .that.has.property('code', 'ENOENT');
  });
});
