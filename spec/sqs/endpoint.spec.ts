import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import sinon from 'sinon';

import { queueUrlOf } from '../../lib/sqs/queue-url';
import { SqsBatches } from '../../lib/sqs/sqs-batches';
import { environment } from '../support/environment';
import { arn, change, credentials, withoutNetwork } from './calls';
import { SqsServer } from './sqs-server';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('The endpoint of a call to SQS', () => {
  environment({ AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_SQS: undefined });

  afterEach(() => {
    sinon.restore();
  });

  const configured: [what: string, config: SQSClientConfig, called: string][] = [
    ['that its user gave', { region: 'eu-west-1', endpoint: 'https://proxy' }, 'proxy/ signed for eu-west-1'],
    ['of partition aws', { region: 'eu-west-1' }, 'sqs.eu-west-1.amazonaws.com/ signed for eu-west-1'],
    ['of partition aws-cn', { region: 'cn-north-1' }, 'sqs.cn-north-1.amazonaws.com.cn/ signed for cn-north-1'],
    [
      'of partition aws-us-gov',
      { region: 'us-gov-west-1' },
      'sqs.us-gov-west-1.amazonaws.com/ signed for us-gov-west-1',
    ],
    ['of partition aws-iso', { region: 'us-iso-east-1' }, 'sqs.us-iso-east-1.c2s.ic.gov/ signed for us-iso-east-1'],
    [
      'with FIPS',
      { region: 'us-east-1', useFipsEndpoint: true },
      'sqs-fips.us-east-1.amazonaws.com/ signed for us-east-1',
    ],
    [
      'with dual stack',
      { region: 'us-east-1', useDualstackEndpoint: true },
      'sqs.us-east-1.api.aws/ signed for us-east-1',
    ],
    [
      'that its user gave, with a port and a path',
      { region: 'eu-west-1', endpoint: 'https://proxy:8443/sqs' },
      'proxy/sqs/ signed for eu-west-1',
    ],
  ];
  for (const [what, config, expected] of configured) {
    it(`is the client's own one ${what}, where the URL is made of an ARN`, async () => {
      const { requestHandler, called } = withoutNetwork();
      const warn = sinon.fake();
      const client = new SQSClient({ credentials, requestHandler, logger: { ...quiet, warn }, ...config });
      const batches = new SqsBatches('x', client);
      await batches.send('ChangeMessageVisibilityBatch', change(queueUrlOf(arn)), { ownEndpoint: true });

      expect(called).to.deep.equal([`https://${expected}`]);
      sinon.assert.notCalled(warn);
    });
  }

  it('is that of a QueueUrl that the user gave, as for any other command', async () => {
    const { requestHandler, called } = withoutNetwork();
    const client = new SQSClient({ region: 'eu-west-1', credentials, requestHandler, logger: quiet });
    await new SqsBatches('x', client).send('SendMessageBatch', change('https://vpce-1.vpce.amazonaws.com/1/orders'));
    expect(called).to.deep.equal(['https://vpce-1.vpce.amazonaws.com/ signed for eu-west-1']);
  });

  it("is the client's own one for a QueueUrl of another host where the client is told so", async () => {
    const { requestHandler, called } = withoutNetwork();
    const client = new SQSClient({ region: 'eu-west-1', credentials, requestHandler, useQueueUrlAsEndpoint: false });
    await new SqsBatches('x', client).send('SendMessageBatch', change('https://vpce-1.vpce.amazonaws.com/1/orders'));
    expect(called).to.deep.equal(['https://sqs.eu-west-1.amazonaws.com/ signed for eu-west-1']);
  });

  describe('on a server', () => {
    environment({ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });

    let server: SqsServer;

    beforeEach(async () => {
      server = new SqsServer();
      await server.listen();
    });

    afterEach(() => server.close());

    for (const variable of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SQS']) {
      for (const whose of ['user', 'library']) {
        it(`is that of ${variable}, with the client of the ${whose}`, async () => {
          process.env[variable] = server.origin;
          const batches = new SqsBatches('x', whose === 'user' ? new SQSClient({}) : undefined);
          await batches.send('ChangeMessageVisibilityBatch', change(queueUrlOf(arn)), { ownEndpoint: true });
          expect(server.received.map(({ body }) => JSON.parse(body) as object)).to.deep.equal([
            change(queueUrlOf(arn)),
          ]);
        });
      }
    }
  });
});
