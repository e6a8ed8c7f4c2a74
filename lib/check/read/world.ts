import { grouped } from '../grouped';
import type { Choose } from './choices';
import { Settled } from './conditions';
import type { Value } from './evaluate';
import type { Stack } from './stack';
import { StackScope } from './stack-scope';
import { TemplateResource } from './template-resource';
import { isKnown, Tokens } from './tokens';

/** The property that names a resource, by its type: what an ARN that is written out ends in. */
const nameProperties = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Serverless::Function': 'FunctionName',
} as const;

/** As ARNs name it. */
function serviceOfType(type: string): string {
  const service = type.split('::')[1]!.toLowerCase();
  return service === 'serverless' ? 'lambda' : service;
}

/** All stacks, under one choice of their conditions. */
export class World {
  readonly stacks: readonly Stack[];
  readonly choose: Choose;
  readonly settled: Settled;
  readonly tokens = new Tokens();
  readonly #scopes = new Map<Stack, StackScope>();
  readonly #resources = new Map<string, TemplateResource | undefined>();
  readonly #byKey: ReadonlyMap<string, Stack>;
  #exports: Map<string, () => Value> | undefined;
  #names: ReadonlyMap<Value, readonly TemplateResource[]> | undefined;

  constructor(stacks: readonly Stack[], choose: Choose) {
    this.stacks = stacks;
    this.choose = choose;
    this.settled = new Settled(choose);
    this.#byKey = new Map(stacks.map((stack) => [stack.key, stack]));
  }

  scopeOf(stack: Stack): StackScope {
    const scope = this.#scopes.get(stack) ?? new StackScope(stack, this);
    this.#scopes.set(stack, scope);
    return scope;
  }

  exported(name: string): Value {
    if (this.#exports === undefined) {
      this.#exports = new Map(); // while it is being filled, nothing is exported: names do not import others
      const found = this.stacks.flatMap((stack) => {
        if (!this.#isDeployed(stack)) return [];
        const scope = this.scopeOf(stack);
        return scope.exports().map(([each, output]) => [each, () => scope.output(output)] as const);
      });
      this.#exports = new Map(found);
    }
    return this.#exports.get(name)?.();
  }

  /** The resources of these types whose conditions hold, in the order of their templates. */
  *all(types: readonly string[]): Iterable<TemplateResource> {
    for (const stack of this.stacks) {
      for (const [id, { type }] of stack.resources) {
        const resource = types.includes(type) ? this.resource(stack, id) : undefined;
        if (resource !== undefined) yield resource;
      }
    }
  }

  /** A resource; undefined where there is none, or where its condition does not hold. */
  resource(stack: Stack, id: string): TemplateResource | undefined {
    const key = `${stack.key}#${id}`;
    if (!this.#resources.has(key)) this.#resources.set(key, this.#declared(stack, id));
    return this.#resources.get(key);
  }

  /** The resource of one of these types that a reference, an ARN or a name leads to. */
  referred(value: Value, from: Stack, types: readonly string[]): TemplateResource | undefined {
    if (typeof value !== 'string') return undefined;
    const meanings = this.tokens.in(value).filter((meaning) => 'stack' in meaning);
    const resources = meanings.map(({ stack, id }) => this.resource(this.#byKey.get(stack)!, id));
    const found = resources.find((each) => each !== undefined && types.includes(each.type));
    return found ?? (resources.length === 0 ? this.#named(value, from, types) : undefined);
  }

  #declared(stack: Stack, id: string): TemplateResource | undefined {
    const declared = stack.resources.get(id);
    if (declared === undefined || !this.#isDeployed(stack)) return undefined;
    const scope = this.scopeOf(stack);
    const { condition } = declared;
    if (condition !== undefined && !scope.holds({ Condition: condition })) return undefined;
    return new TemplateResource(id, declared, stack, scope);
  }

  /** Whether the condition of what nests it holds, if anything does. */
  #isDeployed({ parent }: Stack): boolean {
    return parent === undefined || this.resource(parent.stack, parent.id) !== undefined;
  }

  /** By the parts of an ARN, of its service: one in the same template, or the only one of that name. */
  #named(text: string, from: Stack, types: readonly string[]): TemplateResource | undefined {
    const service = /^arn:[^:]*:([\w-]+):/.exec(text)?.[1];
    this.#names ??= grouped(this.all(Object.keys(nameProperties)), ({ get, type }) =>
      get(nameProperties[type as keyof typeof nameProperties]),
    );
    for (const part of text.split(/[:/]/).reverse()) {
      const named = (this.#names.get(part) ?? []).filter(
        ({ type }) => types.includes(type) && (service === undefined || service === serviceOfType(type)),
      );
      const found =
        named.find(({ stack }) => stack === from) ?? (named.length === 1 && isKnown(part) ? named[0] : undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
