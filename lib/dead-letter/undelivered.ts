import { lazyKindOf } from '../batch/returned';
import { isThenable, quietly } from '../batch/thenable';
import { BatchProcessingError } from '../errors';
import { isError } from '../errors/without-payload';

/**
 * Where the answers of AWS's operations say that something failed, if it is not empty or 0: API_SendMessageBatch of SQS and
 * API_PublishBatch of SNS, API_PutEvents of EventBridge, API_PutRecords of Kinesis, API_PutRecordBatch of Firehose,
 * API_BatchWriteItem of DynamoDB, API_Invoke of Lambda, each at https://docs.aws.amazon.com
 */
const FAILURES = [
  'Failed',
  'FailedEntryCount',
  'FailedRecordCount',
  'FailedPutCount',
  'UnprocessedItems',
  'FunctionError',
] as const;

/** The parts of an answer that can say that it is none of success. */
type Answer = Partial<
  Record<(typeof FAILURES)[number] | 'ok' | 'errors' | 'status' | 'statusCode' | 'StatusCode', unknown>
> & {
  readonly $metadata?: { readonly httpStatusCode?: unknown };
};

/** Why what `deliverTo` answered, or one of several answers, says that it has not delivered; undefined where none does. */
export function undeliveredBy(answer: unknown): Error | undefined {
  for (const each of [answer].flat(Infinity)) {
    const error = errorOf(each);
    if (error !== undefined) return error;
  }
  return undefined;
}

function errorOf(answer: unknown): Error | undefined {
  if (isError(answer)) return answer;
  if (isFulfilled(answer)) return undeliveredBy(answer.value);
  const failure = failureOf(answer);
  return failure === undefined
    ? undefined
    : new BatchProcessingError(`deliverTo has not delivered: it returned ${failure}.`);
}

/** As Promise.allSettled has it. */
const isFulfilled = (answer: unknown): answer is { readonly value: unknown } =>
  (Object(answer) as Answer).status === 'fulfilled';

function failureOf(answer: unknown): string | undefined {
  if (answer === false) return 'false';
  if (isThenable(answer)) {
    quietly(() => answer);
    return 'a promise that nobody awaits';
  }
  const lazy = lazyKindOf(answer);
  if (lazy !== undefined) return `${lazy}, of which nothing has run; use an async function, and await what it does`;
  const given = Object(answer) as Answer; // properties of a Response are its prototype's
  if (given.ok === false) return 'a response that is not ok';
  if (given.status === 'rejected') return 'a promise that was rejected, as Promise.allSettled has it';
  const statuses = [Number(given.$metadata?.httpStatusCode), given.status, given.statusCode, given.StatusCode];
  const status = statuses.find((each): each is number => typeof each === 'number' && each >= 400);
  if (status !== undefined) return `an answer with the status ${status}`;
  if (given.errors === true) return 'an answer whose errors is true';
  const name = FAILURES.find((each) => isSome(given[each]));
  return name && `an answer whose ${name} is not empty`;
}

const isSome = (value: unknown): boolean =>
  typeof value === 'number' ? value > 0 : Object.keys(Object(value) as object).length > 0;
