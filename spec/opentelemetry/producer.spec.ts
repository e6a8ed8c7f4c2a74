import * as api from '@opentelemetry/api';
import { expect } from 'chai';

import { producerOf } from '../../lib/opentelemetry/producer';
import { dynamodbRecord, kinesisRecord } from '../support/events';
import { tracedRecord, traceparent, xRayHeader } from '../support/traced';

describe('The producer of a record', () => {
  it('is the span of its traceparent, with its tracestate', () => {
    const { traceState, ...producer } = producerOf(tracedRecord('a', { traceparent, tracestate: 'vendor=7' }), api)!;
    expect(producer).to.deep.equal({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    });
    expect(traceState?.get('vendor')).to.equal('7');
  });

  it('has no state where the message has none', () => {
    expect(producerOf(tracedRecord('a', { traceparent }), api)).not.to.have.property('traceState');
  });

  it('is the span of its AWSTraceHeader, without a tracestate, which belongs to a traceparent', () => {
    expect(producerOf(tracedRecord('a', { tracestate: 'vendor=7', xRayHeader }), api)).to.deep.equal({
      traceId: '5759e988bd862e3fe1be46a994272793',
      spanId: '53995c3f42cd8ad8',
      traceFlags: 1,
      isRemote: true,
    });
  });

  it('is that of the traceparent where it has both, unless that is malformed', () => {
    expect(producerOf(tracedRecord('a', { traceparent, xRayHeader }), api)?.spanId).to.equal('00f067aa0ba902b7');
    expect(producerOf(tracedRecord('a', { traceparent: 'none', xRayHeader }), api)?.spanId).to.equal(
      '53995c3f42cd8ad8',
    );
  });

  it('is unknown to other records, and to those of unit tests', () => {
    for (const record of [tracedRecord('a', {}), kinesisRecord('a', 0), dynamodbRecord('a', 0), {}, null, undefined]) {
      expect(producerOf(record, api)).to.equal(undefined);
    }
  });
});
