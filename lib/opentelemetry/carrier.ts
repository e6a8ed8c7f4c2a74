import type { TextMapGetter } from '@opentelemetry/api';

import { quietly } from '../batch/thenable';

/**
 * An attribute of a message as SQS has it; as SNS has it, in the envelope that it puts around what it hands to SQS; and a
 * header of Kafka.
 */
interface Attribute {
  readonly stringValue?: unknown;
  readonly binaryValue?: unknown;
  readonly Type?: unknown;
  readonly Value?: unknown;
  /** Each as a number, signed or not. */
  readonly bytes?: unknown;
}
type Attributes = Readonly<Record<string, Attribute | null | undefined>>;

/** The attributes, or headers, that a sender has added, by name in lower case: carriers do not tell case apart. */
export type Carrier = ReadonlyMap<string, Attribute>;

/** How propagators read a carrier. */
export const getter: TextMapGetter<Carrier> = {
  keys: (carrier) => [...carrier.keys()],
  get: (carrier, name) => textOf(carrier.get(name.toLowerCase())),
};

/**
 * What an SQS record carries of its sender: its message attributes, and those inside of the envelope of SNS, which is there
 * unless the subscription has raw message delivery. What a Kafka record carries: its headers; where a name repeats, the last,
 * as `lastHeader` of Kafka's own client has it. Nothing for records of Kinesis and DynamoDB, and fixtures of unit tests.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html#msk-sample-event
 */
export function carrierOf(record: unknown): Carrier {
  const { body, messageAttributes, headers } = (record ?? {}) as {
    readonly body?: unknown;
    readonly messageAttributes?: Attributes;
    readonly headers?: unknown;
  };
  const carrier = new Map<string, Attribute>();
  for (const attributes of [ofEnvelope(body), messageAttributes]) {
    for (const [name, attribute] of Object.entries(attributes ?? {})) {
      if (attribute != null) carrier.set(name.toLowerCase(), attribute);
    }
  }
  for (const header of Array.isArray(headers) ? (headers as unknown[]) : []) {
    for (const [name, bytes] of Object.entries(Object(header) as object)) carrier.set(name.toLowerCase(), { bytes });
  }
  return carrier;
}

function ofEnvelope(body: unknown): Attributes | undefined {
  if (typeof body !== 'string' || !body.includes('"MessageAttributes"')) return undefined;
  const envelope = quietly(
    () => JSON.parse(body) as { readonly Type?: unknown; readonly MessageAttributes?: Attributes },
  );
  return envelope?.Type === 'Notification' ? envelope.MessageAttributes : undefined;
}

/** Both services have bytes in base64; Lambda has those of headers as signed numbers, which Buffer takes modulo 256. */
function textOf({ stringValue, binaryValue, Type, Value, bytes: header }: Attribute = {}): string | undefined {
  if (Array.isArray(header)) return Buffer.from(header as number[]).toString();
  const isBinary = Type === 'Binary';
  const text = stringValue ?? (isBinary ? undefined : Value);
  if (typeof text === 'string') return text;
  const bytes = binaryValue ?? Value;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString() : undefined;
}
