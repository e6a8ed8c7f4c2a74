import { expect } from 'chai';
import sinon from 'sinon';

import { endpointOf } from '../../lib/aws/endpoint';
import { environment } from '../support/environment';

const client = {
  region: () => Promise.resolve('eu-west-1'),
  useFipsEndpoint: () => Promise.resolve(false),
  useDualstackEndpoint: () => Promise.resolve(false),
};

describe('The endpoint that a client resolves', () => {
  environment({ AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_SQS: undefined, AWS_ENDPOINT_URL_LAMBDA: undefined });

  /** What the client's own rules are asked with. */
  const endpointFor = async (service: string, config: object = {}): Promise<unknown> => {
    const endpointProvider = sinon.fake.returns({ url: new URL('http://resolved') });
    const context = {};
    const endpoint = await endpointOf(service, { ...client, endpointProvider, ...config }, context);
    expect(endpoint).to.deep.equal({ url: new URL('http://resolved') });
    const [{ Endpoint, ...rest }, passed] = endpointProvider.firstCall.args as [{ Endpoint: unknown }, unknown];
    expect(rest).to.deep.equal({ Region: 'eu-west-1', UseFIPS: false, UseDualStack: false });
    expect(passed).to.equal(context);
    return Endpoint;
  };

  it('is the one that its user gave, with its port and path', async () => {
    const given = { protocol: 'http:', hostname: 'proxy', port: 8080, path: '/aws' };
    expect(await endpointFor('SQS', { endpoint: () => Promise.resolve(given) })).to.equal('http://proxy:8080/aws');
    const plain = { protocol: 'https:', hostname: 'proxy', path: '/' };
    expect(await endpointFor('SQS', { endpoint: () => Promise.resolve(plain) })).to.equal('https://proxy/');
  });

  it('is the one that the client has found in the environment or the configuration file', async () => {
    process.env.AWS_ENDPOINT_URL_SQS = 'http://other';
    const serviceConfiguredEndpoint = () => Promise.resolve('http://configured');
    expect(await endpointFor('SQS', { serviceConfiguredEndpoint })).to.equal('http://configured');
    expect(await endpointFor('SQS', { serviceConfiguredEndpoint: () => Promise.resolve(undefined) })).to.equal(
      undefined,
    );
  });

  for (const [service, variables, expected] of [
    ['SQS', {}, undefined],
    ['SQS', { AWS_ENDPOINT_URL: 'http://all' }, 'http://all'],
    ['SQS', { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_SQS: 'http://sqs' }, 'http://sqs'],
    ['SQS', { AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_SQS: '' }, undefined],
    ['SQS', { AWS_ENDPOINT_URL_LAMBDA: 'http://lambda' }, undefined],
    ['Lambda', { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_LAMBDA: 'http://lambda' }, 'http://lambda'],
  ] as const) {
    it(`is ${expected ?? 'that of the region'} for ${service} with ${JSON.stringify(variables)}, where an older client knows nothing of it`, async () => {
      Object.assign(process.env, variables);
      expect(await endpointFor(service)).to.equal(expected);
    });
  }
});
