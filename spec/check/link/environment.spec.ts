import { expect } from 'chai';

import { environmentOf } from '../../../lib/check/link/environment';
import { environment } from '../../support/environment';

describe('The environment of a handler that is loaded', () => {
  environment({ AWS_PROFILE: 'production', AWS_ACCESS_KEY_ID: 'of-the-caller', HOME: '/home/of-the-caller' });

  const variablesOf = (known: Readonly<Record<string, string>>, unknownVariables?: readonly string[]) =>
    environmentOf('Orders', { handler: 'index.handler', environment: known, unknownVariables }, '/code');

  it('has what the template says', () => {
    expect(variablesOf({ TABLE: 'orders', AWS_REGION: 'eu-west-1' })).to.include({
      TABLE: 'orders',
      AWS_REGION: 'eu-west-1',
    });
  });

  it('has what Lambda sets', () => {
    expect(variablesOf({})).to.include({
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Orders',
      LAMBDA_TASK_ROOT: '/code',
      _HANDLER: 'index.handler',
    });
  });

  it('has a placeholder for what the template leaves open, which does for a URL', () => {
    const { TABLE, QUEUE_URL } = variablesOf({ TABLE: 'orders' }, ['TABLE', 'QUEUE_URL']);

    expect(TABLE).to.equal('orders');
    expect(new URL(QUEUE_URL!).hostname).to.equal('placeholder.invalid');
  });

  it('has nothing of the caller but PATH', () => {
    const variables = variablesOf({});

    expect(variables).to.include({ PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'placeholder' });
    expect(variables).not.to.have.any.keys('AWS_PROFILE', 'HOME');
  });

  it('does not have what would be loaded before the network is out of reach', () => {
    expect(variablesOf({ NODE_OPTIONS: '--require ./tracing.js' })).not.to.have.property('NODE_OPTIONS');
  });

  describe('where there is no PATH', () => {
    environment({ PATH: undefined });

    it('has an empty one', () => {
      expect(variablesOf({})).to.have.property('PATH', '');
    });
  });
});
