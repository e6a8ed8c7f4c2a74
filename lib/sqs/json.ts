/** A request as the middleware of every client takes it. */
export interface HttpRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly query: object;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What a request handler answers with. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Reads what is left of a body, as the client's own runtime has them. */
export type StreamCollector = (body: unknown) => Promise<Uint8Array>;

/** A call in AWS JSON 1.0: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function requestOf(operation: string, input: object, { protocol, hostname, port, pathname }: URL): HttpRequest {
  return {
    method: 'POST',
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    path: pathname.endsWith('/') ? pathname : `${pathname}/`,
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

/** Also those of another realm: jest runs its tests in one. */
const isBytes = (value: unknown): value is Uint8Array => ArrayBuffer.isView(value);

/**
 * What SQS answered, with `$metadata`, which the client's middleware adds to.
 *
 * @throws Error with the name that SQS gives to what is wrong. The message has nothing of SQS's, which can quote what was
 * sent; `$metadata` and `$response` are what the client's retries and its clock go by.
 */
export async function answerOf(operation: string, response: HttpResponse, collect: StreamCollector): Promise<object> {
  const { statusCode, headers, body } = response;
  const answer = parsed(isBytes(body) ? body : await collect(body));
  const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
  if (answer !== undefined && statusCode < 300) return { ...answer, $metadata };
  const error = new Error(`SQS answered ${operation} with status ${statusCode}`);
  Object.assign(error, { name: nameOf(answer?.__type), $metadata });
  throw Object.defineProperty(error, '$response', { value: response });
}

function parsed(body: Uint8Array): { readonly __type?: unknown } | undefined {
  try {
    return Object(JSON.parse(Buffer.from(body).toString())) as object;
  } catch {
    return undefined; // of a proxy, or an emulator that does not speak JSON
  }
}

/** Such as com.amazonaws.sqs#QueueDoesNotExist; what comes from elsewhere has none. */
function nameOf(type: unknown): string {
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : 'UnknownError';
}
