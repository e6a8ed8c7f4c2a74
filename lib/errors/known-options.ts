import { show } from './show';

/** @throws TypeError for an option that there is not: with a typing error it would do nothing, and nobody would hear of it */
export function refuseUnknown(who: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${who}: unknown option ${unknown}; expected one of ${names.join(', ')}.`);
}

/**
 * The options of a function, whose names are all known.
 *
 * @param example of what is expected
 * @throws TypeError for what is no object, and for an option that there is not
 */
export function knownOptions<T extends object>(
  who: string,
  options: T,
  example: string,
  names: readonly (keyof T & string)[],
): T {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`${who}: expected options such as ${example}, received ${show(options)}.`);
  }
  refuseUnknown(who, options, names);
  return options;
}
