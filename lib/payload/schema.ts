import type { StandardSchemaV1 } from '@standard-schema/spec';

import { ParsingError } from '../errors';
import { isThenable } from '../log';
import { show } from '../show';

/** @throws TypeError where a value is no Standard Schema */
export function checkSchema(who: string, schema: unknown): asserts schema is StandardSchemaV1 {
  const standard = (schema as Partial<StandardSchemaV1> | null | undefined)?.['~standard'];
  if (typeof standard?.validate === 'function') return;
  throw new TypeError(
    `${who}: expected a Standard Schema (zod from 3.24, valibot from 1.0, arktype from 2.0, ...), received ${show(schema)}.`,
  );
}

/**
 * What a schema makes of a value; a promise where the schema is async.
 *
 * @param place where in the payload the value is, to come before the paths of the issues
 * @throws ParsingError where the value does not fit, or the schema throws
 */
export function validated<T>(
  schema: StandardSchemaV1<unknown, T>,
  value: unknown,
  place: readonly string[] = [],
): T | Promise<T> {
  let result: StandardSchemaV1.Result<T> | Promise<StandardSchemaV1.Result<T>>;
  try {
    result = schema['~standard'].validate(value);
  } catch {
    throw schemaThrew();
  }
  if (!isThenable(result)) return accepted(result, place);
  return Promise.resolve(result).then(
    (settled) => accepted(settled, place),
    () => {
      throw schemaThrew();
    },
  );
}

function accepted<T>(result: StandardSchemaV1.Result<T>, place: readonly string[]): T {
  if (!result.issues) return result.value;
  const issues = place.length === 0 ? result.issues : result.issues.map((issue) => within(place, issue));
  throw new ParsingError(`The payload does not fit its schema${pathsOf(issues)}.`, { issues });
}

function within(place: readonly string[], { message, path = [] }: StandardSchemaV1.Issue): StandardSchemaV1.Issue {
  return { message, path: [...place, ...path] };
}

const MOST_PATHS = 5;
const LONGEST_PATH = 100;

/** As ` at id, items.0.price and 3 more`; an issue of the payload as a whole has no path. */
function pathsOf(issues: readonly StandardSchemaV1.Issue[]): string {
  const paths = [...new Set(issues.map(({ path = [] }) => pathOf(path)))].filter((path) => path !== '');
  if (paths.length === 0) return '';
  const rest = paths.length - MOST_PATHS;
  return ` at ${paths.slice(0, MOST_PATHS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function pathOf(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return keys.join('.').slice(0, LONGEST_PATH);
}

function schemaThrew(): ParsingError {
  return new ParsingError('The payload does not fit its schema, which threw an error.');
}
