import { show } from './show';

/**
 * The options of a function, whose names are all known: a typing error would do nothing, and nobody would hear of it.
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
  const unknown = Object.keys(options).find((name) => !(names as readonly string[]).includes(name));
  if (unknown === undefined) return options;
  throw new TypeError(`${who}: unknown option ${unknown}; there are ${names.join(', ')}.`);
}
