import { ParsingError } from '../errors';

/**
 * What a Kinesis record begins with in which the Kinesis Producer Library has put several records. No UTF-8 does, and no
 * gzip: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
const MAGIC = [0xf3, 0x89, 0x9a, 0xc2];

/** The error of what a reader cannot read: it names what that is, where it can be told, and else says what it is told. */
export function unreadablePayload(raw: string | Uint8Array, otherwise: string): ParsingError {
  if (MAGIC.every((byte, index) => raw[index] === byte)) {
    return new ParsingError(
      'The record holds several, aggregated by the Kinesis Producer Library: read it with a reader() that takes them apart.',
    );
  }
  if (isFramed(raw)) {
    return new ParsingError(
      'The payload begins as a schema registry frames it (a zero byte, and a schema id): configure the registry on the event source mapping, or read it with a reader() that takes the frame off.',
    );
  }
  return new ParsingError(otherwise);
}

/**
 * Whether bytes, or the text that they happen to be, begin as serializers of a schema registry write them: with a zero, and
 * four bytes that are the id of a schema. No JSON does, and no gzip:
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
function isFramed(raw: string | Uint8Array): boolean {
  return raw.length >= 5 && (raw[0] === 0 || raw[0] === '\0');
}
