import type { Outcome } from './outcome';

/** The records to report, and those that should be reported but have no identifier. */
export interface Report {
  readonly batchItemFailures: { itemIdentifier: string }[];
  /** Indexes, in record order. */
  readonly unidentified: number[];
}

/** Lists every record that did not succeed, by identifier, in record order, each identifier once. */
export function report(identifiers: readonly (string | undefined)[], outcomes: readonly Outcome[]): Report {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  const unidentified: number[] = [];
  let reported: Set<string> | undefined; // most batches have no failure
  for (let index = 0; index < identifiers.length; index++) {
    if (outcomes[index]?.status === 'success') continue;
    const itemIdentifier = identifiers[index];
    if (itemIdentifier === undefined) {
      unidentified.push(index);
    } else if (!(reported ??= new Set()).has(itemIdentifier)) {
      reported.add(itemIdentifier);
      batchItemFailures.push({ itemIdentifier });
    }
  }
  return { batchItemFailures, unidentified };
}
