import type { AttributeValue } from 'aws-lambda';

/** What a list or map takes for itself, and for each of its elements, in bytes. */
const DOCUMENT_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * How many bytes DynamoDB counts for an item of an event, in whose record bytes are base64; 0 where there is none.
 *
 * Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Readonly<Record<string, AttributeValue>> = {}): number {
  return sum(Object.entries(item), ([name, value]) => Buffer.byteLength(name) + valueSize(value));
}

function valueSize({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B !== undefined) return binarySize(B);
  if (SS !== undefined) return sum(SS, (text) => Buffer.byteLength(text));
  if (NS !== undefined) return sum(NS, numberSize);
  if (BS !== undefined) return sum(BS, binarySize);
  if (L !== undefined) return DOCUMENT_BYTES + sum(L, (value) => ELEMENT_BYTES + valueSize(value));
  if (M !== undefined) return DOCUMENT_BYTES + Object.keys(M).length * ELEMENT_BYTES + itemSize(M);
  return 1; // a boolean, or null
}

/** A byte for two significant digits, and one. */
function numberSize(number: string): number {
  const digits = number.replace(/e.*$/i, '').replace(/[^0-9]/g, '');
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1;
}

const binarySize = (base64: string): number => Buffer.byteLength(base64, 'base64');

const sum = <T>(values: readonly T[], size: (value: T) => number): number =>
  values.reduce((total, value) => total + size(value), 0);
