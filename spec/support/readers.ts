import { inspect } from 'node:util';

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { expect } from 'chai';

import { ParsingError } from '../../lib';
import { type AnyReader, reads } from '../../lib/batch/reader';
import { secret } from './payload';
import { rejection } from './promises';

/** All that a log line can show of a value. */
export function shown(value: unknown): string {
  const { message, stack } = value as Partial<Error>;
  return [inspect(value, { depth: 10 }), JSON.stringify(value), message, stack, String(value)].join('\n');
}

/** The error with which a reader fails its record, whether it throws or rejects: one that gives nothing away. */
export async function unread(reader: AnyReader, raw: unknown): Promise<ParsingError> {
  // The kind whose raw payload is handed on as it is, whatever that is.
  const place = { kind: 'change', of: () => raw, with: () => ({}) } as const;
  const error = await rejection((async () => reader[reads].of(place, undefined))());
  expect(error).to.be.an.instanceOf(ParsingError).and.not.have.property('cause');
  expect(shown(error)).not.to.include(secret);
  return error as ParsingError;
}

/** A schema that validates as a spec wants it to, with or without the types' consent. */
export const schemaOf = (validate: (value: unknown) => unknown): StandardSchemaV1 => ({
  '~standard': { version: 1, vendor: 'spec', validate: validate as StandardSchemaV1.Props['validate'] },
});
