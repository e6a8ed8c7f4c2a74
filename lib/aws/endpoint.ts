/** An endpoint as the client's stack passes it on. */
export interface Endpoint {
  readonly url: URL;
}

/** What a client knows of its endpoint. */
export interface EndpointConfig {
  /** The one that its user gave. */
  readonly endpoint?: () => Promise<{ protocol: string; hostname: string; port?: number; path: string }>;
  /** The one of the environment, or of the configuration file. */
  readonly serviceConfiguredEndpoint?: () => Promise<string | undefined>;
  readonly region: () => Promise<string>;
  readonly useFipsEndpoint: () => Promise<boolean>;
  readonly useDualstackEndpoint: () => Promise<boolean>;
  /** The SDK's own rules, for every partition. */
  readonly endpointProvider: (parameters: object, context: object) => Endpoint;
}

/**
 * The endpoint that a client resolves, as a command of its own version would have it do.
 *
 * @param service what its variable of the environment ends with, such as SQS
 */
export async function endpointOf(service: string, config: EndpointConfig, context: object): Promise<Endpoint> {
  const parameters = {
    Endpoint: await givenEndpoint(service, config),
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
  };
  return config.endpointProvider(parameters, context);
}

async function givenEndpoint(service: string, { endpoint, serviceConfiguredEndpoint }: EndpointConfig) {
  if (endpoint === undefined) return serviceConfiguredEndpoint ? serviceConfiguredEndpoint() : ofEnvironment(service);
  const { protocol, hostname, port, path } = await endpoint();
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
}

/**
 * For clients up to some 3.6xx: there, only commands know that there is such a thing.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
function ofEnvironment(service: string): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || process.env.AWS_ENDPOINT_URL || undefined;
}
