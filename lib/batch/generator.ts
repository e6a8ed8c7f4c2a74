import { BatchProcessingError } from '../errors';
import { nodeUtil } from '../errors/show';

/** Whether what a record function returned is a generator: then nothing of it has run. */
export function isGenerator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && nodeUtil().types.isGeneratorObject(value);
}

export function ranNothing(): BatchProcessingError {
  return new BatchProcessingError(
    'A generator was returned for the record, of which nothing has run: use an async function.',
  );
}
