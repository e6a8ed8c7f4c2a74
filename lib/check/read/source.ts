/** A template to be read. */
export interface Source {
  readonly file: string;
  /** The name of its stack, where that is known. */
  readonly name: string | undefined;
}
