import type { KinesisStreamRecord } from 'aws-lambda';

import { decodeBase64 } from '../base64';
import { ParsingError } from '../errors';
import type { Source } from './source';

export const kinesis: Source<KinesisStreamRecord> = {
  eventSource: 'aws:kinesis',
  hasShape: (record) => 'kinesis' in record,
  itemIdentifier: (record) => payloadOf(record)?.sequenceNumber,
  orderingKey: (record) => payloadOf(record)?.partitionKey,
  payload: {
    kind: 'bytes',
    of: (record) => {
      const data: unknown = payloadOf(record)?.data;
      const bytes = typeof data === 'string' ? decodeBase64(data) : undefined;
      if (bytes === undefined) throw new ParsingError('The record has no data in base64.');
      return bytes;
    },
    with: (record, data) => ({ ...record, kinesis: { ...record.kinesis, data } }),
  },
};

function payloadOf(record: KinesisStreamRecord): KinesisStreamRecord['kinesis'] | undefined {
  return record.kinesis;
}
