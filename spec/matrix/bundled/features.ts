import { BatchHandler, lambdaHandler, observe, ParsingError } from 'lambda-batch-handler';
import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';
import { openTelemetry } from 'lambda-batch-handler/opentelemetry';
import { json } from 'lambda-batch-handler/payload';
import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';

class Orders {
  @BatchHandler({
    source: 'SQS',
    payload: json<{ readonly id: string }>(),
    nonRetryable: deadLetter({ errors: [ParsingError], deliverTo: sqsQueue({ queueUrl }) }),
    retryDelay: exponentialBackoff({ base: 60, jitter: false }),
    observers: [
      openTelemetry(),
      observe({ onBatchEnd: ({ failed, delivered }) => console.log(`${failed} failed, ${delivered} delivered`) }),
    ],
    logger: { debug() {}, warn: console.log, error() {} },
  })
  async handle({ id }: { readonly id: string }): Promise<void> {
    if (id === 'bad') throw new Error('not accepted');
  }
}

export const handler = lambdaHandler<'SQS'>(new Orders(), 'handle');
