import type { Choose } from './choices';
import { holds, type Settled } from './conditions';
import { evaluate, type Scope, textOf, type Value } from './evaluate';
import { entriesOf, isObject, type Json, orNone, property, textIn } from './json';
import type { Stack } from './stack';
import { isKnown, type Tokens } from './tokens';

/** Pseudo parameters that say where a stack is: what one imports is where it is itself. */
const placeNames = ['AWS::Region', 'AWS::AccountId', 'AWS::Partition', 'AWS::URLSuffix'];

/** What stacks have around them. */
export interface Surroundings {
  readonly choose: Choose;
  readonly settled: Settled;
  readonly tokens: Tokens;
  scopeOf(stack: Stack): StackScope;
  /** What a stack exports under a name; undefined where none that was read does. */
  exported(name: string): Value;
}

/** A stack under one choice of the conditions: its parameters, conditions, maps and outputs. */
export class StackScope implements Scope {
  readonly stack: Stack;
  readonly #around: Surroundings;
  readonly #values = new Map<string, { readonly value: unknown } | undefined>();

  constructor(stack: Stack, around: Surroundings) {
    this.stack = stack;
    this.#around = around;
  }

  ref(name: string): Value {
    if (name === 'AWS::NoValue') return undefined;
    if (name === 'AWS::StackName' && this.stack.name !== undefined) return this.stack.name;
    if (placeNames.includes(name)) return this.#around.tokens.of({ key: name });
    if (this.#body('Parameters', name) !== undefined) return this.#parameter(name);
    const [id, attribute = 'Ref'] = name.split('.') as [string, string?]; // SAM has `Function.Alias`
    return this.stack.resources.has(id) ? this.#token(id, attribute) : this.unknown({ Ref: name });
  }

  attribute(id: string, name: string): Value {
    const nested = this.stack.nested.get(id);
    const output = name.startsWith('Outputs.') ? name.slice('Outputs.'.length) : undefined;
    if (nested === undefined || output === undefined) return this.#token(id, name);
    return this.#around.scopeOf(nested).output(output);
  }

  holds(condition: Json): boolean {
    const name = textIn(condition, 'Condition') ?? '';
    const expression = this.#body('Conditions', name);
    const { settled } = this.#around;
    if (expression === undefined) return settled.holds(this.unknown(condition));
    return this.#once(
      `condition ${name}`,
      () => holds(expression, this, settled),
      () => settled.holds(this.unknown(condition)),
    );
  }

  mapped(map: string, first: string, second: string): Value {
    return this.#body('Mappings', map, first, second);
  }

  imported(name: string): Value {
    const key = isKnown(name) ? 'import' : `${this.stack.key} import`;
    return this.#around.exported(name) ?? this.#around.tokens.of({ key: `${key} ${name}` });
  }

  unknown(value: Json): string {
    return this.#around.tokens.of({ key: `${this.stack.key} ${JSON.stringify(value)}` });
  }

  /** The value of an output. */
  output(name: string): Value {
    const value = this.#body('Outputs', name, 'Value');
    if (value === undefined) return this.unknown({ output: name });
    return this.#once(
      `output ${name}`,
      () => evaluate(value, this),
      () => this.unknown(value),
    );
  }

  /** The names of exports, and the outputs that they are of. */
  exports(): [name: string, output: string][] {
    return entriesOf(this.#body('Outputs')).flatMap(([output, declared]) => {
      const name = property(declared, 'Export', 'Name');
      const text = name === undefined ? undefined : textOf(evaluate(name, this));
      return text === undefined ? [] : [[text, output]];
    });
  }

  #body(...path: readonly string[]): Json | undefined {
    return property(this.stack.document.body, ...path);
  }

  #token(id: string, attribute: string): string {
    return this.#around.tokens.of({ stack: this.stack.key, id, attribute });
  }

  #parameter(name: string): Value {
    return this.#once(
      `parameter ${name}`,
      () => listed(this.#handed(name) ?? this.#declared(name), textIn(this.#body('Parameters', name), 'Type')),
      () => this.unknown({ Ref: name }),
    );
  }

  /** What the stack that this one is nested in gives a parameter. */
  #handed(name: string): Value {
    const { parent } = this.stack;
    const value = parent && property(parent.stack.resources.get(parent.id)!.properties, 'Parameters', name);
    return value === undefined ? undefined : evaluate(value, this.#around.scopeOf(parent!.stack));
  }

  /**
   * The default of a parameter; where it is compared with something, each of its values that makes a difference. The default
   * comes first.
   */
  #declared(name: string): string {
    const declared = this.#body('Parameters', name);
    const standard = isSsm(declared) ? undefined : textOf(property(declared, 'Default'));
    const compared = this.stack.compared.get(name);
    const unknown = this.unknown({ Ref: name });
    if (compared === undefined) return standard ?? unknown;
    const allowed = textsOf(property(declared, 'AllowedValues'));
    const isOther = standard === undefined || compared.has(standard); // else the default stands for what is compared with nothing
    const other = isOther ? allowed?.find((each) => !compared.has(each)) : undefined;
    const named = allowed?.filter((each) => compared.has(each) || each === other) ?? compared;
    const values = [...new Set([...orNone(standard), ...named])];
    const isOpen = isOther && allowed === undefined;
    const value = values[this.#around.choose(unknown, values.length + (isOpen ? 1 : 0))];
    if (value === undefined) for (const each of compared) this.#around.settled.isNot(unknown, each);
    return value ?? unknown;
  }

  /** Computes something once; what it gives while it is being computed, for what leads back to itself, is `otherwise`. */
  #once<T>(key: string, compute: () => T, otherwise: () => T): T {
    if (!this.#values.has(key)) {
      this.#values.set(key, undefined);
      this.#values.set(key, { value: compute() });
    }
    const done = this.#values.get(key);
    return done === undefined ? otherwise() : (done.value as T);
  }
}

/** Whether the value of a parameter is looked up: its default is the name of what has it. */
const isSsm = (declared: Json | undefined): boolean =>
  textIn(declared, 'Type')?.startsWith('AWS::SSM::Parameter::') === true;

/** A parameter of a list is given as one text. */
function listed(value: Value, type = ''): Value {
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList && typeof value === 'string' && isKnown(value) ? value.split(',').map((each) => each.trim()) : value;
}

function textsOf(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) && !value.some(isObject) ? value.map(String) : undefined;
}
