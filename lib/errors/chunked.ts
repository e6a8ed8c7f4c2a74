/** A call of a method that handles chunks, at the moment at which it is made. */
export interface ChunkCall {
  /** Its records, in order. */
  readonly deliveries: readonly { readonly itemIdentifier: string | undefined; readonly record: unknown }[];
}

/** The diagnostics channel where the test kit hears of them, as of what is delivered elsewhere. */
export const CHUNKED = 'lambda-batch-handler:chunked';
