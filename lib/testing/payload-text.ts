import { show } from '../errors/show';

/**
 * What a payload is in transit: a string as it is, anything else as JSON.
 *
 * @throws TypeError where the payload has no JSON: undefined, a function, a symbol, a bigint, what refers to itself
 */
export function payloadText(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(payload);
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  const received = typeof payload === 'object' ? 'an object that cannot' : show(payload); // never what is in a payload
  throw new TypeError(`Expected a payload that is a string or can be serialised, received ${received}.`, { cause });
}
