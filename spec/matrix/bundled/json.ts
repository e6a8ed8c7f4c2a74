import { BatchHandler, lambdaHandler } from 'lambda-batch-handler';
import { json } from 'lambda-batch-handler/payload';

class Orders {
  @BatchHandler({
    source: 'SQS',
    payload: json<{ readonly id: string }>(),
    logger: { debug() {}, warn: console.log, error() {} },
  })
  async handle({ id }: { readonly id: string }): Promise<void> {
    if (id === 'bad') throw new Error('not accepted');
  }
}

export const handler = lambdaHandler<'SQS'>(new Orders(), 'handle');
