import path from 'node:path';

import { expect } from 'chai';

import type { CheckedMapping } from '../../lib/check/check';
import type { Finding } from '../../lib/check/findings';
import { reportOf } from '../../lib/check/report';

const mapping = (said: Partial<CheckedMapping> = {}): CheckedMapping => ({
  mapping: 'OrdersMapping',
  kind: 'sqs',
  file: 'template.yaml',
  line: 36,
  function: 'OrderHandler',
  queue: 'Orders',
  handler: 'SQS, fifo',
  ...said,
});

const finding = (said: Partial<Finding> = {}): Finding => ({
  rule: 'partial-response-off',
  severity: 'error',
  message: 'Lambda takes every answer for a success, and deletes what failed',
  fix: 'FunctionResponseTypes: [ReportBatchItemFailures]',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
  file: 'template.yaml',
  line: 36,
  resource: 'OrdersMapping',
  mapping: 'OrdersMapping',
  function: 'OrderHandler',
  queue: 'Orders',
  ...said,
});

const plain = { colours: false, width: 80 };

describe('The report of a check', () => {
  it('names what was checked where nothing was found', () => {
    expect(reportOf({ mappings: [mapping()], findings: [], notes: [] }, plain)).to.equal(
      'checked template.yaml:36  Orders -> OrderHandler (handler: SQS, fifo)\n1 event source mapping: 0 errors, 0 warnings',
    );
  });

  it('has the worst first, each with its place, what happens, and what to do', () => {
    const findings = [
      finding({ rule: 'max-receive-count-low', severity: 'hint' }),
      finding({ rule: 'dead-letter-retention', severity: 'warning', resource: 'DeadLetters', line: 7 }),
      finding(),
    ];
    expect(
      reportOf(
        { mappings: [mapping(), mapping({ line: undefined })], findings, notes: ['the queue is elsewhere'] },
        plain,
      ).split('\n'),
    ).to.deep.equal([
      'template.yaml:36  error  partial-response-off',
      '  Orders -> OrderHandler',
      '  Lambda takes every answer for a success, and deletes what failed.',
      '  fix: FunctionResponseTypes: [ReportBatchItemFailures]',
      '  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
      '',
      'template.yaml:7  warning  dead-letter-retention',
      '  DeadLetters, of Orders -> OrderHandler',
      '  Lambda takes every answer for a success, and deletes what failed.',
      '  fix: FunctionResponseTypes: [ReportBatchItemFailures]',
      '  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
      '',
      'template.yaml:36  hint  max-receive-count-low',
      '  Orders -> OrderHandler',
      '  Lambda takes every answer for a success, and deletes what failed.',
      '  fix: FunctionResponseTypes: [ReportBatchItemFailures]',
      '  https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
      '',
      'checked template.yaml:36  Orders -> OrderHandler (handler: SQS, fifo)',
      'checked template.yaml  Orders -> OrderHandler (handler: SQS, fifo)',
      'note: the queue is elsewhere',
      '2 event source mappings: 1 error, 1 warning, 1 hint',
    ]);
  });

  it('calls what is deployed by its name, and a function or a queue of elsewhere what it is', () => {
    const deployed = { file: undefined, line: undefined, mapping: 'a1b2', queue: undefined, function: undefined };
    expect(reportOf({ mappings: [mapping(deployed)], findings: [], notes: [] }, plain)).to.match(
      /^checked a1b2 {2}a1b2 -> a function of elsewhere \(handler: SQS, fifo\)\n/,
    );
  });

  it('shows a path from here where that is shorter', () => {
    const here = path.resolve('infra', 'template.yaml');
    const elsewhere = path.resolve('/', 't.yaml');
    const findings = [here, elsewhere].map((file) => finding({ file }));
    const places = reportOf({ mappings: [], findings, notes: [] }, plain).match(/^\S+(?= {2}error)/gm);
    expect(places).to.deep.equal([path.join('infra', 'template.yaml:36'), `${elsewhere}:36`]);
  });

  it('fits its width, and breaks no word', () => {
    const message = 'what always fails comes back until it expires '.repeat(5).trim();
    const long = 'x'.repeat(100);
    const lines = reportOf(
      { mappings: [], findings: [finding({ message, fix: `${long} and more` })], notes: [] },
      plain,
    ).split('\n');
    const tooLong = lines.filter((line) => line.length > 80);
    expect(tooLong.map((line) => line.trim())).to.deep.equal([long]);
    expect(lines.join(' ').replace(/\s+/g, ' ')).to.include(`${message}. fix: ${long} and more`);
  });

  it('has colours where they are wanted', () => {
    const coloured = reportOf({ mappings: [mapping()], findings: [finding()], notes: [] }, { ...plain, colours: true });
    expect(coloured).to.include('\u001b[31merror\u001b[39m');
    expect(reportOf({ mappings: [mapping()], findings: [finding()], notes: [] }, plain)).not.to.include('\u001b');
  });
});
