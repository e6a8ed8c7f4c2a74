import * as api from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AWSXRayLambdaPropagator } from '@opentelemetry/propagator-aws-xray-lambda';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';
import { expect } from 'chai';
import sinon from 'sinon';

import { producerOf } from '../../lib/opentelemetry/producer';
import { dynamodbRecord, kinesisRecord, sqsRecord } from '../support/events';
import { kafkaRecord } from '../support/kafka';
import { tracedRecord, traceparent, xRayHeader } from '../support/traced';

const w3c = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1, isRemote: true };
const xRay = { traceId: '5759e988bd862e3fe1be46a994272793', spanId: '53995c3f42cd8ad8', traceFlags: 1, isRemote: true };
const sender: api.SpanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

/** A record of Kafka with these headers, whose bytes are signed, as Lambda has them. */
const headed = (headers: Readonly<Record<string, string>>) =>
  kafkaRecord('orders-0@1', {
    headers: Object.entries(headers).map(([name, text]) => ({ [name]: [...new Int8Array(Buffer.from(text))] })),
  });

/** A message, and a record of Kafka, with what a propagator has put there, for a sender with baggage. */
function sentBy(propagator: api.TextMapPropagator, rename = (name: string) => name) {
  const baggage = api.propagation.createBaggage({ tenant: { value: 'blue' } });
  const context = api.propagation.setBaggage(api.trace.setSpanContext(api.ROOT_CONTEXT, sender), baggage);
  const attributes: Record<string, string> = {};
  propagator.inject(context, attributes, {
    set: (_, name, value) => {
      attributes[rename(name)] = value;
    },
  });
  expect(attributes).not.to.deep.equal({});
  return [tracedRecord('a', attributes), headed(attributes)];
}

const spanOf = (record: unknown) => producerOf(record, api).span;

describe('The producer of a record', () => {
  afterEach(() => {
    api.propagation.disable();
    sinon.restore();
  });

  describe('without a propagator', () => {
    beforeEach(() => {
      api.propagation.disable();
    });

    it('is the span of its traceparent, with its tracestate', () => {
      const { traceState, ...span } = spanOf(tracedRecord('a', { traceparent, tracestate: 'vendor=7' }))!;
      expect(span).to.deep.equal(w3c);
      expect(traceState?.get('vendor')).to.equal('7');
    });

    it('is the same by the headers of a Kafka record', () => {
      const { traceState, ...span } = spanOf(headed({ traceparent, tracestate: 'vendor=7' }))!;
      expect(span).to.deep.equal(w3c);
      expect(traceState?.get('vendor')).to.equal('7');
    });

    it('has no state where the message has none', () => {
      expect(spanOf(tracedRecord('a', { traceparent }))).not.to.have.property('traceState');
    });

    it('is the span of its AWSTraceHeader, without a tracestate, which belongs to a traceparent', () => {
      expect(spanOf(tracedRecord('a', { tracestate: 'vendor=7', xRayHeader }))).to.deep.equal(xRay);
    });

    it('is that of the traceparent where it has both, unless that is malformed', () => {
      expect(spanOf(tracedRecord('a', { traceparent, xRayHeader }))).to.deep.equal(w3c);
      expect(spanOf(tracedRecord('a', { traceparent: 'none', xRayHeader }))).to.deep.equal(xRay);
    });

    it('is unknown to other records, and to those of unit tests', () => {
      for (const record of [
        tracedRecord('a', {}),
        kinesisRecord('a', 0),
        dynamodbRecord('a', 0),
        headed({}),
        {},
        null,
        undefined,
      ]) {
        expect(producerOf(record, api)).to.deep.equal({ span: undefined, baggage: undefined });
      }
    });
  });

  describe('by the registered propagator', () => {
    for (const [name, propagator] of [
      ['W3C', new W3CTraceContextPropagator()],
      ['B3 of one header', new B3Propagator()],
      ['B3 of many headers', new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })],
      ['X-Ray for Lambda', new AWSXRayLambdaPropagator()],
    ] as const) {
      it(`is the span that sent it: ${name}`, () => {
        api.propagation.setGlobalPropagator(propagator);
        for (const rename of [undefined, (header: string) => header.toUpperCase()]) {
          for (const record of sentBy(propagator, rename)) {
            expect(spanOf(record)).to.include({ ...sender, isRemote: true });
          }
        }
      });
    }

    it('has its baggage, with a span and without one', () => {
      const baggage = new W3CBaggagePropagator();
      const both = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), baggage] });
      api.propagation.setGlobalPropagator(both);
      for (const [propagator, spanId] of [
        [both, sender.spanId],
        [baggage, undefined],
      ] as const) {
        for (const record of sentBy(propagator)) {
          const producer = producerOf(record, api);
          expect(producer.span?.spanId).to.equal(spanId);
          expect(producer.baggage?.getEntry('tenant')?.value).to.equal('blue');
        }
      }
    });

    it('is in the envelope of SNS', () => {
      api.propagation.setGlobalPropagator(new B3Propagator());
      const MessageAttributes = { b3: { Type: 'String', Value: `${sender.traceId}-${sender.spanId}-1` } };
      const record = sqsRecord(JSON.stringify({ Type: 'Notification', Message: '{}', MessageAttributes }));
      expect(spanOf(record)).to.deep.equal({ ...sender, isRemote: true });
    });

    it('is what it is without one, where that finds nothing', () => {
      api.propagation.setGlobalPropagator(new B3Propagator());
      expect(spanOf(tracedRecord('a', { traceparent }))).to.deep.equal(w3c);
      expect(spanOf(tracedRecord('a', { traceparent: 'none', xRayHeader }))).to.deep.equal(xRay);
    });

    it('is not the invocation itself, which the propagator of X-Ray for Lambda puts where it finds nothing', () => {
      sinon.stub(process, 'env').value({ ...process.env, _X_AMZN_TRACE_ID: xRayHeader });
      const propagator = new AWSXRayLambdaPropagator();
      const found = propagator.extract(api.ROOT_CONTEXT, {}, api.defaultTextMapGetter);
      expect(api.trace.getSpanContext(found)).to.deep.equal(xRay);

      api.propagation.setGlobalPropagator(propagator);
      expect(spanOf(tracedRecord('a', { traceparent: 'none' }))).to.equal(undefined);
      for (const record of sentBy(propagator)) expect(spanOf(record)?.spanId).to.equal(sender.spanId);
    });

    for (const [what, extract] of Object.entries<(context: api.Context) => api.Context>({
      throws: sinon.fake.throws(new Error('no carrier')),
      'takes the span away': (context: api.Context) => api.trace.deleteSpan(context),
      'gives no valid span': (context: api.Context) => api.trace.setSpanContext(context, api.INVALID_SPAN_CONTEXT),
    })) {
      it(`is what it is without one, where that ${what}`, () => {
        api.propagation.setGlobalPropagator({ inject: sinon.fake(), extract, fields: () => [] });
        expect(producerOf(tracedRecord('a', { traceparent }), api)).to.deep.equal({ span: w3c, baggage: undefined });
      });
    }
  });
});
