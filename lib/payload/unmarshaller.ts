import { loadPeer } from '../batch/peer';
import { BatchProcessingError, ParsingError } from '../errors';
import { attributesOf } from './attributes';
import { type UtilDynamodb, utilDynamodb } from './util-dynamodb';

/** How numbers are read; as in `@aws-sdk/util-dynamodb`, but that no number fails. */
export interface UnmarshallOptions {
  /**
   * `true` keeps numbers as NumberValue of the SDK, whose `value` is the text; a function makes of the text what it returns.
   * Default, and `false`: a number; beyond 2^53 a bigint where it is whole, and a NumberValue where it has a fraction or an
   * exponent. A number has 17 digits, and DynamoDB's have 38: use this where all of them count.
   */
  readonly wrapNumbers?: boolean | ((text: string) => unknown);
}

/**
 * What unmarshalls the keys and images of a stream's records. It throws ParsingError, which says why, and nothing of the item.
 *
 * @throws BatchProcessingError where `@aws-sdk/util-dynamodb` is not installed
 */
export function unmarshaller(options: UnmarshallOptions): (name: string, item: unknown) => Record<string, unknown> {
  const peer = loadPeer<UtilDynamodb>('@aws-sdk/util-dynamodb', { user: 'images()', seen: utilDynamodb });
  const numberValue = (text: string): unknown => peer.unmarshall({ number: { N: text } }, { wrapNumbers: true }).number;
  const number = numbersBy(options, numberValue);
  return (name, item) => {
    try {
      return attributesOf(item, number);
    } catch (thrown) {
      const why = thrown instanceof BatchProcessingError ? thrown.message : 'it is nested too deeply.';
      throw new ParsingError(`The ${name} cannot be unmarshalled: ${why}`);
    }
  };
}

/** What is made of the text of each number. */
function numbersBy(
  { wrapNumbers }: UnmarshallOptions,
  numberValue: (text: string) => unknown,
): (text: string) => unknown {
  if (typeof wrapNumbers !== 'function') {
    return wrapNumbers ? numberValue : (text) => numberOf(text) ?? numberValue(text);
  }
  return (text) => {
    try {
      return wrapNumbers(text);
    } catch {
      throw new ParsingError('wrapNumbers threw an error, and is called for every number.');
    }
  };
}

/** A number, or a bigint; undefined where neither is close. */
function numberOf(text: string): number | bigint | undefined {
  const number = Number(text);
  if (Number.isNaN(number)) throw new ParsingError('a number is none.');
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}
