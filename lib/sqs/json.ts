import { addressOf, type HttpRequest, isBytes } from '../aws/http';

/** A call in AWS JSON 1.0: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function requestOf(operation: string, input: object, endpoint: URL): HttpRequest {
  const address = addressOf(endpoint);
  return {
    ...address,
    method: 'POST',
    path: `${address.path}/`,
    query: {},
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input, bytesAsBase64),
  };
}

/** Gets what `toJSON` of a Buffer makes of it, and so looks at the object that has it. */
function bytesAsBase64(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const own = this[key];
  return isBytes(own) ? Buffer.from(own).toString('base64') : value;
}
