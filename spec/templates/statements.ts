import { type Statement, textOf } from './deployment';

/** Whether statements allow all these actions on a resource. */
export function allows(
  statements: readonly Statement[],
  actions: readonly string[],
  on: { readonly arn: string | undefined } | undefined,
): boolean {
  return on?.arn !== undefined && allowsWhere(statements, actions, (resource) => textOf(resource) === on.arn);
}

export function allowsWhere(
  statements: readonly Statement[],
  actions: readonly string[],
  isMeant: (resource: unknown) => boolean,
): boolean {
  const allowed = statements
    .filter(({ Effect, Resource }) => Effect === 'Allow' && isMeant(Resource))
    .flatMap(({ Action }) => Action);
  return actions.every((action) => allowed.includes(action));
}

/** Takes an action away from the statements that allow it. */
export function disallow(statements: readonly Statement[], action: string): void {
  for (const statement of statements) {
    statement.Action = [statement.Action].flat().filter((allowed) => allowed !== action);
  }
}

/** Whether a statement is about one thing that the template has or is given, or about a part of it. */
export function isAboutOne({ Resource }: Statement): boolean {
  const text = JSON.stringify(Resource);
  return !text.includes('*') && text.match(/"Ref":|"Fn::GetAtt":|\$\{/g)?.length === 1;
}

/** What Lambda needs to read a cluster from within its network; most of it cannot be narrowed down to a resource. */
export const networkActions: readonly string[] = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/** Whether a statement is about any network, and those actions alone. */
export function isAboutNetworks({ Action, Resource }: Statement): boolean {
  return Resource === '*' && [Action].flat().every((action) => networkActions.includes(action));
}
