import { ParsingError } from '../errors';
import { bytesOf } from '../sources/base64';
import { received } from './received';

/** What is made of the text of a number. */
type ReadNumber = (text: string) => unknown;

/**
 * The plain values of attributes, as the records of a stream have them: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html
 * Bytes are base64 there, and bytes in what GetRecords of the SDK answers.
 *
 * @throws ParsingError where they are none
 */
export function attributesOf(item: unknown, number: ReadNumber): Record<string, unknown> {
  if (typeof item !== 'object' || item === null) throw new ParsingError(`expected attributes, ${received(item)}`);
  // Not by assignment, which would take a name like __proto__ for the prototype.
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainOf(value, number)]));
}

function plainOf(value: unknown, number: ReadNumber): unknown {
  const [type, held] = Object.entries(Object(value) as object).find(([, each]) => !isAbsent(each)) ?? [];
  switch (type) {
    case 'S':
      return held;
    case 'N':
      return number(String(held));
    case 'BOOL':
      return Boolean(held);
    case 'NULL':
      return null;
    case 'B':
      return binary(held);
    case 'L':
      return listOf(held).map((each) => plainOf(each, number));
    case 'M':
      return attributesOf(held, number);
    case 'SS':
      return new Set(listOf(held));
    case 'NS':
      return new Set(listOf(held).map((each) => number(String(each))));
    case 'BS':
      return new Set(listOf(held).map(binary));
    default:
      throw unexpected(value);
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function binary(held: unknown): Buffer {
  const bytes = bytesOf(held);
  if (bytes === undefined) throw new ParsingError(`expected bytes, or text in base64, ${received(held)}`);
  return bytes;
}

function listOf(held: unknown): unknown[] {
  if (Array.isArray(held)) return held;
  throw unexpected(held);
}

const unexpected = (value: unknown): ParsingError =>
  new ParsingError(`expected attribute values such as { S: 'text' }, ${received(value)}`);
