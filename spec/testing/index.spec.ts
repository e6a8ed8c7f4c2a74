import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';

import * as kit from '../../lib/testing';

const library = path.join(__dirname, '../../lib');

/** What a file and those that it imports have from elsewhere. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(file)) return found;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, name] of source.matchAll(/(?:from|import|require\(|createRequire\(__filename\)\() ?'([^'\s]+)'/g)) {
    if (!name!.startsWith('.')) found.add(name!);
    else for (const inner of importsOf(fileOf(path.join(path.dirname(file), name!)), seen)) found.add(inner);
  }
  return found;
}

const fileOf = (module: string): string =>
  existsSync(`${module}.ts`) ? `${module}.ts` : path.join(module, 'index.ts');

describe('The test kit', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(kit).sort()).to.deep.equal([
      'SimulatedSqs',
      'dynamodbEvent',
      'formatTimeline',
      'interpretResponse',
      'kafkaEvent',
      'kinesisEvent',
      'lambdaContext',
      'pipesEvent',
      'settingsOf',
      'simulateKafka',
      'simulateQueue',
      'simulateStream',
      'sqsEvent',
    ]);
  });

  it('has a function under each name, of that name', () => {
    for (const [name, value] of Object.entries(kit)) expect(value).to.be.a('function').with.property('name', name);
  });

  it('imports nothing of a test framework, and nothing but types, a clock, a reader of YAML, and the marshaller of AWS where it is there', () => {
    expect([...importsOf(path.join(library, 'testing/index.ts'))].sort()).to.deep.equal([
      '@aws-sdk/util-dynamodb',
      '@sinonjs/fake-timers',
      '@standard-schema/spec', // types only
      'aws-lambda',
      'node:async_hooks',
      'node:crypto',
      'node:diagnostics_channel',
      'node:fs',
      'node:module',
      'node:path',
      'node:util',
      'yaml',
    ]);
  });

  it('is not imported by the library, so that no function carries it', () => {
    const imported = importsOf(path.join(library, 'index.ts'));

    expect(imported).to.include('reflect-metadata/lite').and.not.to.include.members(['@sinonjs/fake-timers', 'yaml']);
  });
});
