import { eventOf, reporting } from './events';
import { onEachRuntime, specsOf } from './everywhere';
import { running } from './lambda-function';

// As for Lambda Managed Instances; client 3.3.0 takes an invocation only when it has answered the one before.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-nodejs-runtime.html
const concurrent = { AWS_LAMBDA_MAX_CONCURRENCY: '2', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' };
const places = onEachRuntime.filter(({ runtime }) => runtime.client !== '3.3.0');

describe('Invocations that overlap in one process', () => {
  const [first, second] = [eventOf.queue('a bad', 'a meet', 'a ok'), eventOf.queue('b meet', 'b bad', 'b ok')];
  const handlers = [
    'decorated.parallel',
    'decorated.processor',
    'created.parallel',
    'classApi.parallel',
    'classApi.steps',
  ];

  // Neither can be answered before the other runs, because each has a record that waits for one of the other.
  specsOf(
    handlers.map((handler) => ({
      title: `are answered each with its own failures by ${handler}`,
      places,
      see: (place) =>
        running(place, `entries.${handler}`, concurrent, (lambda) =>
          Promise.all([lambda.invoke(first), lambda.invoke(second)]),
        ),
      expected: [reporting(first, 0), reporting(second, 1)],
    })),
  );
});
