import type { StandardSchemaV1 } from '@standard-schema/spec';

import type { Reader } from '../batch/reader';
import { marked } from './reader';
import { checkSchema, validated } from './schema';
import { textOf } from './text';
import { unreadablePayload } from './unreadable';

/**
 * Reads JSON, from text or from bytes in UTF-8, and has it checked and transformed by a schema, if there is one. What is
 * no JSON, or does not fit, fails the record.
 *
 * Without a schema nothing checks the payload: `json<Order>()` is a claim, like `JSON.parse(text) as Order`.
 *
 * @param schema a Standard Schema, sync or async: https://standardschema.dev
 * @throws TypeError where the schema is none
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: json(z.object({ id: z.string() })) }, async ({ id }) => {
 *   await orders.place({ id });
 * });
 * ```
 */
export function json<S extends StandardSchemaV1>(
  schema: S,
): Reader<string | Uint8Array, StandardSchemaV1.InferOutput<S>>;
export function json<T = unknown>(): Reader<string | Uint8Array, T>;
export function json(schema?: StandardSchemaV1): Reader<string | Uint8Array, unknown> {
  if (schema === undefined) return marked(['text', 'bytes'], jsonOf);
  checkSchema('json()', schema);
  return marked(['text', 'bytes'], (raw: string | Uint8Array) => validated(schema, jsonOf(raw)));
}

/** @throws ParsingError where it is no JSON */
export function jsonOf(raw: string | Uint8Array): unknown {
  const text = textOf(raw);
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text); // a byte order mark is not part of the text
  } catch {
    throw unreadablePayload(raw, 'The payload is no JSON.');
  }
}

/** The properties of what JSON held; none where it was no object. */
export function propertiesOf(value: unknown): Partial<Record<string, unknown>> {
  return value ?? {};
}
