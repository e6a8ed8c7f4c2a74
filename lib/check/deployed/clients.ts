import type * as clientLambda from '@aws-sdk/client-lambda';
import type * as clientSqs from '@aws-sdk/client-sqs';

import { loadPeer } from '../../batch/peer';
import { partsOf } from './function-name';

/** The clients of the AWS SDK that it takes, as far as they are used. */
export interface Clients {
  readonly lambda: Pick<
    clientLambda.Lambda,
    'getFunctionConfiguration' | 'getFunctionConcurrency' | 'listEventSourceMappings'
  >;
  readonly sqs: Pick<clientSqs.SQS, 'getQueueUrl' | 'getQueueAttributes'>;
}

/**
 * Clients of the user's SDK, configured by the environment; the region is that of the function where its ARN says so.
 *
 * @throws BatchProcessingError where a package is not installed: it says what to do
 */
export function clientsFor(functionName = ''): Clients {
  const { Lambda } = loadPeer<typeof clientLambda>('@aws-sdk/client-lambda', { user: '--deployed' });
  const { SQS } = loadPeer<typeof clientSqs>('@aws-sdk/client-sqs', { user: '--deployed' });
  const { region } = partsOf(functionName);
  const config = region === undefined ? {} : { region };
  return { lambda: new Lambda(config), sqs: new SQS(config) };
}
