import { readFileSync } from 'node:fs';

import { isObject, type JsonObject } from './json';
import { parseJson } from './parse-json';
import { parseYaml } from './parse-yaml';
import type { Parsed } from './parsed';
import { UnreadableError } from './unreadable-error';

/** A template as it was read. */
export interface TemplateDocument {
  /** A path that can be opened. */
  readonly file: string;
  readonly body: JsonObject;
  readonly lineOf: Parsed['lineOf'];
}

/** What CloudFormation takes of a template in a bucket, in bytes. */
const MOST_YAML = 1_048_576;

const EXPECTED = 'a template of AWS SAM or CloudFormation';

/**
 * @param isStack whether it is known to be the template of a stack, as AWS CDK makes some without Resources
 * @throws UnreadableError where it is no template
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export function readTemplate(file: string, isStack = false): TemplateDocument {
  const { value, lineOf } = parsed(file, textOf(file));
  if (value === null) throw new UnreadableError(file, EXPECTED, 'it is empty');
  if (!isObject(value)) throw new UnreadableError(file, EXPECTED, 'it is no object');
  if (!isObject(value.Resources) && !(isStack && value.Resources === undefined))
    throw new UnreadableError(file, EXPECTED, 'it has no Resources');
  return { file, body: value, lineOf };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new UnreadableError(file, EXPECTED, `it cannot be opened (${(cause as Error).message})`, { cause });
  }
}

function parsed(file: string, text: string): Parsed {
  try {
    return parseText(text);
  } catch (cause) {
    const [why] = (cause as Error).message.split('\n');
    throw new UnreadableError(file, EXPECTED, `it cannot be read: ${why!.replace(/[.:]$/, '')}`, { cause });
  }
}

/** JSON is YAML too, but its parser takes a tenth of the time; that of YAML tells better where a brace is missing. */
function parseText(text: string): Parsed {
  const json = /^\s*\{/.test(text)
    ? parseJson(text)
    : new Error('it is larger than the 1 MB that CloudFormation takes');
  if (!(json instanceof Error)) return json;
  if (text.length > MOST_YAML) throw json;
  return parseYaml(text);
}
