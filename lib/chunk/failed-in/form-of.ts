/**
 * A text that is the same for values that are equal: whatever the order of properties, and of the members of a set; all
 * binary types by their bytes; without properties that are undefined, which the SDK leaves out.
 *
 * With `asStored` it is also the same for values that are one to DynamoDB, as a value can come back from the document client
 * in another form than it was given: a number as a bigint or a NumberValue, what is empty as null, and a set of attributes as
 * a list in any order.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export function formOf(value: unknown, asStored: boolean): string {
  const of = (each: unknown): string => formOf(each, asStored);
  const setOf = (members: readonly unknown[]): string => `set(${members.map(of).sort().join()})`;
  if (asStored) {
    const number = numberIn(value);
    if (number !== undefined) return `number ${number}`;
    if (isEmpty(value)) return of(null);
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  const bytes = bytesIn(value);
  if (bytes !== undefined) return `binary ${bytes.toString('base64')}`;
  if (Array.isArray(value)) return `[${(asStored ? value.filter(isSent) : value).map(of).join()}]`;
  if (isSet(value)) return setOf([...value].filter(isSent));
  const properties = entriesOf(value);
  if (asStored && properties.length === 1) {
    const [type, members] = properties[0]!;
    if (SETS.includes(type) && Array.isArray(members)) {
      return setOf(members.map((member) => ({ [type.charAt(0)]: member as unknown })));
    }
  }
  return `{${properties
    .map(([name, each]) => `${JSON.stringify(name)}:${of(each)}`)
    .sort()
    .join()}}`;
}

/** The types of attributes that are sets. */
const SETS = ['SS', 'NS', 'BS'];

/** Functions are left out as well by the document client. */
const isSent = (value: unknown): boolean => value !== undefined && typeof value !== 'function';

function entriesOf(value: object): [string, unknown][] {
  const entries = isMap(value)
    ? [...value].map(([key, each]): [string, unknown] => [String(key), each])
    : Object.entries(value);
  return entries.filter(([, each]) => isSent(each));
}

/** The name of a built-in class, also of another realm. */
const classOf = (value: object): string => Object.prototype.toString.call(value).slice('[object '.length, -1);

const isSet = (value: object): value is ReadonlySet<unknown> => classOf(value) === 'Set';
const isMap = (value: object): value is ReadonlyMap<unknown, unknown> => classOf(value) === 'Map';
const isArrayBuffer = (value: object): value is ArrayBuffer => classOf(value) === 'ArrayBuffer';

function bytesIn(value: object): Buffer | undefined {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return isArrayBuffer(value) ? Buffer.from(value) : undefined;
}

/** What the document client makes null of where it is told to convert what is empty. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === '';
  return isSet(value) ? value.size === 0 : bytesIn(value)?.length === 0;
}

/** The number that a value is to DynamoDB, in one form: also `{ N: '1' }`, and a NumberValue, which has its text as `value`. */
function numberIn(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return decimal(String(value));
  if (typeof value !== 'object' || value === null) return undefined;
  const names = Object.keys(value);
  const { N, value: wrapped } = value as { readonly N?: unknown; readonly value?: unknown };
  const text = names.length === 1 ? (N ?? wrapped) : undefined;
  return typeof text === 'string' ? decimal(text) : undefined;
}

/** Digits without zeros at either end, and an exponent; undefined for what is no number. */
function decimal(text: string): string | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign === '-' ? '-' : ''}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
