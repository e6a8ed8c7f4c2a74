import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

import type { Infrastructure } from '../../../lib/check/model';
import { readInfrastructure, UnreadableError } from '../../../lib/check/read';
import { synthesiseAll, type Synthesised } from '../../templates/synthesise';
import { folders, queueTemplate } from './files';

/** Values as a template says them: literals, and intrinsic functions of two parameters, a map and a condition. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 0, max: 900 }).map(String),
  fc.constantFrom<object>(
    { Ref: 'Number' },
    { Ref: 'Nothing' },
    { Ref: 'AWS::NoValue' },
    { 'Fn::If': ['Prod', 300, { Ref: 'Number' }] },
    { 'Fn::FindInMap': ['Stages', { Ref: 'Stage' }, 'Timeout'] },
    { 'Fn::Join': ['', ['1', { Ref: 'Number' }]] },
    { 'Fn::Sub': '${Number}0' },
    { 'Fn::Sub': ['${Digit}0', { Digit: { Ref: 'Number' } }] },
    { 'Fn::Select': [1, [10, 20]] },
    { 'Fn::ImportValue': 'number' },
  ),
);
const attribute = (id: string) =>
  fc.constantFrom<object>(
    { 'Fn::GetAtt': `${id}.Arn` },
    { 'Fn::GetAtt': [id, 'Arn'] },
    { 'Fn::Sub': `\${${id}.Arn}` },
    { 'Fn::Sub': `arn:aws:sqs:\${AWS::Region}:\${AWS::AccountId}:\${${id}.QueueName}` },
  );
const responseTypes = fc.constantFrom<unknown>(['ReportBatchItemFailures'], [], {
  'Fn::If': ['Prod', ['ReportBatchItemFailures'], { Ref: 'AWS::NoValue' }],
});
const template = fc
  .record({
    visibility: number,
    retention: number,
    receives: number,
    timeout: number,
    batch: number,
    source: attribute('Orders'),
    dead: attribute('Dead'),
    responses: responseTypes,
    condition: fc.constantFrom<object>({}, { Condition: 'Prod' }),
  })
  .map(({ visibility, retention, receives, timeout, batch, source, dead, responses, condition }) => ({
    Parameters: { Number: { Type: 'Number', Default: 7 }, Stage: { Type: 'String', Default: 'dev' }, Nothing: {} },
    Mappings: { Stages: { dev: { Timeout: 5 }, prod: { Timeout: 50 } } },
    Conditions: { Prod: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] }] } },
    Resources: {
      Dead: { Type: 'AWS::SQS::Queue', ...condition, Properties: { MessageRetentionPeriod: retention } },
      Orders: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: visibility,
          RedrivePolicy: { deadLetterTargetArn: dead, maxReceiveCount: receives },
        },
      },
      Handler: {
        Type: 'AWS::Serverless::Function',
        Properties: {
          Timeout: timeout,
          Events: {
            Orders: { Type: 'SQS', Properties: { Queue: source, BatchSize: batch, FunctionResponseTypes: responses } },
          },
        },
      },
    },
  }));

/** YAML in which every function that has one is in its short form. */
function shortYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shortYaml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  const [[name, argument] = []] = members;
  const short = /^(?:Fn::)?(Ref|GetAtt|Sub|If|FindInMap|Join|Select|ImportValue|Not|Equals)$/.exec(name ?? '')?.[1];
  if (members.length === 1 && short !== undefined) return `!${short} ${shortYaml(argument)}`;
  return `{ ${members.map(([key, each]) => `${JSON.stringify(key)}: ${shortYaml(each)}`).join(', ')} }`;
}

/** All but the lines, and the path of the template. */
const withoutPlaces = (worlds: readonly Infrastructure[], file: string): unknown =>
  JSON.parse(
    JSON.stringify(worlds, (name, value: unknown) =>
      name === 'line' || name === 'file' ? undefined : typeof value === 'symbol' ? String(value) : value,
    ).replaceAll(JSON.stringify(file).slice(1, -1), ''),
  );

