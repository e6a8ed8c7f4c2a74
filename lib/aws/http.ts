/** A request as the middleware of every client takes it. */
export interface HttpRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** What a request handler answers with. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Reads what is left of a body, as the client's own runtime has them. */
export type StreamCollector = (body: unknown) => Promise<Uint8Array>;

/** What of a request an endpoint decides; the path has no slash at its end. */
export function addressOf({ protocol, hostname, port, pathname }: URL) {
  return { protocol, hostname, port: port === '' ? undefined : Number(port), path: pathname.replace(/\/$/, '') };
}

/**
 * What a service answered in JSON, with `$metadata`, which the client's middleware adds to.
 *
 * @param call is named in the error, such as `SQS answered SendMessageBatch`
 * @throws Error with the name that the service gives to what is wrong. The message has nothing of the service's, which can
 * quote what was sent; `$metadata` and `$response` are what the client's retries and its clock go by.
 */
export async function jsonOf(call: string, response: HttpResponse, collect: StreamCollector): Promise<object> {
  const { statusCode, headers, body } = response;
  const answer = parsed(isBytes(body) ? body : await collect(body));
  const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
  if (answer !== undefined && statusCode < 300) return { ...answer, $metadata };
  const error = new Error(`${call} with status ${statusCode}`);
  Object.assign(error, { name: nameOf(headers['x-amzn-errortype'] ?? answer?.__type), $metadata });
  throw Object.defineProperty(error, '$response', { value: response });
}

/** Also those of another realm: jest runs its tests in one. */
export const isBytes = (value: unknown): value is Uint8Array => ArrayBuffer.isView(value);

function parsed(body: Uint8Array): { readonly __type?: unknown } | undefined {
  try {
    return Object(JSON.parse(Buffer.from(body).toString())) as object;
  } catch {
    return undefined; // of a proxy, or an emulator that does not speak JSON
  }
}

/** Such as com.amazonaws.sqs#QueueDoesNotExist, or TooManyRequestsException:http://...; what comes from elsewhere has none. */
function nameOf(type: unknown): string {
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1).split(':', 1)[0]! : 'UnknownError';
}
