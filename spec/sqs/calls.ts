import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import sinon from 'sinon';

export const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

export const arn = 'arn:aws:sqs:ap-south-1:123456789012:orders';

export const change = (QueueUrl: string): object => ({
  QueueUrl,
  Entries: [{ Id: '0', ReceiptHandle: 'handle', VisibilityTimeout: 60 }],
});

interface SignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A requestHandler that answers without a network, and where its requests were to go. */
export function withoutNetwork(response: object = {}): {
  requestHandler: NonNullable<SQSClientConfig['requestHandler']>;
  called: string[];
} {
  const called: string[] = [];
  const handle = sinon.fake(({ protocol, hostname, path, headers }: SignedRequest) => {
    called.push(`${protocol}//${hostname}${path} signed for ${headers.authorization!.split('/')[2]}`);
    return Promise.resolve({ response: { statusCode: 200, headers: {}, body: Buffer.from('{}'), ...response } });
  });
  return { requestHandler: { handle } as never, called };
}
