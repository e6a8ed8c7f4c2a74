import { SQS, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { captureAWSv3Client, getNamespace, Segment, setSegment } from 'aws-xray-sdk-core';
import { expect } from 'chai';
import sinon from 'sinon';

import type { SqsOperation } from '../../lib/sqs/command';
import { SqsBatches } from '../../lib/sqs/sqs-batches';
import { rejection } from '../support/promises';
import { change, credentials, withoutNetwork } from './calls';
import { answering, SqsServer } from './sqs-server';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';

const message = {
  Id: '0',
  MessageBody: 'é😀\ud800',
  MessageAttributes: {
    buffer: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([9, 0, 255]).subarray(1) },
    text: { DataType: 'String', StringValue: 'AP8=' },
  },
  MessageGroupId: undefined,
};

describe('A command for a client of the AWS SDK', () => {
  let server: SqsServer;
  let clients: SQSClient[];

  beforeEach(async () => {
    clients = [];
    server = new SqsServer();
    await server.listen();
  });

  afterEach(async () => {
    sinon.restore();
    for (const client of clients) client.destroy();
    await server.close();
  });

  function clientOf(config: SQSClientConfig = {}, Client: typeof SQSClient = SQSClient): SQSClient {
    const client = new Client({ region: 'eu-west-1', endpoint: server.origin, credentials, ...config });
    clients.push(client);
    return client;
  }

  function send(
    client = clientOf(),
    operation: SqsOperation = 'ChangeMessageVisibilityBatch',
    input = change(queueUrl),
    options?: { abortSignal: AbortSignal },
  ): Promise<object> {
    return new SqsBatches('x', client).send(operation, input, options);
  }

  for (const Client of [SQSClient, SQS]) {
    it(`is sent by ${Client.name} as JSON, signed`, async () => {
      const answer = await send(clientOf({}, Client));

      expect(answer).to.have.deep.property('Successful', [{ Id: '0' }]);
      expect(server.received).to.have.length(1);
      const [{ method, url, headers, body }] = server.received as [(typeof server.received)[0]];
      expect({ method, url }).to.deep.equal({ method: 'POST', url: '/' });
      expect(headers).to.include({
        host: server.origin.slice('http://'.length),
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.ChangeMessageVisibilityBatch',
      });
      expect(headers.authorization)
        .to.match(/^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-1\/sqs\/aws4_request, /)
        .and.to.match(/SignedHeaders=[^,]*content-type;host;.*x-amz-target/);
      expect(headers['user-agent']).to.include('aws-sdk-js/');
      expect(JSON.parse(body)).to.deep.equal(change(queueUrl));
    });
  }

  it('has bytes as base64, and text as it is', async () => {
    await send(clientOf(), 'SendMessageBatch', { QueueUrl: queueUrl, Entries: [message] });

    expect(server.received[0]!.headers['x-amz-target']).to.equal('AmazonSQS.SendMessageBatch');
    expect(JSON.parse(server.received[0]!.body)).to.deep.equal({
      QueueUrl: queueUrl,
      Entries: [
        {
          Id: '0',
          MessageBody: message.MessageBody,
          MessageAttributes: {
            buffer: { DataType: 'Binary', BinaryValue: 'AP8=' },
            bytes: { DataType: 'Binary', BinaryValue: 'AP8=' },
            text: { DataType: 'String', StringValue: 'AP8=' },
          },
        },
      ],
    });
  });

  it("has the class name of the SDK's own, by which tracers know it", async () => {
    const client = clientOf();
    const sent = sinon.spy(client, 'send');
    await send(client, 'SendMessageBatch', { QueueUrl: queueUrl, Entries: [] });
    expect(sent.firstCall.args[0].constructor.name).to.equal('SendMessageBatchCommand');
  });

  it('goes through what its user has added to the client', async () => {
    const client = clientOf();
    let names: unknown[] = [];
    client.middlewareStack.add(
      (next, { clientName, commandName }) =>
        (args) => {
          names = [clientName, commandName];
          Object.assign((args.request as { headers: object }).headers, { 'x-mine': 'yes' });
          return next(args);
        },
      { step: 'build' },
    );
    await send(client);
    await send(client);

    expect(names).to.deep.equal(['SQSClient', 'ChangeMessageVisibilityBatchCommand']);
    expect(server.received.map(({ headers }) => headers['x-mine'])).to.deep.equal(['yes', 'yes']);
    expect(server.received[0]!.headers.authorization).to.include('x-mine');
  });

  it('is traced by X-Ray as any other', async () => {
    server.answers.push(answering(403, { __type: 'com.amazonaws.sqs#AccessDenied' }));
    const segment = new Segment('function');
    await getNamespace().runPromise(async () => {
      setSegment(segment);
      await rejection(send(captureAWSv3Client(clientOf())));
    });

    const [subsegment] = segment.subsegments!;
    expect(subsegment).to.include({ name: 'SQS', namespace: 'aws', error: true });
    expect((subsegment as unknown as { aws: object }).aws).to.include({
      operation: 'ChangeMessageVisibilityBatch',
      region: 'eu-west-1',
      request_id: 'request-1',
    });
    expect(server.received[0]!.headers['x-amzn-trace-id']).to.include(`Parent=${subsegment!.id}`);
  });

  it("does not show its messages to the client's logger", async () => {
    const logger = { debug: sinon.fake(), info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    server.answers.push(answering(200, {}), answering(400, { __type: 'x#InvalidMessageContents', message: 'secret' }));
    const client = clientOf({ logger });
    const input = { QueueUrl: queueUrl, Entries: [{ Id: '0', MessageBody: 'secret' }] };
    await send(client, 'SendMessageBatch', input);
    await rejection(send(client, 'SendMessageBatch', input));

    sinon.assert.calledOnce(logger.info);
    sinon.assert.calledOnce(logger.error);
    const lines = JSON.stringify([...logger.info.args, ...logger.error.args]);
    expect(lines).to.include(queueUrl).and.not.to.include('secret');
  });

  it('is tried again as the client has it', async () => {
    const retryStrategy = {
      mode: 'standard',
      acquireInitialRetryToken: () => Promise.resolve(tokenOf(0)),
      refreshRetryTokenForRetry: sinon.fake(() => Promise.resolve(tokenOf(1))),
      recordSuccess: sinon.fake(),
    };
    server.answers.push(answering(503, '<html>'));
    const answer = await send(clientOf({ retryStrategy: retryStrategy as never }));

    expect(answer).to.have.deep.property('Successful', [{ Id: '0' }]);
    expect(server.received.map(({ body }) => JSON.parse(body) as object)).to.deep.equal([
      change(queueUrl),
      change(queueUrl),
    ]);
    sinon.assert.calledOnce(retryStrategy.recordSuccess);
    const [, { errorType, error }] = retryStrategy.refreshRetryTokenForRetry.firstCall.args as unknown as [
      unknown,
      { errorType: string; error: Error },
    ];
    expect(errorType).to.equal('TRANSIENT');
    expect(error).to.include({
      name: 'UnknownError',
      message: 'SQS answered ChangeMessageVisibilityBatch with status 503',
    });
  });

  it('is told of the time of SQS where the clock is wrong, as any other', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    server.answers.push(answering(400, { __type: 'x#RequestTimeTooSkewed' }, { date }));
    const client = clientOf({ maxAttempts: 1 });
    await rejection(send(client));
    expect(client.config.systemClockOffset).to.be.within(3_500_000, 3_700_000);
  });

  const errors: [what: string, status: number, body: unknown, name: string][] = [
    ['that names what is wrong', 400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist' }, 'QueueDoesNotExist'],
    ['that has a name without a namespace', 403, { __type: 'AccessDenied', Message: 'secret' }, 'AccessDenied'],
    ['whose name is no text', 400, { __type: 1 }, 'UnknownError'],
    ['that is JSON of nothing', 400, 'null', 'UnknownError'],
    ['that is no JSON', 400, '<ErrorResponse>secret</ErrorResponse>', 'UnknownError'],
    ['that is no JSON, and no error', 200, '<html>secret</html>', 'UnknownError'],
  ];
  for (const [what, status, body, name] of errors) {
    it(`rejects on an answer ${what}`, async () => {
      server.answers.push(answering(status, body));
      const error = await rejection(send(clientOf({ maxAttempts: 1 })));
      expect(error).to.be.instanceOf(Error);
      expect(error).to.include({ name, message: `SQS answered ChangeMessageVisibilityBatch with status ${status}` });
      expect(error).to.deep.include({
        $metadata: { httpStatusCode: status, requestId: 'request-1', attempts: 1, totalRetryDelay: 0 },
      });
      expect(JSON.stringify(error)).not.to.include('secret');
    });
  }

  it('is given up when the signal says so', async () => {
    const controller = new AbortController();
    server.answers.push(() => controller.abort());
    const error = await rejection(
      send(
        clientOf(),
        'SendMessageBatch',
        { QueueUrl: queueUrl, Entries: [message] },
        { abortSignal: controller.signal },
      ),
    );
    expect(error).to.have.property('name', 'AbortError');
    expect(server.received).to.have.length(1);
  });

  it('reads bodies that are bytes already', async () => {
    const { requestHandler } = withoutNetwork({ body: Buffer.from('{"Failed":[{"Id":"0"}]}') });
    expect(await send(clientOf({ requestHandler }))).to.have.deep.property('Failed', [{ Id: '0' }]);
  });
});

const tokenOf = (count: number): object => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  getRetryCost: () => 0,
});
