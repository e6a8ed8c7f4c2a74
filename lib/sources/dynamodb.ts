import type { DynamoDBRecord } from 'aws-lambda';

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
};
