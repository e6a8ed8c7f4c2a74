import { type Endpoint, type EndpointConfig, endpointOf } from './endpoint';
import { type HttpRequest, type HttpResponse, jsonOf, type StreamCollector } from './http';

/** A client of the AWS SDK, or what does as one: nothing else of it is used. */
export interface AwsClient {
  /** Makes the call that a command stands for. */
  send(command: never, options?: never): Promise<unknown>;
}

/** A call to a service, as far as it is not like any other. */
export interface Call {
  /** The name of the service in that of its client, such as SQS in SQSClient. */
  readonly client: string;
  /** The name that its model has for it, such as AmazonSQS. */
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  requestAt(endpoint: URL): HttpRequest;
  /** What the client's logger is given of the input, and of the answer. */
  readonly shown: (data: never) => object;
  /** Whether the client's own endpoint is called, whatever its middleware would make of the input. Default: false. */
  readonly ownEndpoint?: boolean;
}

interface Config extends EndpointConfig {
  readonly logger: unknown;
  readonly requestHandler: { handle(request: HttpRequest, options: object): Promise<{ response: HttpResponse }> };
  readonly streamCollector: StreamCollector;
}

/** What middleware is told of a call, and tells others. */
interface Context {
  endpointV2?: Endpoint;
  readonly [key: string]: unknown;
}

interface Args {
  readonly input: object;
  readonly request: HttpRequest;
}

type Handler = (args: Args) => Promise<{ response: HttpResponse; output?: object }>;

type Middleware = (next: Handler, context: Context) => Handler;

interface MiddlewareStack {
  clone(): MiddlewareStack;
  add(middleware: Middleware, options: object): void;
  addRelativeTo(middleware: Middleware, options: object): void;
  resolve(handler: Handler, context: Context): Handler;
}

/**
 * A command for `send` of a client of the AWS SDK for JavaScript, from 3.300 on, or of a test double, which finds `input`.
 *
 * The SDK's own commands fit clients of about their version only. What they do is done here: find the endpoint that the
 * client is configured for, write the request and read JSON. All else, such as retries, signing and what its user has added,
 * is middleware of the client.
 */
export function awsCommand(call: Call): object {
  const { client, service, operation, input, shown } = call;
  const commandName = `${operation}Command`;
  return {
    constructor: { name: commandName }, // tracers and test doubles know a command by the name of its class
    input,

    /** What `send` of a client calls: all that the SDK asks of a command. */
    resolveMiddleware(clientStack: MiddlewareStack, config: Config, options: object): Handler {
      const stack = clientStack.clone();
      addOwn(stack, config, call);
      return stack.resolve(({ request }) => config.requestHandler.handle(request, options), {
        logger: config.logger,
        clientName: `${client}Client`,
        commandName,
        inputFilterSensitiveLog: shown,
        outputFilterSensitiveLog: shown,
        __smithy_context: { service, operation, ...options }, // newer retries look there for the signal
      });
    },
  };
}

/** Adds what the SDK's commands would, by the same names: clients place their own beside them, or have some already. */
function addOwn(stack: MiddlewareStack, config: Config, call: Call): void {
  const { client, operation, ownEndpoint = false } = call;
  const serialize: Middleware = (next, context) => async (args) => {
    context.endpointV2 ??= await endpointOf(client, config, context);
    return next({ ...args, request: call.requestAt(context.endpointV2.url) });
  };
  const findEndpoint: Middleware = (next, context) => async (args) => {
    // After this one, clients put the host of the QueueUrl into an endpoint that is found; and do nothing where none is.
    if (!ownEndpoint) context.endpointV2 = await endpointOf(client, config, context);
    return next(args);
  };
  const deserialize: Middleware = (next) => async (args) => {
    const { response } = await next(args);
    return { response, output: await jsonOf(`${client} answered ${operation}`, response, config.streamCollector) };
  };
  const [serializer, override] = ['serializerMiddleware', true];
  stack.add(serialize, { name: serializer, step: 'serialize', override });
  stack.add(deserialize, { name: 'deserializerMiddleware', step: 'deserialize', override });
  const before = { relation: 'before', toMiddleware: serializer };
  stack.addRelativeTo(findEndpoint, { name: 'endpointV2Middleware', ...before, override });
}
