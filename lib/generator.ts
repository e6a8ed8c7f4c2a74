import { types } from 'node:util';

import { BatchProcessingError } from './errors';

/** Whether what a record function returned is a generator: then nothing of it has run. */
export function isGenerator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && types.isGeneratorObject(value);
}

export function ranNothing(): BatchProcessingError {
  return new BatchProcessingError(
    'A generator was returned for the record, of which nothing has run: use an async function.',
  );
}
