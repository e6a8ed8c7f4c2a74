import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

import { recordsOf } from './records';
import type { Source } from './source';

export const kinesis: Source<KinesisStreamRecord, KinesisStreamEvent, Buffer, string> = {
  name: 'KinesisDataStreams',
  kind: 'stream',
  eventSource: 'aws:kinesis',
  records: recordsOf,
  hasShape: (record) => 'kinesis' in record,
  itemIdentifier: (record) => payloadOf(record)?.sequenceNumber,
  orderingKey: (record) => payloadOf(record)?.partitionKey,
  payload: {
    kind: 'bytes',
    of: (record) => payloadOf(record)?.data,
    with: (record, data) => ({ ...record, kinesis: { ...record.kinesis, data } }),
  },
};

function payloadOf(record: KinesisStreamRecord): KinesisStreamRecord['kinesis'] | undefined {
  return record.kinesis;
}
