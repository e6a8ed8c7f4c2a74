import * as api from '@opentelemetry/api';
import { expect } from 'chai';
import sinon from 'sinon';

import { openTelemetryApi } from '../../lib/opentelemetry/api';
import { missingPackage } from '../support/missing-package';

describe('The API of OpenTelemetry', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('is that of the package, with its global providers', () => {
    const loaded = openTelemetryApi();
    expect(loaded).to.have.nested.property('peer.trace', api.trace);
    expect(loaded).to.have.nested.property('peer.metrics', api.metrics);
  });

  it('is why it cannot be loaded, where the package is missing', () => {
    const cause = missingPackage('@opentelemetry/api');
    expect(openTelemetryApi()).to.deep.equal({ cause });
  });
});
