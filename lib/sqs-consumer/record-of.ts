import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';

/** A message as the AWS SDK for JavaScript gives it. */
export interface SqsMessage {
  /** What the message is known by. */
  readonly MessageId?: string | undefined;
  /** What it is deleted by: that of its last receive. */
  readonly ReceiptHandle?: string | undefined;
  /** Its text. */
  readonly Body?: string | undefined;
  /** What SQS says of it, such as ApproximateReceiveCount. */
  readonly Attributes?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the sender says of it beside its body. */
  readonly MessageAttributes?: Readonly<Record<string, SqsMessageAttribute>> | undefined;
  /** The MD5 hash of its body, in hex. */
  readonly MD5OfBody?: string | undefined;
  /** The MD5 hash of its message attributes, in hex. */
  readonly MD5OfMessageAttributes?: string | undefined;
}

/** An attribute of it. */
export interface SqsMessageAttribute {
  readonly DataType: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/**
 * A message as Lambda puts it into an event.
 *
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html; where there are no message attributes, their digest is
 * null in most events that AWS has sent.
 */
export function recordOf(message: SqsMessage, eventSourceARN: string): SQSRecord {
  const { Attributes = {}, MessageAttributes = {} } = message;
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, attributeOf(value)] as const);
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: { ...Attributes } as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody!,
    md5OfMessageAttributes: message.MD5OfMessageAttributes ?? (null as unknown as undefined),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: eventSourceARN.split(':')[3]!,
  };
}

function attributeOf({ DataType, StringValue, BinaryValue }: SqsMessageAttribute): SQSMessageAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType as SQSMessageAttribute['dataType'],
  };
}
