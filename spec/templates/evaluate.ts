interface Intrinsics {
  readonly Ref?: string;
  readonly 'Fn::Sub'?: string;
  readonly 'Fn::Join'?: readonly [separator: string, parts: unknown];
  readonly 'Fn::Split'?: readonly [separator: string, text: unknown];
}

/** What CloudFormation makes of a value where parameters have these values, as far as the templates need it. */
export function evaluate(value: unknown, parameters: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(one, parameters));
  const { Ref: name, 'Fn::Sub': text, 'Fn::Join': join, 'Fn::Split': split } = Object(value) as Intrinsics;
  if (name !== undefined) return parameters[name];
  if (text !== undefined) return text.replace(/\$\{(\w+)\}/g, (_, inText: string) => String(parameters[inText]));
  if (join) return (evaluate(join[1], parameters) as unknown[]).join(join[0]);
  if (split) return String(evaluate(split[1], parameters)).split(split[0]);
  return value;
}
