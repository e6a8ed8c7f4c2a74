import { Lambda, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import sinon from 'sinon';

import { listMappings } from '../../lib/guard/list-mappings';
import { functionArn, LambdaApi } from '../support/lambda-api';
import { Deferred, rejection } from '../support/promises';
import { withoutNetwork } from '../sqs/calls';

const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

describe('The list of the mappings of a function', () => {
  let api: LambdaApi;
  let clients: LambdaClient[];

  beforeEach(async () => {
    clients = [];
    api = new LambdaApi();
    await api.listen();
    for (let index = 0; index < 5; index++) {
      api.mappings.push({ UUID: `uuid-${index}`, FunctionArn: functionArn('orders'), EventSourceArn: `arn-${index}` });
    }
    api.mappings.push({ UUID: 'alias', FunctionArn: functionArn('orders:live') });
    api.mappings.push({ UUID: 'other', FunctionArn: functionArn('billing') });
  });

  afterEach(async () => {
    sinon.restore();
    for (const client of clients) client.destroy();
    await api.close();
  });

  const clientOf = (config: LambdaClientConfig = {}, Client: typeof LambdaClient = LambdaClient): LambdaClient => {
    const client = new Client({ region: 'us-east-1', endpoint: api.origin, credentials, maxAttempts: 1, ...config });
    clients.push(client);
    return client;
  };

  const list = (client: LambdaClient, name = 'orders', signal = new AbortController().signal) =>
    listMappings(client, functionArn(name), signal);

  for (const Client of [LambdaClient, Lambda]) {
    it(`is asked for by ${Client.name}, signed, and read`, async () => {
      const all = await list(clientOf({}, Client));
      expect(all.map(({ UUID }) => UUID)).to.deep.equal(['uuid-0', 'uuid-1', 'uuid-2', 'uuid-3', 'uuid-4']);
      expect(all[0]).to.deep.equal({
        UUID: 'uuid-0',
        FunctionArn: functionArn('orders'),
        EventSourceArn: 'arn-0',
      });
      expect(api.calls).to.deep.equal([
        { operation: 'ListEventSourceMappings', query: { FunctionName: functionArn('orders') }, signedFor: 'lambda' },
      ]);
    });
  }

  it('is that of an alias where the ARN is', async () => {
    expect((await list(clientOf(), 'orders:live')).map(({ UUID }) => UUID)).to.deep.equal(['alias']);
  });

  it('is empty for a function without any', async () => {
    expect(await list(clientOf(), 'unknown')).to.deep.equal([]);
  });

  it('has all of its pages', async () => {
    api.pageSize = 2;
    expect(await list(clientOf())).to.have.length(5);
    expect(api.calls.map(({ query }) => query.Marker)).to.deep.equal([undefined, '2', '4']);
  });

  it('is of a client whose endpoint has a path, or is that of its region', async () => {
    const { requestHandler, called } = withoutNetwork();
    await list(clientOf({ endpoint: 'https://proxy/lambda', requestHandler }));
    const { endpoint: _endpoint, ...config } = {
      endpoint: undefined,
      region: 'eu-west-1',
      credentials,
      requestHandler,
    };
    const client = new LambdaClient(config);
    clients.push(client);
    await list(client);
    expect(called).to.deep.equal([
      'https://proxy/lambda/2015-03-31/event-source-mappings signed for us-east-1',
      'https://lambda.eu-west-1.amazonaws.com/2015-03-31/event-source-mappings signed for eu-west-1',
    ]);
  });

  it("is shown to the client's logger without what it says", async () => {
    const logger = { debug: sinon.fake(), info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    await list(clientOf({ logger }));
    sinon.assert.calledOnce(logger.info);
    const [{ clientName, commandName, input, output }] = logger.info.firstCall.args as [Record<string, unknown>];
    expect({ clientName, commandName, input }).to.deep.equal({
      clientName: 'LambdaClient',
      commandName: 'ListEventSourceMappingsCommand',
      input: { FunctionName: functionArn('orders') },
    });
    expect(JSON.stringify(output)).not.to.include('uuid');
  });

  it('rejects with the name that Lambda gives to what is wrong', async () => {
    api.refused.set('ListEventSourceMappings', 'AccessDeniedException');
    const error = await rejection(list(clientOf()));
    expect(error).to.include({
      name: 'AccessDeniedException',
      message: 'Lambda answered ListEventSourceMappings with status 403',
    });
    api.refused.set('ListEventSourceMappings', 'TooManyRequestsException:http://internal.amazon.com/coral/');
    expect(await rejection(list(clientOf()))).to.have.property('name', 'TooManyRequestsException');
  });

  it('is tried again as the client has it', async () => {
    api.refused.set('ListEventSourceMappings', 'TooManyRequestsException');
    await rejection(list(clientOf({ maxAttempts: 2 })));
    expect(api.calls).to.have.length(2);
  });

  it('is given up when the signal says so', async () => {
    const held = new Deferred();
    api.held = held.promise;
    const controller = new AbortController();
    const asked = list(clientOf(), 'orders', controller.signal);
    controller.abort();
    expect(await rejection(asked)).to.have.property('name', 'AbortError');
    held.resolve();
  });
});
