import { expect } from 'chai';

import { open } from '../../../lib/check/model';
import { each, queueTemplate, templates } from './files';

describe('Conditions', () => {
  const read = templates();

  /** The pairs of what a queue and a mapping have, in all worlds, where conditions choose between 1 and 0. */
  const worldsOf = (Conditions: object, queue: string, mapping: string, Parameters: object = {}): string[] => {
    const value = (condition: string) => ({ 'Fn::If': [condition, 1, 0] });
    const template = read(
      queueTemplate(
        { queue: { VisibilityTimeout: value(queue) }, mapping: { MaximumBatchingWindowInSeconds: value(mapping) } },
        { Conditions, Parameters },
      ),
    );
    return each(template, (one) => `${String(one.queue!.visibilityTimeout)} ${String(one.window)}`).sort();
  };
  const stage = (text: string) => ({ 'Fn::Equals': [{ Ref: 'Stage' }, text] });
  const region = (text: string) => ({ 'Fn::Equals': [text, { Ref: 'AWS::Region' }] });

  it('are gone through one by one, and together', () => {
    expect(worldsOf({ A: stage('a'), B: region('b') }, 'A', 'A')).to.deep.equal(['0 0', '1 1']);
    expect(worldsOf({ A: stage('a'), B: region('b') }, 'A', 'B')).to.deep.equal(['0 0', '0 1', '1 0', '1 1']);
  });

  it('are the same where they compare the same', () => {
    expect(worldsOf({ A: stage('a'), B: { 'Fn::Equals': ['a', { Ref: 'Stage' }] } }, 'A', 'B')).to.deep.equal([
      '0 0',
      '1 1',
    ]);
  });

  it('cannot both hold where one value would be two, of a parameter or of anything else', () => {
    expect(worldsOf({ A: stage('a'), B: stage('b') }, 'A', 'B', { Stage: {} })).to.deep.equal(['0 0', '0 1', '1 0']);
    expect(worldsOf({ A: region('a'), B: region('b') }, 'A', 'B')).to.deep.equal(['0 0', '0 1', '1 0']);
  });

  it('compare a parameter with its values alone, where it has a list of them', () => {
    const Stage = { AllowedValues: ['a', 'b'] };

    expect(worldsOf({ A: stage('a'), B: stage('b') }, 'A', 'B', { Stage })).to.deep.equal(['0 1', '1 0']);
    expect(worldsOf({ A: stage('c') }, 'A', 'A', { Stage })).to.deep.equal(['0 0']);
    expect(worldsOf({ A: stage('a') }, 'A', 'A', { Stage: { AllowedValues: [{}] } })).to.deep.equal(['0 0', '1 1']);
  });

  it('compare a parameter with one of its values for all that differ in nothing, so that many go through', () => {
    const many = Array.from({ length: 8 }, (_, at) => `${at}`);
    const Parameters = Object.fromEntries(
      ['A', 'B', 'C', 'D'].map((name) => [name, { Default: '0', AllowedValues: many }]),
    );
    const is = (name: string, value: string) => ({ 'Fn::Equals': [{ Ref: name }, value] });
    for (const value of many.slice(1)) {
      const both = { 'Fn::And': [is('C', value), is('D', '5')] };
      const seen = { 'Fn::Or': [is('A', '7'), is('B', '7')] };
      expect(worldsOf({ A: seen, B: both }, 'A', 'B', Parameters)).to.deep.equal(['0 0', '0 1', '1 0', '1 1']);
    }
    expect(worldsOf({ A: is('A', '0') }, 'A', 'A', Parameters)).to.deep.equal(['0 0', '1 1']);
  });

  it('compare a parameter with its default first, and then with what else it may be', () => {
    const worlds = (Default: string) => {
      const queue = { VisibilityTimeout: { 'Fn::If': ['A', 1, 0] }, MessageRetentionPeriod: { Ref: 'Stage' } };
      const template = read(
        queueTemplate({ queue }, { Conditions: { A: stage('7') }, Parameters: { Stage: { Default } } }),
      );
      return each(template, (one) => [one.queue!.visibilityTimeout, one.queue!.retention]);
    };

    expect(worlds('8')).to.deep.equal([
      [0, 8],
      [1, 7],
    ]);
    expect(worlds('7')).to.deep.equal([
      [1, 7],
      [0, open],
    ]);
  });

  it('compare a parameter with the keys of the maps that it is looked up in', () => {
    const template = read(
      queueTemplate(
        { queue: { VisibilityTimeout: { 'Fn::FindInMap': ['Stages', { Ref: 'Stage' }, 'Timeout'] } } },
        {
          Parameters: { Stage: { Default: 'a' } },
          Mappings: { Stages: { a: { Timeout: 1 }, b: { Timeout: 2 } } },
        },
      ),
    );

    expect(each(template, ({ queue }) => queue!.visibilityTimeout)).to.have.members([1, 2, open]);
  });

  it('know what literals are', () => {
    expect(worldsOf({ A: { 'Fn::Equals': ['a', 'a'] }, B: { 'Fn::Equals': [true, 'false'] } }, 'A', 'B')).to.deep.equal(
      ['1 0'],
    );
  });

  it('know what And, Or, Not and Condition make of others', () => {
    const A = stage('a');
    const Parameters = { Stage: { AllowedValues: ['a', 'b'] } };
    const worlds = (B: object) => worldsOf({ A, B }, 'A', 'B', Parameters);

    expect(worlds({ Condition: 'A' })).to.deep.equal(['0 0', '1 1']);
    expect(worlds({ 'Fn::Not': [{ Condition: 'A' }] })).to.deep.equal(['0 1', '1 0']);
    expect(worlds({ 'Fn::And': [{ Condition: 'A' }, stage('b')] })).to.deep.equal(['0 0', '1 0']);
    expect(worlds({ 'Fn::Or': [{ Condition: 'A' }, stage('b')] })).to.deep.equal(['0 1', '1 1']);
  });

  it('compare what is not known with what is not known', () => {
    const Parameters = { A: {}, B: {} };
    const equal = (...sides: object[]) => ({ 'Fn::Equals': sides });

    expect(worldsOf({ A: equal({ Ref: 'A' }, { Ref: 'A' }) }, 'A', 'A', Parameters)).to.deep.equal(['1 1']);
    expect(
      worldsOf({ A: equal({ Ref: 'A' }, { Ref: 'B' }), B: equal({ Ref: 'B' }, { Ref: 'A' }) }, 'A', 'B', Parameters),
    ).to.deep.equal(['0 0', '1 1']);
  });

  it('may hold or not where nothing can be made of them', () => {
    for (const A of [{ 'Fn::Contains': [['a'], 'b'] }, {}, 'text', { 'Fn::Equals': 'text' }, { 'Fn::Equals': [{}] }]) {
      expect(worldsOf({ A }, 'A', 'A').length).to.be.within(1, 2);
    }
    const nothing = { Ref: 'AWS::NoValue' };
    expect(worldsOf({ A: { 'Fn::Equals': [nothing, 'a'] } }, 'A', 'A')).to.deep.equal(['0 0', '1 1']);
    expect(worldsOf({}, 'Nowhere', 'Nowhere')).to.deep.equal(['0 0', '1 1']);
    expect(worldsOf({}, {} as never, {} as never)).to.deep.equal(['0 0', '1 1']);
    expect(worldsOf({ A: { Condition: 'B' }, B: { Condition: 'A' } }, 'A', 'A')).to.deep.equal(['0 0', '1 1']);
  });

  it('leave out resources that they are of', () => {
    const conditional = { Type: 'AWS::SQS::Queue', Condition: 'A' };
    const redrive = { deadLetterTargetArn: { 'Fn::GetAtt': 'Dead.Arn' }, maxReceiveCount: 5 };
    const template = read(
      queueTemplate(
        { queue: { RedrivePolicy: redrive }, more: { Dead: conditional } },
        { Conditions: { A: stage('a') }, Parameters: { Stage: { AllowedValues: ['a', 'b'] } } },
      ),
    );

    expect(each(template, ({ queue }) => queue!.redrive !== open && queue!.redrive!.deadLetterQueue?.id)).to.deep.equal(
      ['Dead', undefined],
    );
  });

  it('are not gone through where nothing that is read depends on them', () => {
    const Conditions = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`C${at}`, stage(`${at}`)]));
    const more = { Bucket: { Type: 'AWS::S3::Bucket', Condition: 'C1' } };

    expect(read(queueTemplate({ more }, { Conditions })).worlds).to.have.length(1);
  });

  it('of which there are too many are each seen both ways', () => {
    const names = Array.from({ length: 20 }, (_, at) => `C${at}`);
    const Conditions = Object.fromEntries(names.map((name) => [name, { 'Fn::Equals': [{ Ref: name }, 'a'] }]));
    const Parameters = Object.fromEntries(names.map((name) => [name, { Default: 'b' }]));
    const Variables = Object.fromEntries(names.map((name) => [name, { 'Fn::If': [name, 'yes', 'no'] }]));

    const template = read(queueTemplate({ fn: { Environment: { Variables } } }, { Conditions, Parameters }));

    expect(template.worlds).to.have.length(64);
    expect(template.worlds[0]!.notes).to.deep.equal([
      'the conditions of the templates can be combined in more ways than the 64 that were checked',
    ]);
    for (const name of names) {
      const values = each(template, (mapping) => mapping.function!.code.environment[name]);
      expect(values).to.have.members(['yes', 'no']);
    }
  });
});
