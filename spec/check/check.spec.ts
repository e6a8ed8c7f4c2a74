import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'chai';

import { check, NothingCheckedError } from '../../lib/check';
import { functionsOf, resultOf } from '../../lib/check/check';
import { handlerKeyOf } from '../../lib/check/link';
import type { Handler } from '../../lib/check/model';
import { BatchProcessingError } from '../../lib/errors';
import { rejection } from '../support/promises';
import { kinesis, missing, ours, reporting, silent, sqs, unknown } from './support/model';

describe('check', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'check-'))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads templates, and what it finds can be compared in a spec', async () => {
    const template = path.join(folder, 'template.yaml');
    const resources = (types: string[]) => ({
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] }, FunctionResponseTypes: types },
      },
      Orders: {
        Type: 'AWS::SQS::Queue',
        Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::ImportValue': 'Letters' }, maxReceiveCount: 5 } },
      },
    });
    const checked = async (types: string[], hints = false) => {
      writeFileSync(template, JSON.stringify({ Resources: resources(types) }));
      return check({ templates: [template], load: false, hints });
    };

    const { mappings, findings, notes } = await checked(['ReportBatchItemFailures']);
    expect([findings, notes]).to.deep.equal([[], []]);
    expect(mappings).to.deep.equal([
      {
        mapping: 'Mapping',
        kind: 'sqs',
        file: template,
        line: 1,
        function: undefined,
        queue: 'Orders',
        handler: 'unknown',
      },
    ]);
    expect((await checked([], true)).findings.map(({ rule }) => rule)).to.deep.equal(['partial-response-off']);
  });

  it('rejects where there is nothing to check, or an option is wrong', async () => {
    const empty = path.join(folder, 'empty.yaml');
    writeFileSync(empty, 'Resources: {}');
    for (const templates of [[empty], [path.join(folder, 'nowhere.yaml')]]) {
      const error = await rejection(check({ templates }));
      expect(error).to.be.an.instanceOf(NothingCheckedError).and.an.instanceOf(BatchProcessingError);
    }
    expect(await rejection(check({ templates: 'template.yaml' as never }))).to.be.an.instanceOf(TypeError);
  });

  it('refuses what is said of a function that no mapping calls, and a folder that is none: it would change nothing', async () => {
    const template = path.join(folder, 'function.yaml');
    const Orders = { Type: 'AWS::Lambda::Function', Properties: {} };
    const Mapping = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Orders' } } };
    writeFileSync(template, JSON.stringify({ Resources: { Orders, Mapping } }));
    const refusal = (options: object) => rejection(check({ templates: [template], load: false, ...options }));

    for (const [name, said] of Object.entries({ handlers: 'built.js#handler', code: folder })) {
      expect(await refusal({ [name]: { Order: said } })).to.be.an.instanceOf(TypeError);
      expect(await refusal({ [name]: { Order: said } })).to.have.property(
        'message',
        `check: expected ${name} of functions that event source mappings call, received 'Order' (string); there are Orders.`,
      );
    }
    const nowhere = path.join(folder, 'nowhere');
    expect(await refusal({ code: { Orders: nowhere } })).to.have.property(
      'message',
      `check: expected code to be folders, received '${nowhere}' (string).`,
    );
    expect((await check({ templates: [template], load: false, code: { Orders: folder } })).mappings).to.have.length(1);
  });
});

describe('The result of a check', () => {
  const resultFor = (handler: Handler) =>
    resultOf([{ mappings: [sqs()] }], new Map([[handlerKeyOf(sqs().function!), handler]]), {}).mappings[0]!.handler;

  it('says in words what is known of each handler', () => {
    expect(resultFor(ours({ fifo: true }))).to.equal('SQS, fifo');
    expect(resultFor(ours({}, { source: 'KinesisDataStreams', order: 'key' }))).to.equal(
      'SQS; KinesisDataStreams, order: key',
    );
    expect(resultFor(reporting)).to.equal('its code reports batchItemFailures');
    expect(resultFor(silent)).to.equal('its code never reports batchItemFailures');
    expect(resultFor({ kind: 'foreign', reports: true, note: 'it threw' })).to.equal(
      'its code reports batchItemFailures; it threw',
    );
    expect(resultFor(missing)).to.equal('missing: index.js has no export handler');
    expect(resultFor(unknown)).to.equal('unknown');
    expect(resultFor({ kind: 'unknown', note: 'it is in a layer' })).to.equal('unknown; it is in a layer');
  });

  it('has each mapping once, whatever conditions there are, and what could not be looked at', () => {
    const infrastructures = [
      { mappings: [sqs(), kinesis({ id: 'ReadingsMapping' })], notes: ['the queue is elsewhere'] },
      { mappings: [sqs()] },
    ];
    const { mappings, notes } = resultOf(infrastructures, new Map(), {});
    expect(mappings.map(({ kind }) => kind)).to.deep.equal(['sqs', 'kinesis']);
    expect(notes).to.deep.equal(['the queue is elsewhere']);
  });

  it('has each mapping as it is with the defaults of parameters, which come first', () => {
    const [first, second] = ['Orders', 'Others'].map((id) => ({ mappings: [sqs({ queue: { id } })] }));
    expect(resultOf([first!, second!], new Map(), {}).mappings.map(({ queue }) => queue)).to.deep.equal(['Orders']);
  });

  it('is of the functions that were read', () => {
    const known = sqs();
    expect(functionsOf([{ mappings: [known, sqs({ function: undefined }), known] }])).to.deep.equal([known.function]);
  });
});
