import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

import type { Entry } from './entry';
import { handleBody, silent } from './handlers';

const handle = async (record: SQSRecord): Promise<void> => handleBody(record.body);

export const parallel = middy()
  .use(sqsPartialBatchFailure({ logger: silent.error }))
  .handler((event: unknown) =>
    Promise.allSettled((event as SQSEvent).Records.map(handle)),
  ) as unknown as Entry<SQSEvent>;
