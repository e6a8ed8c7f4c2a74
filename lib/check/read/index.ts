import type { Infrastructure } from '../model';
import { type Choose, eachChoice } from './choices';
import { isMacro } from './evaluate';
import { Functions } from './functions';
import { entriesOf } from './json';
import { mappingsOf } from './mappings';
import { type CodeOptions, foldersOf } from './places';
import { Queues } from './queues';
import { eventMappingsOf } from './sam-events';
import { sourcesOf } from './sources';
import { readStacks, type Stack } from './stack';
import { UnreadableError } from './unreadable-error';
import { World } from './world';

/** Of resources that are looked at, each once for each choice: a template can have 500. */
const MOST_RESOURCES = 16_000;
/** Two see most conditions both ways: the first with the defaults of parameters, the second with what differs from them. */
const [FEWEST_WAYS, MOST_WAYS] = [2, 64];

export { UnreadableError } from './unreadable-error';

/**
 * Reads templates of AWS SAM and CloudFormation, cloud assemblies of AWS CDK, and what the Serverless Framework compiles: what
 * they describe, once for each choice of their conditions, first that of the defaults of their parameters.
 *
 * @param paths of templates, or of folders that have them
 * @throws UnreadableError where one cannot be read
 */
export function readInfrastructure(paths: readonly string[], options: CodeOptions = {}): readonly Infrastructure[] {
  try {
    return infrastructuresOf(readStacks(sourcesOf(paths)), options);
  } catch (cause) {
    if (!(cause instanceof RangeError && cause.message.includes('call stack'))) throw cause;
    throw new UnreadableError(paths.join(', '), 'templates', 'what refers to each other in them never ends', { cause });
  }
}

function infrastructuresOf(stacks: readonly Stack[], options: CodeOptions): readonly Infrastructure[] {
  const folders = foldersOf(stacks, options);
  const most = mostWays(stacks);
  const infrastructureOf = (choose: Choose): Infrastructure => {
    const world = new World(stacks, choose);
    const queues = new Queues(world);
    const parts = { world, queues, functions: new Functions(world, folders) };
    const mappings = [...eventMappingsOf(parts), ...mappingsOf(parts)];
    queues.markDeadLetterQueues();
    return { mappings };
  };
  const notes = new Set(stacks.flatMap(unreadIn));
  const infrastructures = eachChoice(most, infrastructureOf, () => {
    notes.add(`the conditions of the templates can be combined in more ways than the ${most} that were checked`);
  });
  return notes.size === 0 ? infrastructures : infrastructures.map((each) => ({ ...each, notes: [...notes] }));
}

/** What is said of resources that only CloudFormation knows. */
function unreadIn({ document: { file, body } }: Stack): string[] {
  const macros = entriesOf(body.Resources).filter(([name]) => isMacro(name));
  return macros.map(
    ([name]) =>
      `what ${name} adds to ${file} was not checked: check what aws cloudformation get-template --template-stage Processed gives`,
  );
}

/** How many choices of the conditions are gone through: fewer of what has more to go through. */
function mostWays(stacks: readonly Stack[]): number {
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.size, 0);
  return Math.max(FEWEST_WAYS, Math.min(MOST_WAYS, Math.floor(MOST_RESOURCES / resources)));
}
