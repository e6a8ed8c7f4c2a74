/** A test of the runner. */
export declare const it: (title: string, test: () => Promise<void>) => void;

/** Spies on the entry of an instance, by what the runner has for it; gives how often the entry was called. */
export declare function spyOn(orders: { handle: unknown }): () => number;
