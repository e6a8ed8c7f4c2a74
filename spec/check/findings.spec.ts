import { expect } from 'chai';

import { findingsOf, handlerOf } from '../../lib/check/findings';
import { handlerKeyOf } from '../../lib/check/link';
import type { Handler, Mapping } from '../../lib/check/model';
import { deadLetters, oursFor, redrive, sqs } from './support/model';

const wanted = { ignore: [], hints: false };
const withOurs = (...mappings: Mapping[]) =>
  new Map<string, Handler>(mappings.map((mapping) => [handlerKeyOf(mapping.function!), oursFor(mapping)]));
const idsOf = (findings: readonly { rule: string }[]) => findings.map(({ rule }) => rule);

describe('findingsOf', () => {
  const unreported = sqs({ responseTypes: [] });

  it('finds nothing where nothing is wrong', () => {
    expect(findingsOf([{ mappings: [sqs()] }], withOurs(sqs()), wanted)).to.deep.equal([]);
  });

  it('says what is wrong, where, and of what', () => {
    expect(findingsOf([{ mappings: [unreported] }], withOurs(unreported), wanted)).to.deep.equal([
      {
        rule: 'partial-response-off',
        severity: 'error',
        message:
          'FunctionResponseTypes has no ReportBatchItemFailures: Lambda takes every answer for a success, and deletes what failed',
        fix: 'FunctionResponseTypes: [ReportBatchItemFailures]',
        source:
          'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting',
        file: 'template.yaml',
        line: 1,
        resource: 'OrdersMapping',
        mapping: 'OrdersMapping',
        function: 'OrderHandler',
        queue: 'Orders',
      },
    ]);
  });

  it('tells a mapping of those of the same source, also of functions that were not read, and of no others', () => {
    const other = sqs({ id: 'Other', function: { id: 'OtherHandler' } });
    const elsewhere = { ...other, sourceKey: 'template.yaml#Others' };
    const found = (mappings: Mapping[], others?: Mapping[]) =>
      findingsOf([{ mappings, others }], new Map(), wanted).map(({ rule, mapping }) => `${rule} ${mapping}`);

    expect(found([sqs(), elsewhere])).to.deep.equal([]);
    expect(found([sqs()], [other])).to.deep.equal(['competing-mappings OrdersMapping']);
    expect(found([sqs(), other])).to.deep.equal(['competing-mappings OrdersMapping', 'competing-mappings Other']);
  });

  it('leads to what is to be mended, if that is not the mapping', () => {
    const mapping = sqs({ queue: { line: 7, redrive: undefined, file: 'queues.yaml' } });
    const [finding] = findingsOf([{ mappings: [mapping] }], withOurs(mapping), wanted);
    expect(finding).to.include({ rule: 'no-dead-letter-queue', file: 'queues.yaml', line: 7, resource: 'Orders' });
    expect(finding).to.include({ mapping: 'OrdersMapping' });
  });

  it('says once what is wrong under several choices of conditions, and of a resource that several mappings share', () => {
    const other = sqs({ id: 'Other', queue: { redrive: undefined }, sourceKey: undefined });
    const mappings = [sqs({ queue: { redrive: undefined } }), other];
    const found = findingsOf([{ mappings }, { mappings }], withOurs(...mappings), wanted);
    expect(found.map(({ rule, mapping }) => [rule, mapping])).to.deep.equal([
      ['no-dead-letter-queue', 'OrdersMapping'],
    ]);
  });

  it('says twice what is wrong in two ways', () => {
    const [short, long] = [20, 25].map((visibilityTimeout) => ({ mappings: [sqs({ queue: { visibilityTimeout } })] }));
    expect(idsOf(findingsOf([short!, long!], new Map(), wanted))).to.deep.equal([
      'visibility-below-timeout',
      'visibility-below-timeout',
    ]);
  });

  it('keeps hints for those who want them', () => {
    const mapping = sqs({ queue: { redrive: redrive({ maxReceiveCount: 3 }) } });
    const found = (hints: boolean) =>
      idsOf(findingsOf([{ mappings: [mapping] }], withOurs(mapping), { ignore: [], hints }));
    expect(found(false)).to.deep.equal([]);
    expect(found(true)).to.deep.equal(['max-receive-count-low']);
  });

  for (const [who, mapping] of [
    ['the mapping', sqs({ responseTypes: [], ignored: ['partial-response-off'] })],
    ['its function', sqs({ responseTypes: [], function: { ignored: ['partial-response-off'] } })],
    ['its queue', sqs({ responseTypes: [], queue: { ignored: ['partial-response-off'] } })],
  ] as const) {
    it(`does not ask a rule that ${who} ignores, and asks all others`, () => {
      const both = { ...mapping, window: 5, batchSize: 11, queue: { ...mapping.queue!, isFifo: true } };
      expect(idsOf(findingsOf([{ mappings: [mapping] }], withOurs(mapping), wanted))).to.deep.equal([]);
      expect(idsOf(findingsOf([{ mappings: [both] }], withOurs(both), wanted))).to.include('batch-too-large');
    });
  }

  it('does not ask a rule that what is to be mended ignores', () => {
    const short = (ignored: string[]) =>
      sqs({ queue: { redrive: redrive({ deadLetterQueue: deadLetters({ retention: 60, ignored }) }) } });
    const found = (ignored: string[]) => idsOf(findingsOf([{ mappings: [short(ignored)] }], new Map(), wanted));
    expect(found([])).to.deep.equal(['dead-letter-retention']);
    expect(found(['dead-letter-retention'])).to.deep.equal([]);
  });

  it('does not ask a rule that is not wanted', () => {
    const ignore = ['partial-response-off'];
    expect(findingsOf([{ mappings: [unreported] }], withOurs(unreported), { ignore, hints: true })).to.not.deep.include(
      {
        rule: 'partial-response-off',
      },
    );
    expect(idsOf(findingsOf([{ mappings: [unreported] }], withOurs(unreported), { ...wanted, ignore }))).to.deep.equal(
      [],
    );
  });
});

describe('handlerOf', () => {
  it('is unknown where the function, or what was linked, is not known', () => {
    expect(handlerOf(sqs({ function: undefined }), withOurs(sqs()))).to.deep.equal({ kind: 'unknown' });
    expect(handlerOf(sqs(), new Map())).to.deep.equal({ kind: 'unknown' });
    expect(handlerOf(sqs(), withOurs(sqs()))).to.include({ kind: 'ours' });
  });
});
