import { checkValue } from '../batch/checks';
import type { BatchLogger } from '../batch/log';
import { show } from '../errors/show';
import { hasMethods } from '../sources';
import type { AwsClient } from '../aws/command';
import { queueNameIn } from './container-context';

/** The longest that a message can be invisible after it was received, in seconds: 12 hours. */
export const LONGEST_SECONDS = 43_200;

/** What `sqsConsumer` takes beside the entry. `C` is the type of the client. */
export interface SqsConsumerOptions<C extends AwsClient = AwsClient> {
  /** An SQSClient of the AWS SDK for JavaScript: it receives, deletes, and changes visibility timeouts. */
  readonly sqs: C;
  /** The URL of the queue. */
  readonly queueUrl: string;
  /** The ARN of the same queue, as each message has it on Lambda; a name that ends with `.fifo` makes it a FIFO queue. */
  readonly queueArn: string;
  /**
   * Seconds that a received message is invisible to others: an integer from 1 to 43,200. Without `heartbeat` it is also how long
   * the handling of a receive may take: what has not been deleted by then comes again.
   */
  readonly visibilityTimeout: number;
  /**
   * Whether a message stays invisible for as long as its method runs, or waits to: every third of `visibilityTimeout` it is made
   * invisible for that long again, until it has failed, or is deleted. Needs the permission `sqs:ChangeMessageVisibility`.
   * Default: false.
   */
  readonly heartbeat?: boolean | undefined;
  /**
   * Seconds that the handling of a receive may take with `heartbeat`: an integer from `visibilityTimeout` to 43,200, which is the
   * longest that SQS allows. The remaining time of the context counts down from it. Default: 43,200 (12 hours).
   */
  readonly longest?: number | undefined;
  /**
   * Seconds that what is at work may go on after `stop()`: from 0 to 43,200. Then `delivery.signal` aborts, what runs has failed,
   * and what has not started is given back. Default: 20; ECS and Kubernetes kill a container 30 seconds after SIGTERM.
   */
  readonly gracePeriod?: number | undefined;
  /** Told what could not be deleted, kept invisible or given back; no bodies: `warn(message)`. Default: `console`. */
  readonly logger?: BatchLogger | undefined;
}

/** The same once they are checked. */
export type CheckedOptions<C extends AwsClient> = {
  readonly [K in keyof SqsConsumerOptions<C>]-?: NonNullable<SqsConsumerOptions<C>[K]>;
};

const WHO = 'sqsConsumer';

const optionNames: readonly (keyof SqsConsumerOptions)[] = [
  'sqs',
  'queueUrl',
  'queueArn',
  'visibilityTimeout',
  'heartbeat',
  'longest',
  'gracePeriod',
  'logger',
];

/** @throws TypeError that says what was expected and what was received */
export function checkOptions<C extends AwsClient>(options: SqsConsumerOptions<C>): CheckedOptions<C> {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`${WHO}: expected options such as { sqs, queueUrl, ... }, received ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !(optionNames as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const hint = "What is sqs-consumer's own goes beside: Consumer.create({ ...orders.options, waitTimeSeconds: 5 }).";
    throw new TypeError(`${WHO}: unknown option ${unknown}; expected one of ${optionNames.join(', ')}. ${hint}`);
  }
  const { sqs, queueUrl, queueArn, visibilityTimeout, heartbeat = false, gracePeriod = 20 } = options;
  const { longest = heartbeat ? LONGEST_SECONDS : visibilityTimeout, logger = console } = options;
  expect('sqs', sqs, 'an SQSClient of @aws-sdk/client-sqs', hasMethods(sqs, ['send']));
  checkQueue(queueUrl, queueArn);
  expect(
    'visibilityTimeout',
    visibilityTimeout,
    `an integer of seconds from 1 to ${LONGEST_SECONDS}`,
    isSeconds(visibilityTimeout, 1),
  );
  expect('heartbeat', heartbeat, 'a boolean', typeof heartbeat === 'boolean');
  if (options.longest !== undefined && !heartbeat) {
    throw new TypeError(`${WHO}: longest is for heartbeat: true, received heartbeat: ${show(options.heartbeat)}.`);
  }
  const expected = `an integer of seconds from visibilityTimeout (${visibilityTimeout}) to ${LONGEST_SECONDS}`;
  expect('longest', longest, expected, isSeconds(longest, visibilityTimeout));
  expect(
    'gracePeriod',
    gracePeriod,
    `a number of seconds from 0 to ${LONGEST_SECONDS}`,
    typeof gracePeriod === 'number' && gracePeriod >= 0 && gracePeriod <= LONGEST_SECONDS,
  );
  checkValue(WHO, 'logger', logger);
  return { sqs, queueUrl, queueArn, visibilityTimeout, heartbeat, longest, gracePeriod, logger };
}

function checkQueue(url: unknown, arn: unknown): void {
  const isUrl = typeof url === 'string' && /^https?:\/\/[^/]+\/./.test(url);
  expect('queueUrl', url, 'the URL of a queue, as GetQueueUrl gives it', isUrl);
  const isArn = typeof arn === 'string' && /^arn:[^:]+:sqs:[^:]+:[^:]*:[^:]+$/.test(arn);
  expect('queueArn', arn, 'the ARN of a queue, such as arn:aws:sqs:eu-west-1:123456789012:orders', isArn);
  const [name, ofUrl] = [queueNameIn(arn as string), (url as string).split('/').pop()];
  if (name === ofUrl) return;
  throw new TypeError(`${WHO}: expected queueUrl and queueArn of one queue, received those of ${ofUrl} and ${name}.`);
}

const isSeconds = (value: unknown, min: number): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= LONGEST_SECONDS;

function expect(name: string, value: unknown, expected: string, isRight: boolean): void {
  if (!isRight) throw new TypeError(`${WHO}: expected ${name} to be ${expected}, received ${show(value)}.`);
}
