import { expect } from 'chai';

import * as room from '../../lib/opentelemetry';

describe('lambda-batch-handler/opentelemetry', () => {
  it('exports these names, and no others', () => {
    expect(Object.keys(room).sort()).to.deep.equal(['openTelemetry']);
  });

  it('has a function under each name, of that name', () => {
    for (const [name, value] of Object.entries(room)) expect(value).to.be.a('function').with.property('name', name);
  });
});
