import type { KinesisStreamRecord } from 'aws-lambda';

import type { Source } from './source';

export const kinesis: Source<KinesisStreamRecord> = {
  eventSource: 'aws:kinesis',
  hasShape: (record) => 'kinesis' in record,
  itemIdentifier: (record) => payloadOf(record)?.sequenceNumber,
  orderingKey: (record) => payloadOf(record)?.partitionKey,
};

function payloadOf(record: KinesisStreamRecord): KinesisStreamRecord['kinesis'] | undefined {
  return record.kinesis;
}
