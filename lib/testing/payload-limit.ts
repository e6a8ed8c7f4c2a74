/** What an event, or an answer, may weigh at the most, in bytes: the limits of a synchronous invocation. */
export const PAYLOAD_BYTES = 6 * 1024 * 1024;

export const bytesOf = (record: unknown): number => Buffer.byteLength(JSON.stringify(record));

/** The first of these that fit into one event; at least one, because what is too big alone could never be sent. */
export function fitting<T extends { readonly bytes: number }>(records: Iterable<T>, batchSize: number): T[] {
  const batch: T[] = [];
  let bytes = 0;
  for (const record of records) {
    bytes += record.bytes;
    if (batch.length > 0 && bytes > PAYLOAD_BYTES) break;
    batch.push(record);
    if (batch.length === batchSize) break; // without a look at the next one: to receive a message has effects
  }
  return batch;
}
