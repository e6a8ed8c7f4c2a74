import { expect } from 'chai';

import { everywhere, type Row, specsOf } from './everywhere';
import { eventOf } from './events';
import { running, type Variables } from './lambda-function';

/** What the runtime adds to an error that it logs; in JSON log format the frames are its `stackTrace`, in text its `stack`. */
interface LoggedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly unknown[];
  readonly stack?: readonly unknown[];
}

/** A line of the log in JSON: what is logged alone is its message, else it has the properties of the first error. */
type Line = Partial<LoggedError> & { readonly level: string; readonly message: unknown };

const linesOf = (log: string): Line[] =>
  log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** What the runtime says of the error that a handler rejected with. */
const invokeError = {
  JSON: (log: string) => linesOf(log).find(({ message }) => typeof message === 'object')?.message as LoggedError,
  Text: (log: string) => JSON.parse(/\tERROR\tInvoke Error\s*(\{.*\})/.exec(log)![1]!) as LoggedError,
};

const framesOf = { JSON: 'stackTrace', Text: 'stack' } as const;

/** A row of what can be told of the log of one invocation. */
function row(
  title: string,
  variables: Variables,
  texts: string[],
  tell: (log: string) => unknown,
  expected: unknown,
): Row {
  return {
    title,
    places: everywhere,
    see: (place) =>
      running(place, 'entries.decorated.parallel', variables, async (lambda) => {
        await lambda.invoke(eventOf.queue(...texts), 3000);
        await lambda.end();
        return tell(lambda.log);
      }),
    expected,
  };
}

describe('In the log of the runtime', () => {
  specsOf([
    ...(['JSON', 'Text'] as const).map((format) =>
      row(
        `a full failure has what other errors have, and names its first error, in log format ${format}`,
        { AWS_LAMBDA_LOG_FORMAT: format },
        ['a bad', 'a poison'],
        (log) => {
          const { errorType, errorMessage, [framesOf[format]]: frames } = invokeError[format](log);
          const isTrace =
            Array.isArray(frames) && frames.length > 1 && frames.every((frame) => typeof frame === 'string');
          return { errorType, namesFirst: errorMessage.includes('RangeError: bad'), isTrace };
        },
        { errorType: 'FullBatchFailureError', namesFirst: true, isTrace: true },
      ),
    ),
    row(
      "failed records have the names of their errors, the library's own too",
      { AWS_LAMBDA_LOG_FORMAT: 'JSON', STOP_BEFORE_TIMEOUT: '2500' },
      ['a ok', 'a bad', 'a poison', 'a promise'],
      (log) =>
        linesOf(log)
          .map(({ errorType }) => errorType)
          .sort(),
      ['NonRetryableError', 'RangeError', 'StoppedBeforeTimeoutError'],
    ),
  ]);

  it('a line that is not there is not taken for one', () => {
    expect(invokeError.JSON('')).to.equal(undefined);
    expect(() => invokeError.Text('no error')).to.throw(TypeError);
  });
});
