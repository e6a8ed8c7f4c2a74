import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';

import avro from 'avsc';
import { expect } from 'chai';
import protobuf from 'protobufjs';
import ts from 'typescript';

import type { Reader } from '../../lib';
import * as payload from '../../lib/payload';

type Readers = Readonly<Record<string, Reader<Buffer, unknown>>>;

const page = readFileSync(join(__dirname, '../../docs/kafka.md'), 'utf8');
const requireHere = createRequire(__filename);

/** What the example of docs/kafka.md exports that uses a package. */
function exportsOf(name: string): Readers {
  const [, code] = [...page.matchAll(/```ts\n(.*?)```/gs)].find(([, block]) => block!.includes(`from '${name}'`))!;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, esModuleInterop: true, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(code!, { compilerOptions });
  const exported = {};
  const requireOf = (specifier: string): unknown =>
    specifier === 'lambda-batch-handler/payload' ? payload : requireHere(specifier);
  const run = vm.runInThisContext(`(require, exports) => { ${outputText} }`) as (...given: unknown[]) => void;
  run(requireOf, exported);
  return exported;
}

describe('The recipes of docs/kafka.md', () => {
  it('read Avro, as it stands and behind the five bytes of Confluent', () => {
    const type = avro.Type.forSchema({
      type: 'record',
      name: 'Reading',
      fields: [{ name: 'celsius', type: 'double' }],
    });
    const value = type.toBuffer({ celsius: 21.5 });
    const { avroReading, framedReading } = exportsOf('avsc');
    expect(avroReading!(value)).to.have.property('celsius', 21.5);
    expect(framedReading!(Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), value]))).to.have.property('celsius', 21.5);
  });

  it('read Protobuf, as it stands and behind the five bytes of Confluent and the index of the message', () => {
    const { root } = protobuf.parse('syntax = "proto3"; message Reading { double celsius = 1; }');
    const value = Buffer.from(root.lookupType('Reading').encode({ celsius: 21.5 }).finish());
    const { protobufReading, framedReading } = exportsOf('protobufjs');
    expect(protobufReading!(value)).to.deep.equal({ celsius: 21.5 });
    expect(framedReading!(Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 0]), value]))).to.deep.equal({ celsius: 21.5 });
  });
});
