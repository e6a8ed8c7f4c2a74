import { type Endpoint, type EndpointConfig, endpointOf } from './endpoint';
import { answerOf, type HttpRequest, type HttpResponse, requestOf, type StreamCollector } from './json';

/** The calls that this library makes. */
export type SqsOperation = 'ChangeMessageVisibilityBatch' | 'DeleteMessageBatch' | 'SendMessageBatch';

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
 * client is configured for, write JSON and read it. All else, such as retries, signing and what its user has added, is
 * middleware of the client.
 *
 * @param ownEndpoint whether the client's own endpoint is called, whatever the QueueUrl
 */
export function sqsCommand(operation: SqsOperation, input: object, ownEndpoint: boolean): object {
  const commandName = `${operation}Command`;
  return {
    constructor: { name: commandName }, // tracers and test doubles know a command by the name of its class
    input,

    /** What `send` of a client calls: all that the SDK asks of a command. */
    resolveMiddleware(clientStack: MiddlewareStack, config: Config, options: object): Handler {
      const stack = clientStack.clone();
      addOwn(stack, config, operation, ownEndpoint);
      return stack.resolve(({ request }) => config.requestHandler.handle(request, options), {
        logger: config.logger,
        clientName: 'SQSClient',
        commandName,
        inputFilterSensitiveLog: withoutEntries,
        outputFilterSensitiveLog: withoutEntries,
        __smithy_context: { service: 'AmazonSQS', operation, ...options }, // newer retries look there for the signal
      });
    },
  };
}

/** Adds what the SDK's commands would, by the same names: clients place their own beside them, or have some already. */
function addOwn(stack: MiddlewareStack, config: Config, operation: SqsOperation, ownEndpoint: boolean): void {
  const serialize: Middleware = (next, context) => async (args) => {
    context.endpointV2 ??= await endpointOf(config, context);
    return next({ ...args, request: requestOf(operation, args.input, context.endpointV2.url) });
  };
  const findEndpoint: Middleware = (next, context) => async (args) => {
    // After this one, clients put the host of the QueueUrl into an endpoint that is found; and do nothing where none is.
    if (!ownEndpoint) context.endpointV2 = await endpointOf(config, context);
    return next(args);
  };
  const deserialize: Middleware = (next) => async (args) => {
    const { response } = await next(args);
    return { response, output: await answerOf(operation, response, config.streamCollector) };
  };
  const [serializer, override] = ['serializerMiddleware', true];
  stack.add(serialize, { name: serializer, step: 'serialize', override });
  stack.add(deserialize, { name: 'deserializerMiddleware', step: 'deserialize', override });
  const before = { relation: 'before', toMiddleware: serializer };
  stack.addRelativeTo(findEndpoint, { name: 'endpointV2Middleware', ...before, override });
}

/** What the client's logger is given: never what a message says. */
const withoutEntries = ({ QueueUrl }: { readonly QueueUrl?: string }): object => ({ QueueUrl });
