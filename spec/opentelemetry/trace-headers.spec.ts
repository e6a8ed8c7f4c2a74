import { expect } from 'chai';

import { spanOfTraceparent, spanOfXRayHeader } from '../../lib/opentelemetry/trace-headers';

const traceId = '5759e988bd862e3fe1be46a994272793';
const spanId = '53995c3f42cd8ad8';
const zeros = (count: number) => '0'.repeat(count);

describe('A traceparent', () => {
  it('names a span, and tells whether it is sampled', () => {
    expect(spanOfTraceparent(`00-${traceId}-${spanId}-01`)).to.deep.equal({
      traceId,
      spanId,
      traceFlags: 1,
      isRemote: true,
    });
    expect(spanOfTraceparent(`00-${traceId}-${spanId}-00`)).to.have.property('traceFlags', 0);
  });

  for (const wrong of [
    undefined,
    null,
    7,
    '',
    `00-${traceId}-${spanId}`,
    `01-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    ` 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-1`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${zeros(32)}-${spanId}-01`,
    `00-${traceId}-${zeros(16)}-01`,
    `00-${traceId}0-${spanId}-01`,
  ]) {
    it(`is not ${String(wrong)}`, () => {
      expect(spanOfTraceparent(wrong)).to.equal(undefined);
    });
  }
});

describe('The header of X-Ray', () => {
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const parent = `Parent=${spanId}`;
  const span = { traceId, spanId, traceFlags: 1, isRemote: true };

  for (const header of [
    `${root};${parent};Sampled=1`,
    `Sampled=1; ${parent} ;${root}`,
    `Self=1-67891234-12456789abcdef012345678;${root};${parent};Sampled=1;Lineage=1:a=b:0`,
  ]) {
    it(`names a span: ${header}`, () => {
      expect(spanOfXRayHeader(header)).to.deep.equal(span);
    });
  }

  for (const header of [`${root};${parent}`, `${root};${parent};Sampled=0`, `${root};${parent};Sampled=?`]) {
    it(`tells that a span is not sampled, or not yet: ${header}`, () => {
      expect(spanOfXRayHeader(header)).to.deep.equal({ ...span, traceFlags: 0 });
    });
  }

  for (const wrong of [
    undefined,
    {},
    '',
    ';;=',
    root,
    `${root};Sampled=0`,
    parent,
    `Root;${parent}`,
    `Root=${traceId};${parent}`,
    `Root=2-5759e988-bd862e3fe1be46a994272793;${parent}`,
    `Root=1-${zeros(8)}-${zeros(24)};${parent}`,
    `${root};Parent=${zeros(16)}`,
    `${root};Parent=${spanId}0`,
    `${root};Parent=53995C3F42CD8AD8`,
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      expect(spanOfXRayHeader(wrong)).to.equal(undefined);
    });
  }
});
