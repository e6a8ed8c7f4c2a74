import sinon from 'sinon';

import type { BatchLogger } from '../../lib';

/** A logger whose lines a spec can read. */
export const fakeLogger = (): sinon.SinonStubbedInstance<BatchLogger> => ({
  debug: sinon.stub(),
  warn: sinon.stub(),
  error: sinon.stub(),
});
