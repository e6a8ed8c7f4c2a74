import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { EventSourceMappingConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';

/** The operations that it has. */
export type LambdaOperation = 'GetFunctionConfiguration' | 'GetFunctionConcurrency' | 'ListEventSourceMappings';

/** A function, with what its own calls do not tell. */
export interface DeployedFunction extends FunctionConfiguration {
  readonly reservedConcurrency?: number;
}

/** A call, as it arrived. */
export interface LambdaCall {
  readonly operation: LambdaOperation;
  readonly query: Readonly<Record<string, string>>;
  readonly signedFor: string | undefined;
}

const account = '123456789012';

/** The ARN of a function, with a qualifier where it is `name:qualifier`. */
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:${account}:function:${name}`;

const paths: readonly (readonly [path: RegExp, operation: LambdaOperation])[] = [
  [/^\/2015-03-31\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  [/^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  [/^\/2019-09-30\/functions\/([^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
];

/**
 * The part of Lambda's API that tells of functions and their mappings, on a free port of 127.0.0.1. Names, partial and full
 * ARNs are taken, as are qualifiers; a mapping is found by the qualifier that it was made for.
 *
 * Paths and shapes: https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html and its neighbours
 */
export class LambdaApi {
  readonly functions: DeployedFunction[] = [];
  readonly mappings: EventSourceMappingConfiguration[] = [];
  readonly calls: LambdaCall[] = [];
  /** How many mappings are on a page. Lambda has a hundred at the most. */
  pageSize = 100;
  /** What an operation is refused with: a name of Lambda's, such as AccessDeniedException. */
  readonly refused = new Map<LambdaOperation, string>();
  /** Resolves when a call is to be answered. */
  held: Promise<void> | undefined;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.origin);
    const found = paths.find(([path]) => path.test(pathname));
    if (found === undefined) {
      send(response, 404, { Message: 'no such path' });
      return;
    }
    const [path, operation] = found;
    const query = Object.fromEntries(searchParams);
    this.calls.push({ operation, query, signedFor: request.headers.authorization?.split('/')[3] });
    await this.held;
    const name = path.exec(pathname)![1];
    const refusal = this.refused.get(operation);
    const answer = refusal ?? this.#answer(operation, name === undefined ? undefined : decodeURIComponent(name), query);
    if (typeof answer !== 'string') {
      send(response, 200, answer);
      return;
    }
    response.setHeader('x-amzn-errortype', answer);
    const status = answer === 'ResourceNotFoundException' ? 404 : answer === 'AccessDeniedException' ? 403 : 400;
    send(response, status, { Message: `${operation}: ${answer}` });
  }

  #answer(operation: LambdaOperation, name: string | undefined, query: LambdaCall['query']): object | string {
    if (operation === 'ListEventSourceMappings') return this.#page(query);
    const [own] = partsOf(name!);
    const fn = this.functions.find(({ FunctionName }) => FunctionName === own);
    if (fn === undefined) return 'ResourceNotFoundException';
    const { reservedConcurrency, ...configuration } = fn;
    if (operation === 'GetFunctionConfiguration') return configuration;
    return { ReservedConcurrentExecutions: reservedConcurrency };
  }

  #page({ FunctionName, EventSourceArn, Marker = '0' }: LambdaCall['query']): object {
    const all = this.mappings.filter(
      (mapping) =>
        (FunctionName === undefined || isSame(mapping.FunctionArn!, FunctionName)) &&
        (EventSourceArn === undefined || mapping.EventSourceArn === EventSourceArn),
    );
    const end = Number(Marker) + this.pageSize;
    return {
      EventSourceMappings: all.slice(Number(Marker), end),
      ...(end < all.length && { NextMarker: String(end) }),
    };
  }
}

function isSame(one: string, other: string): boolean {
  const [[name, qualifier], [otherName, otherQualifier]] = [partsOf(one), partsOf(other)];
  return name === otherName && qualifier === otherQualifier;
}

/** Name and qualifier of a name or ARN. */
function partsOf(nameOrArn: string): [name: string, qualifier: string] {
  const [name = '', qualifier = '$LATEST'] = nameOrArn.replace(/^.*function:/, '').split(':');
  return [name, qualifier];
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1' });
  response.end(JSON.stringify(body));
}
