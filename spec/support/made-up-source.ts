import { type Source, UnexpectedBatchTypeError } from '../../lib';

/** What an entry is known by. */
export interface Position {
  readonly book: string;
  readonly line: number;
}

/** A record of the source. */
export type LedgerEntry = {
  readonly eventSource?: string;
  readonly position: Position;
  readonly account: string;
  readonly text: string;
};

/** What a function is called with: entries by their book. */
export interface LedgerEvent {
  readonly kind: 'ledger';
  readonly books: Readonly<Record<string, readonly LedgerEntry[]>>;
}

/** A source that nobody has, with all that the library needs to know of it: nothing in `lib` knows of it. */
export const ledger: Source<LedgerEntry, LedgerEvent, string, Position> = {
  name: 'Ledger',
  kind: 'stream',
  eventSource: 'made-up:ledger',
  records: (event) => {
    const { kind, books } = Object(event) as { kind?: unknown; books?: LedgerEvent['books'] };
    if (kind !== 'ledger' || books === undefined) throw new UnexpectedBatchTypeError('Expected the books of a ledger.');
    return Object.values(books).flat();
  },
  hasShape: (record) => 'position' in record,
  itemIdentifier: ({ position }) => (Number.isSafeInteger(position.line) ? position : undefined),
  textOf: ({ book, line }) => `${book}#${line}`,
  orderingKey: ({ account }) => account,
  payload: {
    kind: 'text',
    of: ({ text }) => text,
    with: (record, text) => ({ ...record, text }),
  },
};

/** An event of entries such as `cash#1 a`: book, line and account; the text of each is that, as JSON. */
export function ledgerEvent(...entries: readonly string[]): LedgerEvent {
  const books: Record<string, LedgerEntry[]> = {};
  for (const entry of entries) {
    const [, book, line, account] = /^(\w+)#(\w+) (\w+)$/.exec(entry)!;
    const position = { book: book!, line: Number(line) };
    const record = { eventSource: 'made-up:ledger', position, account: account!, text: JSON.stringify({ entry }) };
    (books[book!] ??= []).push(record);
  }
  return { kind: 'ledger', books };
}
