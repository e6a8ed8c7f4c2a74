import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessor, BatchProcessorSync, observe, processPartialResponseSync } from '../../lib';
import { deadLetter } from '../../lib/dead-letter';
import { openTelemetry } from '../../lib/opentelemetry';
import { delayBy, exponentialBackoff } from '../../lib/retry-delay';
import { json, reader } from '../../lib/payload';
import { lambdaContext, reporting, sqsEvent, sqsRecord } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';
import { type WayOptions, ways } from '../support/ways';

const deadLetterNamed = 'nonRetryable to be made by deadLetter() of lambda-batch-handler/dead-letter';
const delayNamed = 'retryDelay to be made by exponentialBackoff() or delayBy() of lambda-batch-handler/retry-delay';
const observersNamed = 'observers to be an array of what observe() makes, or openTelemetry()';
const payloadNamed =
  'payload to be a payload reader, made by json(), reader() or another of lambda-batch-handler/payload';

/** What stands in the place of made values, and what the refusal says. */
const plain: [what: string, options: object, expected: string][] = [
  ['nonRetryable: { errors, deliverTo }', { nonRetryable: { errors: [Error], deliverTo: 'discard' } }, deadLetterNamed],
  ['nonRetryable: {}', { nonRetryable: {} }, `${deadLetterNamed}, received {} (object).`],
  ['nonRetryable: null', { nonRetryable: null }, `${deadLetterNamed}, received null (object).`],
  ["nonRetryable: 'discard'", { nonRetryable: 'discard' }, `${deadLetterNamed}, received 'discard' (string).`],
  ['a function for nonRetryable', { nonRetryable: () => undefined }, deadLetterNamed],
  ['what observe() makes for nonRetryable', { nonRetryable: observe({}) }, deadLetterNamed],
  ['retryDelay: { seconds }', { retryDelay: { seconds: () => 60 } }, delayNamed],
  ['retryDelay: { seconds: 60 }', { retryDelay: { seconds: 60 } }, `${delayNamed}, received { seconds: 60 } (object).`],
  ['retryDelay: 60', { retryDelay: 60 }, `${delayNamed}, received 60 (number).`],
  ['retryDelay: null', { retryDelay: null }, `${delayNamed}, received null (object).`],
  ['a function of seconds for retryDelay', { retryDelay: () => 60 }, delayNamed],
  ['what deadLetter() makes for retryDelay', { retryDelay: deadLetter({ deliverTo: 'discard' }) }, delayNamed],
  ['observers: [{ onBatchEnd() {} }]', { observers: [{ onBatchEnd: () => undefined }] }, observersNamed],
  ['observers: {}', { observers: {} }, `${observersNamed}, received {} (object).`],
  ['observers: [undefined]', { observers: [undefined] }, observersNamed],
  ["observers: ['observer']", { observers: ['observer'] }, observersNamed],
  ["observers: 'observer'", { observers: 'observer' }, observersNamed],
  ['observers: null', { observers: null }, `${observersNamed}, received null (object).`],
  ['what observe() makes, in no array', { observers: observe({}) }, observersNamed],
  ['one plain observer beside others', { observers: [observe({}), {}] }, observersNamed],
  ['what delayBy() makes for an observer', { observers: [delayBy(() => 60)] }, observersNamed],
  ['payload: () => 1', { payload: () => 1 }, `${payloadNamed}, received [Function: payload] (function).`],
  ['payload: {}', { payload: {} }, `${payloadNamed}, received {} (object).`],
];

for (const { title, respond } of ways) {
  describe(`Plain data in place of made values, in ${title}`, () => {
    for (const [what, options, expected] of plain) {
      it(`is refused before any record runs, by the name of the function that makes the value: ${what}`, async () => {
        const method = sinon.fake();
        const given = { logger: fakeLogger(), ...options } as unknown as WayOptions;
        const error = await rejection((async () => respond(sqsEvent('a'), method, given))());

        expect(error).to.be.an.instanceOf(TypeError);
        expect(error).to.have.property('message').that.includes(`: expected ${expected}`);
        sinon.assert.notCalled(method);
      });
    }

    it('is no longer there once it is made', async () => {
      const made = {
        logger: fakeLogger(),
        nonRetryable: deadLetter({ deliverTo: 'discard' }),
        observers: [observe({}), openTelemetry()],
        payload: reader((body: string | Uint8Array) => body),
      };
      const method = sinon.fake();
      expect(await respond(sqsEvent('a'), method, { ...made, retryDelay: delayBy(() => 60) })).to.deep.equal(
        reporting(),
      );
      const event = { Records: [sqsRecord('{}')] };
      const retryDelay = exponentialBackoff();
      expect(await respond(event, method, { ...made, retryDelay, payload: json() })).to.deep.equal(reporting());
      sinon.assert.calledTwice(method);
    });
  });
}

describe('Plain data in place of made values, in the sync API', () => {
  for (const [what, options, expected] of plain) {
    it(`is refused before any record runs: ${what}`, () => {
      const method = sinon.fake();
      const processor = new BatchProcessorSync('SQS');
      const given = { context: lambdaContext(), ...options } as never;

      expect(() => processPartialResponseSync(sqsEvent('a'), method, processor, given)).to.throw(
        TypeError,
        `expected ${expected}`,
      );
      sinon.assert.notCalled(method);
    });
  }
});

describe('A payload reader of a processor', () => {
  for (const Processor of [BatchProcessor, BatchProcessorSync]) {
    it(`is no plain function: ${Processor.name}`, () => {
      expect(() => new Processor('SQS', { payload: (() => 1) as never })).to.throw(
        TypeError,
        `${Processor.name}: expected ${payloadNamed}`,
      );
    });
  }
});
