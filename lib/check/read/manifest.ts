import { readFileSync } from 'node:fs';

import type { Json } from './json';
import { UnreadableError } from './unreadable-error';

/**
 * A file that AWS CDK has written about others.
 *
 * @throws UnreadableError where it is no JSON
 */
export function manifestAt(file: string): Json {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json;
  } catch (cause) {
    throw new UnreadableError(file, 'JSON, as AWS CDK writes it', `it is none (${(cause as Error).message})`, {
      cause,
    });
  }
}
