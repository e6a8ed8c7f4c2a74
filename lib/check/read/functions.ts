import type { CodePlace, LambdaFunction } from '../model';
import { codeOf } from './code';
import type { Value } from './evaluate';
import { Roles } from './roles';
import type { Stack } from './stack';
import type { Grants } from './statements';
import type { TemplateResource } from './template-resource';
import { isGiven, numberOf, otherwise } from './values';
import type { World } from './world';

export const functionTypes: readonly string[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** What leads to a function. */
const aliasTypes = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** Lambda's default, in seconds. */
const TIMEOUT = 3;

/** The functions of a world, each one object. */
export class Functions {
  readonly #world: World;
  readonly #roles: Roles;
  readonly #folders: ReadonlyMap<string, CodePlace>;
  readonly #functions = new Map<string, LambdaFunction>();

  /** @param folders where the code of functions is, by the keys of their resources */
  constructor(world: World, folders: ReadonlyMap<string, CodePlace>) {
    this.#world = world;
    this.#roles = new Roles(world);
    this.#folders = folders;
  }

  /** The function that a reference, an ARN or a name leads to, also by an alias or a version. */
  referred(value: Value, from: Stack): LambdaFunction | undefined {
    const resource = this.#world.referred(value, from, [...functionTypes, ...aliasTypes]);
    if (resource === undefined) return undefined;
    if (!aliasTypes.includes(resource.type)) return this.of(resource);
    const behind = this.#world.referred(resource.get('FunctionName'), resource.stack, functionTypes);
    return behind && this.of(behind);
  }

  of(resource: TemplateResource): LambdaFunction {
    const known = this.#functions.get(resource.key);
    if (known !== undefined) return known;
    const deadLetters = resource.type === 'AWS::Lambda::Function' ? 'DeadLetterConfig' : 'DeadLetterQueue';
    const roles = this.#roles;
    let grants: Grants | undefined;
    const fn: LambdaFunction = {
      timeout: otherwise(numberOf(resource.get('Timeout')), TIMEOUT),
      reservedConcurrency: numberOf(resource.get('ReservedConcurrentExecutions')),
      hasDeadLetterQueue: isGiven(resource.get(deadLetters)),
      /** Worked out for who asks, as few do. The price: choices that policies alone depend on take their first way. */
      get grants() {
        return (grants ??= roles.grantsOf(resource));
      },
      code: codeOf(resource, this.#folders.get(resource.key)),
      ...resource.described(),
    };
    this.#functions.set(resource.key, fn);
    return fn;
  }
}
