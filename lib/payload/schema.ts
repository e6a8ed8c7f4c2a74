import type { StandardSchemaV1 } from '@standard-schema/spec';

import { ParsingError } from '../errors';
import { isThenable } from '../batch/thenable';
import { show } from '../errors/show';

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
  if (!result.issues) {
    if ('value' in result) return result.value;
    throw new ParsingError('The schema gave neither a value nor issues.');
  }
  // Not with `map`, here and below: arktype's arrays are of classes whose constructors take no length.
  const issues = place.length === 0 ? result.issues : Array.from(result.issues, (issue) => within(place, issue));
  throw new ParsingError(`The payload does not fit its schema${pathsOf(issues)}.`, { issues });
}

function within(place: readonly string[], { message, path = [] }: StandardSchemaV1.Issue): StandardSchemaV1.Issue {
  return { message, path: [...place, ...path] };
}

const MOST_ISSUES = 100;
const MOST_PATHS = 5;
const LONGEST_PATH = 100;

/** As ` at id, items.0.price`; an issue of the payload as a whole has no path. */
function pathsOf(issues: readonly StandardSchemaV1.Issue[]): string {
  // A payload can have an issue for every few of its bytes.
  const paths = new Set([...issues].slice(0, MOST_ISSUES).map(({ path = [] }) => pathOf(path)));
  paths.delete('');
  if (paths.size === 0) return '';
  return ` at ${[...paths].slice(0, MOST_PATHS).join(', ')}${paths.size > MOST_PATHS ? ' and others' : ''}`;
}

/** The keys are of the payload: cut, and without what could forge a log line. */
function pathOf(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  const keys = Array.from(path, (segment) =>
    String(typeof segment === 'object' ? segment.key : segment).slice(0, LONGEST_PATH),
  );
  return keys
    .join('.')
    .slice(0, LONGEST_PATH)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

function schemaThrew(): ParsingError {
  return new ParsingError('The payload does not fit its schema, which threw an error.');
}
