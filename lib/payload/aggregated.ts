import { ParsingError } from '../errors';

/**
 * What a Kinesis record begins with in which the Kinesis Producer Library has put several records. No UTF-8 does, and no
 * gzip: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
const MAGIC = [0xf3, 0x89, 0x9a, 0xc2];

/** The error of bytes that are not what a reader reads; it names an aggregated record, and else says what it is told. */
export function unreadableBytes(bytes: Uint8Array, otherwise: string): ParsingError {
  const isAggregated = MAGIC.every((byte, index) => bytes[index] === byte);
  return new ParsingError(
    isAggregated
      ? 'The record holds several, aggregated by the Kinesis Producer Library: read it with a reader() that takes them apart.'
      : otherwise,
  );
}
