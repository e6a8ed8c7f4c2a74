import type { SQSRecord } from 'aws-lambda';

import { sqsRecord } from './events';

export const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
export const xRayHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

interface Sender {
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly xRayHeader?: string;
}

/** A message that says which span sent it. */
export function tracedRecord(body: string, { xRayHeader: header, ...attributes }: Sender): SQSRecord {
  const record = sqsRecord(body);
  if (header !== undefined) record.attributes.AWSTraceHeader = header;
  for (const [name, stringValue] of Object.entries(attributes)) {
    record.messageAttributes[name] = { stringValue, dataType: 'String' };
  }
  return record;
}
