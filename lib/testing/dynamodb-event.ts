import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

import { show } from '../errors/show';
import {
  anyInteger,
  checkArray,
  checkDate,
  checkInteger,
  checkObject,
  checkOneOf,
  checkOptions,
  checkString,
  isObject,
} from './check';
import { Ids } from './ids';
import { itemSize } from './item-size';
import { marshalled } from './marshalled';
import { startTime } from './start-time';

/** A change of an item, in plain values. Its images hold its keys, whether they are named again or not. */
export interface DynamoDBChange {
  /** What was done to the item. */
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** The key attributes of the item. */
  readonly keys: object;
  /** The item after the change; a REMOVE has none. */
  readonly newImage?: object;
  /** The item before the change; an INSERT has none. */
  readonly oldImage?: object;
  /** REMOVE: whether it happened because the item's time to live was over. Default: false. */
  readonly expired?: boolean;
}

const viewTypes = ['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY'] as const;

/** Options of `dynamodbEvent`. */
export interface DynamoDBEventOptions {
  /** The stream. Default: one of a table named `orders`. */
  readonly eventSourceARN?: string;
  /** Which of the images that changes have are in the stream. Default: NEW_AND_OLD_IMAGES. */
  readonly streamViewType?: (typeof viewTypes)[number];
  /** When the changes happened, to the second. Default: 2026-01-01. */
  readonly changedAt?: Date;
  /** The same seed makes the same sequence numbers. Default: 1. */
  readonly seed?: number;
}

const optionNames: readonly (keyof DynamoDBEventOptions)[] = ['eventSourceARN', 'streamViewType', 'changedAt', 'seed'];

/**
 * The event that Lambda makes of these changes of a table, in order. Sequence numbers have 28 digits, and ascend.
 *
 * It marshals with `@aws-sdk/util-dynamodb`, which has to be installed beside.
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 *
 * @throws TypeError where a change or an option is not what it should be
 * @throws Error where `@aws-sdk/util-dynamodb` is not installed
 *
 * @example
 * ```ts
 * const event = dynamodbEvent([{ eventName: 'INSERT', keys: { id: 'order-1' }, newImage: { total: 12 } }]);
 * ```
 */
export function dynamodbEvent(
  changes: readonly DynamoDBChange[],
  options: DynamoDBEventOptions = {},
): DynamoDBStreamEvent {
  checkArray('changes', changes);
  checkOptions('dynamodbEvent', options, optionNames);
  const { streamViewType = 'NEW_AND_OLD_IMAGES', changedAt = startTime, seed = 1 } = options;
  const { eventSourceARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000' } =
    options;
  checkString('eventSourceARN', eventSourceARN);
  checkOneOf('streamViewType', streamViewType, viewTypes);
  checkDate('changedAt', changedAt);
  checkInteger('seed', seed, anyInteger);
  const ids = new Ids('dynamodb', seed);
  const sequence = ids.sequenceStart(28, '4');

  const recordOf = (change: DynamoDBChange, index: number): DynamoDBRecord => {
    checkChange(change);
    const { eventName, keys, newImage, oldImage, expired = false } = change;
    const Keys = marshalled(keys) as Record<string, AttributeValue>;
    const imageOf = (image: object | undefined, type: string) =>
      image !== undefined && (streamViewType === type || streamViewType === 'NEW_AND_OLD_IMAGES')
        ? (marshalled({ ...keys, ...image }) as Record<string, AttributeValue>)
        : undefined;
    const NewImage = imageOf(newImage, 'NEW_IMAGE');
    const OldImage = imageOf(oldImage, 'OLD_IMAGE');
    return {
      eventID: ids.hex(32),
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: eventSourceARN.split(':')[3] ?? '',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(changedAt.getTime() / 1000),
        Keys,
        ...(NewImage && { NewImage }),
        ...(OldImage && { OldImage }),
        SequenceNumber: String(sequence + BigInt(index)),
        SizeBytes: itemSize(Keys) + itemSize(NewImage) + itemSize(OldImage),
        StreamViewType: streamViewType,
      },
      eventSourceARN,
      ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    };
  };
  return { Records: Array.from(changes, recordOf) };
}

function checkChange(change: DynamoDBChange): void {
  checkObject('a change', change);
  const { eventName, keys, newImage, oldImage, expired } = change;
  checkOneOf('eventName', eventName, ['INSERT', 'MODIFY', 'REMOVE']);
  if (!isObject(keys) || Object.keys(keys).length === 0) {
    throw new TypeError(`Expected the keys of a change, such as { id: '1' }, received ${show(keys)}.`);
  }
  if (newImage !== undefined) checkObject('newImage', newImage);
  if (oldImage !== undefined) checkObject('oldImage', oldImage);
  const impossible =
    (eventName === 'INSERT' && oldImage && 'oldImage') ||
    (eventName === 'REMOVE' && newImage && 'newImage') ||
    (eventName !== 'REMOVE' && expired && 'expired: true');
  if (impossible) throw new TypeError(`Expected a change that can be, received ${eventName} with ${impossible}.`);
}
