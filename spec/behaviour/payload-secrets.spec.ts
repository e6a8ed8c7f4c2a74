import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import { Logger } from '@aws-lambda-powertools/logger';
import { type as ark } from 'arktype';
import { expect } from 'chai';
import sinon from 'sinon';
import * as v from 'valibot';
import { z } from 'zod';

import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  type FullBatchFailureError,
  type ParsingError,
  processPartialResponse,
  type Reader,
} from '../../lib';
import {
  base64,
  bytes,
  cloudWatchLogs,
  eventBridge,
  gunzip,
  json,
  reader,
  s3Event,
  sns,
  text,
} from '../../lib/payload';
import { lambdaContext, sqsEvent } from '../support/events';
import { readingHandlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { secret } from '../support/payload';
import { rejection } from '../support/promises';
import { schemaOf, shown } from '../support/readers';

const context = lambdaContext();

/** Schemas whose issues quote what they were given. */
const schemas = {
  zod: z.object({ a: z.string().refine(() => false, { error: ({ input }) => `not ${String(input)}` }) }),
  valibot: v.object({ a: v.number() }),
  arktype: ark({ a: "'b'" }),
  'async zod': z.object({ a: z.string().refine(async () => false, { error: ({ input }) => `not ${String(input)}` }) }),
};
const body = JSON.stringify({ a: secret });
const zipped = gzipSync(secret).toString('base64');

/** Readers, and bodies that hold the secret and cannot be read. */
const unreadable: Record<string, [reader: Reader<string, unknown>, body: string]> = {
  'what JSON.parse quotes': [json(), `{"a": ${secret}}`],
  'a short text that is no JSON': [json(), secret],
  ...Object.fromEntries(
    Object.entries(schemas).map(([library, schema]) => [`what ${library} quotes`, [json(schema), body]]),
  ),
  'what a schema throws': [
    json(
      schemaOf((value) => {
        throw new TypeError(inspect(value), { cause: value });
      }),
    ),
    body,
  ],
  'what a transformation throws': [json(z.unknown().transform((value) => JSON.parse(inspect(value)) as unknown)), body],
  'what a reader of a user throws': [
    reader((raw: string) => {
      throw Object.assign(new Error(raw, { cause: raw }), { raw });
    }),
    body,
  ],
  'what a reader of a user rejects with': [reader(async (raw: string) => Promise.reject(new Error(raw))), body],
  'what no base64 is': [base64(text()), `${secret}!`],
  'what no gzip is': [base64(gunzip(bytes())), Buffer.from(secret).toString('base64')],
  'what is too large': [base64(gunzip(text(), { maxBytes: 1 })), zipped],
  'what is no CloudWatch data': [base64(cloudWatchLogs()), zipped],
  'what is in an envelope': [sns(json()), JSON.stringify({ Type: 'Notification', Message: secret })],
  'what is in no envelope': [eventBridge(json()), body],
  'what is no S3 event': [s3Event(), body],
};

describe('No secret of a payload is shown', () => {
  afterEach(() => {
    sinon.restore();
  });

  for (const [library, schema] of Object.entries(schemas)) {
    it(`though the issues of ${library} hold one`, async () => {
      const handler = readingHandlerFor(
        { source: 'SQS', logger: fakeLogger(), payload: json(schema) },
        () => undefined,
      );
      const { recordErrors } = (await rejection(handler(sqsEvent(body), context))) as FullBatchFailureError;
      const { issues, message } = recordErrors[0] as ParsingError;
      expect(message).to.equal('The payload does not fit its schema at a.');
      expect(issues?.map((issue) => issue.message).join()).to.include(secret);
    });
  }

  for (const [what, [payload, unread]] of Object.entries(unreadable)) {
    it(`by a decorated method: ${what}`, async () => {
      const logger = fakeLogger();
      const method = sinon.fake();
      const handler = readingHandlerFor({ source: 'SQS', logger, payload }, method);
      const event = sqsEvent(unread);
      event.Records[0]!.messageId = 'id';
      const failure = (await rejection(handler(event, context))) as FullBatchFailureError;

      sinon.assert.notCalled(method);
      sinon.assert.calledOnceWithMatch(logger.error, sinon.match(/^Record id failed/), { name: 'ParsingError' });
      for (const value of [logger.error.firstCall.args, failure, ...failure.recordErrors]) {
        expect(shown(value)).not.to.include(secret);
      }
    });

    it(`by a processor: ${what}`, async () => {
      const logger = fakeLogger();
      const processor = new BatchProcessor(EventType.SQS, { payload });
      const hook = sinon.spy(processor, 'failureHandler');
      const { Records } = sqsEvent(unread, unread);
      Records.forEach((record, index) => (record.messageId = `id-${index}`));
      const options = { logger, throwOnFullBatchFailure: false };
      const answer = await processPartialResponse({ Records }, sinon.fake(), processor, options);

      expect(answer.batchItemFailures).to.have.length(2);
      sinon.assert.calledTwice(logger.error);
      const [, told] = hook.firstCall.returnValue;
      for (const value of [logger.error.args.flat(), told, hook.firstCall.args[1], ...processor.errors]) {
        expect(shown(value)).not.to.include(secret);
      }
    });
  }

  it('by the Logger of Powertools, nor by the console', async () => {
    const lines: unknown[] = [];
    process.env.POWERTOOLS_DEV = 'true'; // it writes to the console that is stubbed here
    sinon.stub(console, 'error').callsFake((...line: unknown[]) => lines.push(...line));
    try {
      for (const logger of [new Logger(), console]) {
        const handler = readingHandlerFor({ source: 'SQS', logger, payload: json(schemas.valibot) }, () => undefined);
        const event = sqsEvent(body);
        event.Records[0]!.messageId = 'id';
        await rejection(handler(event, context));
      }
    } finally {
      delete process.env.POWERTOOLS_DEV;
    }
    expect(lines).to.have.length(3);
    expect(lines.map(shown).join()).to.include('ParsingError').and.not.to.include(secret);
  });
});

describe('A sync processor', () => {
  it('takes a schema of each library, and tells of none of their issues', async () => {
    for (const schema of [schemas.valibot, schemas.arktype]) {
      const processor = new BatchProcessorSync(EventType.SQS, { payload: json(schema) });
      processor.register(sqsEvent(body).Records, () => undefined, { throwOnFullBatchFailure: false });
      expect(shown(processor.processSync().map(([, told]) => told))).not.to.include(secret);
      expect(processor.errors[0]).to.have.property('message', 'The payload does not fit its schema at a.');
    }
  });
});
