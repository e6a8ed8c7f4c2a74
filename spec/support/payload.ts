/** What no log line may show. */
export const secret = 'SECRET-4711';

/** The error of JSON.parse, which quotes its input. */
export function parseError(text = `{"a": ${secret}}`): Error {
  try {
    JSON.parse(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected a text that is no JSON.');
}
