import type { Resource } from '../model';

/** Something that is deployed, by its name. */
export function resource(id: string): Resource {
  return { id, file: undefined, line: undefined, ignored: [] };
}

/** The last part of an ARN, which for a queue or a topic is its name. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
