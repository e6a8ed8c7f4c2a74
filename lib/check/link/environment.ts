import type { Code } from '../model';

/**
 * The environment in which a handler is loaded: what its template says, with a placeholder for what it leaves open and for
 * what Lambda sets. Nothing of this process's own but PATH, so no credentials.
 *
 * Variables: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentOf(
  name: string,
  { handler, environment, unknownVariables = [] }: Pick<Code, 'environment' | 'unknownVariables'> & { handler: string },
  folder: string,
): Record<string, string> {
  // What it preloads would run before the network is out of reach.
  const { NODE_OPTIONS: _, ...variables } = environment;
  return {
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    _HANDLER: handler,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'placeholder',
    AWS_SECRET_ACCESS_KEY: 'placeholder',
    AWS_SESSION_TOKEN: 'placeholder',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'placeholder',
    LAMBDA_TASK_ROOT: folder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    ...Object.fromEntries(unknownVariables.map((variable) => [variable, placeholderFor(variable)])),
    ...variables,
  };
}

/** Does for a name as well as for a URL, such as that of a queue; nothing answers there. */
function placeholderFor(variable: string): string {
  return `https://placeholder.invalid/000000000000/${variable}`;
}