describe('readInfrastructure', function () {
  const write = folders();

  it('gives the same for a template in YAML of short forms, of long ones, and in JSON', () => {
    fc.assert(
      fc.property(template, (value) => {
        const folder = write({ 'short.yaml': shortYaml(value), 'long.yaml': stringify(value), 'a.json': value });
        const [short, long, json] = ['short.yaml', 'long.yaml', 'a.json'].map((name) => {
          const file = join(folder, name);
          return withoutPlaces(readInfrastructure([file]), file);
        });

        expect(json).to.be.an('array').that.has.length.above(0);
        expect(short).to.deep.equal(json);
        expect(long).to.deep.equal(json);
      }),
      { numRuns: 50 },
    );
  });

  it('says what only CloudFormation knows of the resources', () => {
    const loop = { 'Fn::ForEach::Queues': ['Name', ['A'], { 'Queue${Name}': { Type: 'AWS::SQS::Queue' } }] };
    const file = join(write({ 'a.json': { Resources: { ...loop, 'Fn::Transform': { Name: 'Mine' } } } }), 'a.json');

    const gives = 'check what aws cloudformation get-template --template-stage Processed gives';
    expect(readInfrastructure([file])[0]!.notes).to.deep.equal([
      `what Fn::ForEach::Queues adds to ${file} was not checked: ${gives}`,
      `what Fn::Transform adds to ${file} was not checked: ${gives}`,
    ]);
  });

  it('tells no two conditions apart in a template that has none', () => {
    const folder = write({ 'a.yaml': 'Resources: {}' });

    expect(readInfrastructure([join(folder, 'a.yaml')])).to.deep.equal([{ mappings: [] }]);
  });

  it('refuses conditions of conditions without end', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => [`C${at}`, { Condition: `C${at + 1}` }] as const);
    const Mapping = { Type: 'AWS::Lambda::EventSourceMapping', Condition: 'C0' };
    const folder = write({ 'a.json': { Conditions: Object.fromEntries(names), Resources: { Mapping } } });

    expect(() => readInfrastructure([join(folder, 'a.json')])).to.throw(UnreadableError, 'a.json: expected templates');
  });

  it('does not take every error of ranges for that', () => {
    const folder = write({ 'a.json': { Resources: { Handler: { Type: 'AWS::Lambda::Function' } } } });
    const code = new Map<string, string>();
    code.get = () => {
      throw new RangeError('Invalid array length');
    };

    expect(() => readInfrastructure([join(folder, 'a.json')], { code })).to.throw(RangeError, 'Invalid array length');
  });

  it('goes through fewer choices of what has more resources, and at least through two', () => {
    const names = Array.from({ length: 6 }, (_, at) => `C${at}`);
    const worldsOf = (count: number) => {
      const buckets = Array.from({ length: count }, (_, at) => [`B${at}`, { Type: 'AWS::S3::Bucket' }] as const);
      const Conditions = Object.fromEntries(names.map((name) => [name, { 'Fn::Equals': [{ Ref: name }, 'a'] }]));
      const Variables = Object.fromEntries(names.map((name) => [name, { 'Fn::If': [name, 'yes', 'no'] }]));
      const fn = { Environment: { Variables } };
      const template = queueTemplate({ fn, more: Object.fromEntries(buckets) }, { Conditions });
      return readInfrastructure([join(write({ 'a.json': template }), 'a.json')]);
    };

    expect([10, 497, 15_000].map((count) => worldsOf(count).length)).to.deep.equal([64, 32, 2]);
  });

  describe('of the templates of this project', function () {
    this.timeout(120_000); // a process loads aws-cdk-lib, and builds every function

    let all: readonly Synthesised[];

    before(async () => {
      all = await synthesiseAll();
    });

    /** What both deployments of a source say. */
    const expected = {
      sqs: { kind: 'sqs', timeout: 30, source: [180, 345_600, false, 3], deadLetters: [1_209_600, false] },
      'sqs-fifo': { kind: 'sqs', timeout: 30, source: [180, 345_600, true, 3], deadLetters: [1_209_600, true] },
      kinesis: { kind: 'kinesis', timeout: 30, source: [86_400], deadLetters: [1_209_600, false] },
      dynamodb: { kind: 'dynamodb', timeout: 30, source: [86_400], deadLetters: [1_209_600, false] },
      'kafka-msk': { kind: 'kafka', timeout: 30, source: [], deadLetters: [1_209_600, false] },
      'kafka-self-managed': { kind: 'kafka', timeout: 30, source: [], deadLetters: [1_209_600, false] },
    };
    const names = Object.keys(expected) as (keyof typeof expected)[];

    const summaryOf = ({ mappings: [mapping] }: Infrastructure) => {
      const { kind, function: fn, queue, stream, onFailure } = mapping!;
      const redrive = typeof queue?.redrive === 'object' ? queue.redrive : undefined;
      const dead = redrive?.deadLetterQueue ?? (typeof onFailure === 'object' ? onFailure.queue : undefined);
      return {
        kind,
        timeout: fn?.timeout,
        source: queue
          ? [queue.visibilityTimeout, queue.retention, queue.isFifo, redrive?.maxReceiveCount]
          : stream
            ? [stream.retention]
            : [],
        deadLetters: [dead?.retention, dead?.isFifo],
      };
    };
    const fileOf = (tool: string, name: string) => all.find((each) => each.tool === tool && each.name === name)!.file;

    for (const tool of ['SAM', 'CDK'] as const) {
      for (const name of names) {
        it(`says what the one for ${name} with ${tool} says`, () => {
          const worlds = readInfrastructure([fileOf(tool, name)]);
          const [{ mappings } = { mappings: [] }] = worlds;

          expect(worlds).to.have.length(1);
          expect(mappings).to.have.length(1);
          expect(summaryOf(worlds[0]!)).to.deep.equal(expected[name]);
          expect(mappings[0]!.responseTypes).to.deep.equal(['ReportBatchItemFailures']);
          expect(mappings[0]!.line).to.be.above(1);
          const { grants, code } = mappings[0]!.function!;
          expect(grants).to.be.an('array').that.is.not.empty;
          expect(code.place).to.include({ kind: 'folder', isBuilt: tool === 'CDK', isShared: false });
          if (mappings[0]!.kind !== 'sqs') {
            expect(mappings[0]).to.include({ bisects: true, maximumRetryAttempts: 2, maximumRecordAge: 3_600 });
          }
        });
      }
    }

    it('reads all stacks of the app at once, with the code of each, whose paths are not in the templates', () => {
      const [{ mappings } = { mappings: [] }] = readInfrastructure([dirname(fileOf('CDK', 'sqs'))]);

      expect(mappings).to.have.length(names.length);
      for (const { function: fn } of mappings) {
        const { place, handler } = fn!.code;
        expect(handler).to.equal('index.handler');
        expect(place!.kind === 'folder' && readdirSync(place!.path)).to.include('index.js');
      }
    });

    it('finds no mapping where a pipe invokes the function', () => {
      expect(readInfrastructure([fileOf('SAM', 'pipe')])).to.deep.equal([{ mappings: [] }]);
      expect(readInfrastructure([fileOf('CDK', 'pipe')])).to.deep.equal([{ mappings: [] }]);
    });
  });
});
