const BAD = 'bad';
const BAD_DATA = Buffer.from(BAD).toString('base64');

/** The payloads of a batch, of which some fail. */
export const payloads = (count: number, fails: (index: number) => boolean): string[] =>
  Array.from({ length: count }, (_, index) => (fails(index) ? BAD : 'good'));

/** What every contestant does with a message: nothing, or it fails. */
export function handleBody(body: string): void {
  if (body === BAD) throw new Error('The record is bad.');
}

/** The same for a record of a stream. */
export function handleData(data: string): void {
  if (data === BAD_DATA) throw new Error('The record is bad.');
}

/** Takes the lines about failures: they are made, but written nowhere. */
export const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
