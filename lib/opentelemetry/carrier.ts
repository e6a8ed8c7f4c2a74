import type { TextMapGetter } from '@opentelemetry/api';

import { quietly } from '../batch/thenable';

/** An attribute of a message as SQS has it; and as SNS has it, in the envelope that it puts around what it hands to SQS. */
interface Attribute {
  readonly stringValue?: unknown;
  readonly binaryValue?: unknown;
  readonly Type?: unknown;
  readonly Value?: unknown;
}
type Attributes = Readonly<Record<string, Attribute | null | undefined>>;

/** The attributes that a sender has added to a message, by name in lower case: carriers do not tell case apart. */
export type Carrier = ReadonlyMap<string, Attribute>;

/** How propagators read a carrier. */
export const getter: TextMapGetter<Carrier> = {
  keys: (carrier) => [...carrier.keys()],
  get: (carrier, name) => textOf(carrier.get(name.toLowerCase())),
};

/**
 * What an SQS record carries of its sender: its message attributes, and those inside of the envelope of SNS, which is there
 * unless the subscription has raw message delivery. Nothing for records of streams, and fixtures of unit tests.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function carrierOf(record: unknown): Carrier {
  const { body, messageAttributes } = (record ?? {}) as {
    readonly body?: unknown;
    readonly messageAttributes?: Attributes;
  };
  const carrier = new Map<string, Attribute>();
  for (const attributes of [ofEnvelope(body), messageAttributes]) {
    for (const [name, attribute] of Object.entries(attributes ?? {})) {
      if (attribute != null) carrier.set(name.toLowerCase(), attribute);
    }
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

/** Both services have bytes in base64. */
function textOf({ stringValue, binaryValue, Type, Value }: Attribute = {}): string | undefined {
  const isBinary = Type === 'Binary';
  const text = stringValue ?? (isBinary ? undefined : Value);
  if (typeof text === 'string') return text;
  const bytes = binaryValue ?? Value;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString() : undefined;
}
