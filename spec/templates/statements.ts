import { type Statement, textOf } from './deployment';

/** Whether statements allow all these actions on a resource. */
export function allows(
  statements: readonly Statement[],
  actions: readonly string[],
  on: { readonly arn: string } | undefined,
): boolean {
  const allowed = statements
    .filter(({ Effect, Resource }) => Effect === 'Allow' && textOf(Resource) === on?.arn)
    .flatMap(({ Action }) => Action);
  return actions.every((action) => allowed.includes(action));
}

/** Takes an action away from the statements that allow it. */
export function disallow(statements: readonly Statement[], action: string): void {
  for (const statement of statements) {
    statement.Action = [statement.Action].flat().filter((allowed) => allowed !== action);
  }
}
