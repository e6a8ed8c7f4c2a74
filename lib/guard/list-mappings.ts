import { type AwsClient, awsCommand } from '../aws/command';
import { addressOf, type HttpRequest } from '../aws/http';

/** An event source mapping, as Lambda lists it: what of it is used. */
export interface EventSourceMapping {
  readonly UUID?: string;
  readonly EventSourceArn?: string;
  readonly FunctionArn?: string;
  readonly State?: string;
  readonly FunctionResponseTypes?: readonly string[];
  /** Kafka only. */
  readonly Topics?: readonly string[];
}

interface Page {
  readonly EventSourceMappings?: readonly EventSourceMapping[];
  readonly NextMarker?: string;
}

/**
 * All event source mappings of a function: of an alias or a version where its ARN says so.
 *
 * @throws Error with the name that Lambda gives to what is wrong, or whatever the client throws
 */
export async function listMappings(
  client: AwsClient,
  functionArn: string,
  abortSignal: AbortSignal,
): Promise<EventSourceMapping[]> {
  const all: EventSourceMapping[] = [];
  let marker: string | undefined;
  do {
    const command = listCommand({ FunctionName: functionArn, ...(marker !== undefined && { Marker: marker }) });
    const page = (await client.send(command as never, { abortSignal } as never)) as Page | undefined;
    all.push(...(page?.EventSourceMappings ?? []));
    marker = page?.NextMarker || undefined;
  } while (marker !== undefined);
  return all;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
function listCommand(input: Readonly<Record<string, string>>): object {
  return awsCommand({
    client: 'Lambda',
    service: 'AWSGirApiService',
    operation: 'ListEventSourceMappings',
    input,
    requestAt: (endpoint) => requestOf(input, endpoint),
    shown: ({ FunctionName }: { readonly FunctionName?: string }) => ({ FunctionName }),
  });
}

function requestOf(query: Readonly<Record<string, string>>, endpoint: URL): HttpRequest {
  const address = addressOf(endpoint);
  const path = `${address.path}/2015-03-31/event-source-mappings`;
  return { ...address, method: 'GET', path, query, headers: {}, body: undefined };
}
