import type { DynamoDBRecord } from 'aws-lambda';

import { BatchProcessingError } from '../errors';
import type { Source } from './source';

export const dynamodb: Source<DynamoDBRecord> = {
  eventSource: 'aws:dynamodb',
  hasShape: (record) => 'dynamodb' in record,
  itemIdentifier: (record) => record.dynamodb?.SequenceNumber,
  orderingKey: (record) => {
    const keys = record.dynamodb?.Keys ?? undefined;
    if (keys === undefined) return undefined;
    // By value: attribute names come in any order.
    return JSON.stringify(
      Object.keys(keys)
        .sort()
        .map((name) => [name, keys[name]]),
    );
  },
  payload: {
    kind: 'change',
    of: (record) => record,
    with: (record, change) => {
      const { eventName, newImage, oldImage } = (change ?? {}) as Partial<Record<string, unknown>>;
      if (typeof eventName !== 'string') {
        throw new BatchProcessingError(
          'Expected the payload reader to return { eventName, newImage?, oldImage? }, as images() does, received something else.',
        );
      }
      const dynamodb = { ...record.dynamodb };
      delete dynamodb.NewImage;
      delete dynamodb.OldImage;
      if (newImage !== undefined) Object.assign(dynamodb, { NewImage: newImage });
      if (oldImage !== undefined) Object.assign(dynamodb, { OldImage: oldImage });
      return { ...record, dynamodb };
    },
  },
};
