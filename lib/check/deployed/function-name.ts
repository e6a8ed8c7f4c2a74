/** What a function is called by. */
export interface FunctionName {
  readonly name: string;
  /** The same with account and region, as far as they were said, and without an alias or a version. */
  readonly unqualified: string;
  /** Undefined where no ARN says it. */
  readonly region: string | undefined;
}

/**
 * The parts of a name: `orders`, `orders:live`, `123456789012:function:orders`, or an ARN.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export function partsOf(functionName: string): FunctionName {
  const [, before = '', name = ''] = /^(.*:function:)?([^:]*)/.exec(functionName)!;
  return { name, unqualified: before + name, region: /^arn:[^:]*:lambda:([^:]+):/.exec(before)?.[1] };
}
