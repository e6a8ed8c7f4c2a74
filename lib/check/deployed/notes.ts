import { toError } from '../../errors/to-error';

/** What could not be looked at, each once. */
export class Notes {
  readonly #notes = new Set<string>();

  get all(): string[] {
    return [...this.#notes];
  }

  add(note: string): void {
    this.#notes.add(note);
  }

  /** What a call gives; undefined where it fails, with a note that says of what nothing is known, and why. */
  async try<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (thrown) {
      this.add(`${what} not known: ${reasonOf(thrown)}`);
      return undefined;
    }
  }
}

/** Why a call has failed, in a line. */
export function reasonOf(thrown: unknown): string {
  const { name, message } = toError(thrown);
  return `${name}: ${message.split('\n', 1)[0]!.replace(/\.$/, '')}`;
}
