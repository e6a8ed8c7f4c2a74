import type { Outcome } from './outcome';

/** The records to report, and those that should be reported but have no identifier. */
export interface Report<I> {
  readonly batchItemFailures: { itemIdentifier: I }[];
  /** Indexes, in record order. */
  readonly unidentified: number[];
}

/**
 * Lists every record that did not succeed, by identifier, in record order, each identifier once.
 *
 * @param textOf tells identifiers that are objects apart
 */
export function report<I extends string | object>(
  identifiers: readonly (I | undefined)[],
  outcomes: readonly Outcome[],
  textOf: (identifier: I) => string,
): Report<I> {
  const batchItemFailures: { itemIdentifier: I }[] = [];
  const unidentified: number[] = [];
  let reported: Set<string> | undefined; // most batches have no failure
  for (let index = 0; index < identifiers.length; index++) {
    if (outcomes[index]?.status === 'success') continue;
    const itemIdentifier = identifiers[index];
    if (itemIdentifier === undefined) {
      unidentified.push(index);
      continue;
    }
    const text = typeof itemIdentifier === 'string' ? itemIdentifier : textOf(itemIdentifier);
    if ((reported ??= new Set()).has(text)) continue;
    reported.add(text);
    // A fresh object: who changes the answer does not change the batch.
    batchItemFailures.push({ itemIdentifier: copyOf(itemIdentifier) });
  }
  return { batchItemFailures, unidentified };
}

function copyOf<I extends string | object>(identifier: I): I {
  return typeof identifier === 'string' ? identifier : Object.assign({}, identifier);
}
