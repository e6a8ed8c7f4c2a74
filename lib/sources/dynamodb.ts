import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

import { recordsOf } from './records';
import type { Source } from './source';

export const dynamodb: Source<DynamoDBRecord, DynamoDBStreamEvent, DynamoDBRecord, string> = {
  name: 'DynamoDBStreams',
  kind: 'stream',
  eventSource: 'aws:dynamodb',
  records: recordsOf,
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
    with: (record, images: object) => {
      const { NewImage: _new, OldImage: _old, ...change } = record.dynamodb ?? {};
      return { ...record, dynamodb: { ...change, ...images } };
    },
  },
};
