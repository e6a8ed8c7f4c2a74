import type { AttributeValue } from 'aws-lambda';

import { loadPeer } from '../batch/peer';
import { decodeBase64 } from '../sources/base64';
import { type UtilDynamodb, utilDynamodb } from './util-dynamodb';

/** How numbers are read; as in `@aws-sdk/util-dynamodb`. */
export interface UnmarshallOptions {
  /**
   * `true` keeps numbers as NumberValue, whose `value` is the text; a function makes of the text what it returns.
   * Default: a number; a bigint for integers beyond 2^53. A number has 17 digits, and DynamoDB's have 38: use this where
   * all of them count.
   */
  readonly wrapNumbers?: boolean | ((text: string) => unknown);
}

type Attributes = Record<string, AttributeValue>;
/**
 * What unmarshalls the images of a stream's records, whose bytes are in base64.
 *
 * @throws BatchProcessingError where `@aws-sdk/util-dynamodb` is not installed
 */
export function unmarshaller(options: UnmarshallOptions): (item: Attributes) => Record<string, unknown> {
  const peer = loadPeer<UtilDynamodb>('@aws-sdk/util-dynamodb', { user: 'images()', seen: utilDynamodb });
  return (item) => peer.unmarshall(withBytes(item), options);
}

function withBytes(item: Attributes): Attributes {
  // The unmarshaller assigns to a plain object, whose prototype this name would change.
  if (Object.hasOwn(item, '__proto__')) throw new TypeError('An attribute is named __proto__.');
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueWithBytes(value)]));
}

function valueWithBytes(value: AttributeValue): AttributeValue {
  if (value.B !== undefined) return { B: bytesOf(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(bytesOf) };
  if (value.L !== undefined) return { L: value.L.map(valueWithBytes) };
  if (value.M !== undefined) return { M: withBytes(value.M) };
  return value;
}

/** Typed as the text that it is in an event. */
function bytesOf(text: string): string {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new TypeError('Bytes are no base64.');
  return bytes as unknown as string;
}
