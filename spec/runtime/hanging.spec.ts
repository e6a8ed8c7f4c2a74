import { eventOf, type Kind, reporting } from './events';
import { onEachRuntime, type Row, specsOf } from './everywhere';
import { type Place, running, type Variables } from './lambda-function';

// Times are real, as the runtime's are. One that has nothing left to wait for tells within milliseconds; an answer has some
// seconds, for the sake of machines that are busy.
const TIMEOUT_MS = 400;
const LONG_TIMEOUT_MS = 3000;
/** A deadline after half a second. */
const early = { STOP_BEFORE_TIMEOUT: '2500' };
/** A deadline when more than half of the time is over, which is the longest that an observer is waited for. */
const late = { STOP_BEFORE_TIMEOUT: '1000' };

/** How one invocation ends whose function has that timeout. */
const endingOf = (place: Place, handler: string, event: object, timeoutMs: number): Promise<unknown> =>
  running(place, handler, {}, (lambda) => lambda.invoke(event, timeoutMs));

/** How an invocation ends, and the next in the same process, in which what still hangs of the first one rejects. */
const twoEndingsOf = (place: Place, handler: string, event: object, variables: Variables): Promise<unknown> =>
  running(place, handler, variables, async (lambda) => {
    const endings: unknown[] = [];
    for (const time of ['first', 'second']) {
      const ending = await lambda.invoke(event, LONG_TIMEOUT_MS);
      endings.push([time, 'error' in ending ? ending.error.errorType : ending]);
    }
    return endings;
  });

const twice = (ending: unknown): unknown => [
  ['first', ending],
  ['second', ending],
];

/** Each order, and its source. */
const orders: Readonly<Record<string, Kind>> = {
  parallel: 'queue',
  sequential: 'queue',
  fifo: 'fifoQueue',
  fifoGroups: 'fifoQueue',
  kinesis: 'kinesis',
  kinesisShard: 'kinesis',
  kinesisKey: 'kinesis',
  dynamodb: 'dynamodb',
  dynamodbShard: 'dynamodb',
  dynamodbKey: 'dynamodb',
};

const methods: readonly (readonly [handler: string, kind: Kind])[] = [
  ...['decorated', 'created', 'classApi'].flatMap((front) =>
    Object.entries(orders).map(([order, kind]) => [`entries.${front}.${order}`, kind] as const),
  ),
  ['entries.decorated.processor', 'queue'],
  ['entries.decorated.fifoProcessor', 'fifoQueue'],
  ['entries.classApi.steps', 'queue'],
];

/** What hangs beside the method, the records with which it does, and what an answer at the deadline reports. */
const hooks: Readonly<Record<string, readonly [texts: readonly string[], atDeadline: string | readonly number[]]>> = {
  reader: [
    ['a ok', 'a held', 'a bad'],
    [1, 2],
  ],
  deliverTo: [
    ['a ok', 'a poison', 'a bad'],
    [1, 2],
  ],
  aroundRecord: [['a ok'], 'FullBatchFailureError'],
  prepare: [['a ok', 'a bad'], 'FullBatchFailureError'],
  clean: [['a ok', 'a bad'], [1]],
  failureHandler: [['a ok', 'a bad'], [1]],
  successHandler: [['a ok', 'a bad'], 'FullBatchFailureError'],
};

const frontsWith: Readonly<Record<string, readonly string[]>> = {
  reader: ['decorated', 'created', 'classApi'],
  deliverTo: ['decorated', 'created', 'classApi'],
  aroundRecord: ['decorated', 'created', 'classApi'],
  prepare: ['decorated', 'classApi'],
  clean: ['decorated', 'classApi'],
  failureHandler: ['decorated', 'classApi'],
  successHandler: ['decorated', 'classApi'],
};

const hookRows = Object.entries(frontsWith).flatMap(([hook, fronts]) =>
  fronts.map((front) => ({ hook, handler: `hooks.${front}.${hook}` })),
);

describe('Where something hangs that nothing keeps alive', () => {
  describe('nothing is posted until the timeout', () => {
    const row = (handler: string, event: object, title = handler): Row => ({
      title,
      places: onEachRuntime,
      see: (place) => endingOf(place, handler, event, TIMEOUT_MS),
      expected: { timedOut: true },
    });

    specsOf([
      ...methods.map(([handler, kind]) => row(handler, eventOf[kind]('a ok', 'a promise', 'a bad'))),
      ...['an event', 'a stream'].map((what) =>
        row(
          'entries.decorated.parallel',
          eventOf.queue('a ok', `a ${what.split(' ')[1]}`, 'a bad'),
          `a method that awaits ${what}`,
        ),
      ),
      ...hookRows.map(({ hook, handler }) => row(handler, eventOf.queue(...hooks[hook]![0]))),
    ]);
  });

  describe('with stopBeforeTimeout there is an answer at the deadline, and what rejects later changes nothing', () => {
    const row = (handler: string, event: object, ending: unknown): Row => ({
      title: handler,
      places: onEachRuntime,
      see: (place) => twoEndingsOf(place, handler, event, early),
      expected: twice(ending),
    });

    specsOf([
      ...methods.map(([handler, kind]) => {
        const event = eventOf[kind]('a ok', 'a held', 'a bad');
        return row(handler, event, reporting(event, 1, 2));
      }),
      ...hookRows.map(({ hook, handler }) => {
        const [texts, atDeadline] = hooks[hook]!;
        const event = eventOf.queue(...texts);
        return row(handler, event, typeof atDeadline === 'string' ? atDeadline : reporting(event, ...atDeadline));
      }),
    ]);
  });

  describe('what is no part of the answer is given up before the timeout', () => {
    const event = eventOf.queue('a ok', 'a bad');
    const handlers = ['decorated', 'created', 'classApi'].flatMap((front) =>
      ['onBatchStart', 'onBatchEnd', 'retryDelay'].map((hook) => `hooks.${front}.${hook}`),
    );

    specsOf(
      handlers.flatMap((handler): Row[] => [
        {
          title: handler,
          places: onEachRuntime,
          see: (place) => endingOf(place, handler, event, LONG_TIMEOUT_MS),
          expected: reporting(event, 1),
        },
        {
          title: `${handler} with stopBeforeTimeout`,
          places: onEachRuntime,
          see: (place) => twoEndingsOf(place, handler, event, late),
          expected: twice(reporting(event, 1)),
        },
      ]),
    );
  });

  describe('what comes all the same is waited for', () => {
    const event = eventOf.queue('a timer', 'a signal', 'a bad');

    specsOf(
      ['decorated', 'created', 'classApi'].map((front) => ({
        title: `entries.${front}.parallel`,
        places: onEachRuntime,
        see: (place: Place) => endingOf(place, `entries.${front}.parallel`, event, 10_000),
        expected: reporting(event, 2),
      })),
    );
  });
});
