import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Span } from '@opentelemetry/api';
import { AwsLambdaInstrumentation } from '@opentelemetry/instrumentation-aws-lambda';
import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import type { BatchStart } from '../../lib';
import { openTelemetry, type OpenTelemetryOptions } from '../../lib/opentelemetry';
import { hasBatchSpan } from '../../lib/opentelemetry/lambda-instrumentation';
import { traceTree } from '../../samples/support/trace-tree';
import { kinesisEvent, lambdaContext, reporting, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Telemetry } from '../support/telemetry';
import { tracedRecord, xRayHeader } from '../support/traced';

type Handler = (event: never, context: Context) => unknown;

/** A function's file, whose handler the instrumentation wraps when Lambda loads it. */
const code = 'exports.handler = (event, context) => exports.run(event, context);';

const scope = '@opentelemetry/instrumentation-aws-lambda';
const sqs = { source: 'SQS', records: [sqsRecord('a')], context: undefined };
const span = (fields: object): Span => fields as Span;

describe('The instrumentation of AWS Lambda', () => {
  describe('as it is published', () => {
    let folder: string;
    let telemetry: Telemetry;
    let instrumentation: AwsLambdaInstrumentation;
    let load: () => { handler: Handler; run: Handler };

    // Instrumentations change `require` for good, and would keep other specs from taking packages away.
    const { require } = Module.prototype;
    after(() => {
      Module.prototype.require = require;
    });

    beforeEach(() => {
      let now = 1_767_225_600_000;
      sinon.stub(Date, 'now').callsFake(() => now++); // no two spans start at once
      telemetry = new Telemetry();
      telemetry.register();
      folder = mkdtempSync(join(tmpdir(), 'lambda-batch-handler-'));
      const file = join(folder, 'orders.js');
      writeFileSync(file, code);
      sinon.stub(process, 'env').value({ ...process.env, LAMBDA_TASK_ROOT: folder, _HANDLER: 'orders.handler' });
      instrumentation = new AwsLambdaInstrumentation();
      instrumentation.setTracerProvider(telemetry.tracerProvider);
      load = () => createRequire(__filename)(file) as ReturnType<typeof load>;
    });

    afterEach(async () => {
      instrumentation.disable();
      sinon.restore();
      rmSync(folder, { recursive: true });
      await telemetry.end();
    });

    const handle = ({ body }: { readonly body?: string }): void => {
      if (body === 'bad') throw new RangeError('not now');
    };

    /** Answers an event within the instrumentation, with an observer of those options. */
    const respond = async (source: 'SQS' | 'KinesisDataStreams', event: object, options: OpenTelemetryOptions = {}) => {
      const loaded = load();
      const logger = fakeLogger();
      loaded.run = handlerFor({ source, logger, observers: [openTelemetry(options)] } as never, handle as never);
      const answer = await loaded.handler(event as never, lambdaContext());
      sinon.assert.notCalled(logger.warn);
      return answer;
    };
    const messages = () => ({ Records: [tracedRecord('a', { xRayHeader }), sqsRecord('bad')] });
    const records = [
      'process orders (id-a, succeeded, linked to 53995c3f42cd8ad8)',
      'process orders (id-bad, failed, RangeError)',
    ];
    const itsOwn = 'process orders (2 messages, linked to 53995c3f42cd8ad8)';
    const { functionName } = lambdaContext();

    it('makes the span of an SQS batch, which is then the only one; those of records are beside it', async () => {
      expect(await respond('SQS', messages())).to.deep.equal(reporting('bad'));

      expect(traceTree(telemetry.spans)).to.deep.equal([
        functionName,
        `├─ ${itsOwn}`,
        `├─ ${records[0]!}`,
        `└─ ${records[1]!}`,
      ]);
      expect(telemetry.batch.instrumentationScope.name).to.equal(scope);
    });

    it('has the counts of the batch on its span of the invocation', async () => {
      await respond('SQS', messages());

      const invocation = telemetry.spans.find(({ name }) => name === functionName);
      expect(invocation?.attributes).to.include({
        'lambda_batch_handler.succeeded': 1,
        'lambda_batch_handler.failed': 1,
        'lambda_batch_handler.delivered': 0,
        'lambda_batch_handler.unprocessed': 0,
      });
    });

    it('does not keep a span of the batch from being made by those who ask for it', async () => {
      await respond('SQS', messages(), { batchSpan: true });

      expect(traceTree(telemetry.spans)).to.deep.equal([
        functionName,
        `├─ ${itsOwn}`,
        `└─ ${itsOwn}`,
        `   ├─ ${records[0]!}`,
        `   └─ ${records[1]!}`,
      ]);
    });

    it('makes none of a batch of a stream, which has that of openTelemetry()', async () => {
      const event = kinesisEvent('a');
      await respond('KinesisDataStreams', event);

      expect(traceTree(telemetry.spans)).to.deep.equal([
        functionName,
        '└─ process orders (1 messages)',
        `   └─ process orders (${event.Records[0]!.kinesis.sequenceNumber}, succeeded)`,
      ]);
    });
  });

  describe('is known to have made a span of the batch', () => {
    const pubsub = { 'faas.trigger': 'pubsub' };

    it('by the active span, of either major version of the SDK', () => {
      for (const name of ['instrumentationScope', 'instrumentationLibrary']) {
        expect(hasBatchSpan(span({ [name]: { name: scope }, attributes: pubsub }), sqs)).to.equal(true);
      }
    });

    for (const [what, active, batch] of [
      ['there is none', undefined, sqs],
      ['it is not sampled, and tells nothing', span({}), sqs],
      ['it has no trigger, as before 0.71', span({ instrumentationScope: { name: scope }, attributes: {} }), sqs],
      ['another made it', span({ instrumentationScope: { name: 'mine' }, attributes: pubsub }), sqs],
    ] as const) {
      it(`but not where ${what}`, () => {
        expect(hasBatchSpan(active, batch)).to.equal(false);
      });
    }

    for (const records of [[], [null], [{}], kinesisEvent('a').Records]) {
      it(`but not of a batch that is not of SQS: ${JSON.stringify(records).slice(0, 20)}`, () => {
        const batch: BatchStart = { source: 'SQS', records, context: undefined };
        const active = span({ instrumentationScope: { name: scope }, attributes: pubsub });
        expect(hasBatchSpan(active, batch)).to.equal(false);
      });
    }
  });
});
