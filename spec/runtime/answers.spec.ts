import { eventOf, type Kind, reporting } from './events';
import { everywhere, onEachRuntime, type Row, specsOf } from './everywhere';
import { type LambdaFunction, running } from './lambda-function';
import type { Ending } from './runtime-api';

const some = ['a ok', 'b bad', 'a ok', 'b ok', 'a bad', 'a ok'];

/** Each order, its source, and what of `some` it reports. */
const orders: Readonly<Record<string, readonly [Kind, ...number[]]>> = {
  parallel: ['queue', 1, 4],
  sequential: ['queue', 1, 4],
  fifo: ['fifoQueue', 1, 2, 3, 4, 5],
  fifoGroups: ['fifoQueue', 1, 3, 4, 5],
  kinesis: ['kinesis', 1, 4],
  kinesisShard: ['kinesis', 1, 2, 3, 4, 5],
  kinesisKey: ['kinesis', 1, 3, 4, 5],
  dynamodb: ['dynamodb', 1, 4],
  dynamodbShard: ['dynamodb', 1, 2, 3, 4, 5],
  dynamodbKey: ['dynamodb', 1, 3, 4, 5],
};

const otherKind = (kind: Kind): Kind => (kind === 'kinesis' ? 'dynamodb' : 'kinesis');

/** How an invocation ended; of an error, its name and its message. */
async function invoke(lambda: LambdaFunction, event: object): Promise<unknown> {
  const ending: Ending = await lambda.invoke(event);
  return 'error' in ending ? ending.error.errorType : ending;
}

/** One process is invoked over and over: each answer is that of its own batch. */
function rowOf(front: string, order: string): Row {
  const [kind, ...failed] = orders[order]!;
  const [partly, wholly, fully] = [
    eventOf[kind](...some),
    eventOf[kind]('a ok', 'b ok'),
    eventOf[kind]('a bad', 'b bad'),
  ];
  const refused = eventOf[otherKind(kind)]('a ok');
  return {
    title: `with ${front}.${order}: what failed, nothing, a full failure, a refused event, and what failed`,
    places: front === 'decorated' ? everywhere : onEachRuntime, // only a decorator has dialects
    see: (place) =>
      running(place, `entries.${front}.${order}`, {}, async (lambda) => {
        const endings: unknown[] = [];
        for (const event of [partly, wholly, fully, refused, partly]) endings.push(await invoke(lambda, event));
        return endings;
      }),
    expected: [
      reporting(partly, ...failed),
      reporting(wholly),
      'FullBatchFailureError',
      'UnexpectedBatchTypeError',
      reporting(partly, ...failed),
    ],
  };
}

describe('What is posted', () => {
  specsOf(
    ['decorated', 'created', 'classApi'].flatMap((front) => Object.keys(orders).map((order) => rowOf(front, order))),
  );
});
