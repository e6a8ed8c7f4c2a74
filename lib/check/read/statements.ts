import { type Grant, open, type Open } from '../model';
import type { Value } from './evaluate';
import { type Json, property } from './json';
import { managedPolicies, policyTemplates } from './policies';
import { isKnown } from './tokens';
import { textsOf } from './values';

/** What a policy allows; open where that is not known. */
export type Grants = Open<readonly Grant[]>;

/** What several policies allow; open where one of them is not known. */
export function together(all: readonly Grants[]): Grants {
  const grants: Grant[] = [];
  for (const each of all) {
    if (each === open) return open;
    grants.push(...each);
  }
  return grants;
}

/** What a document of a policy allows: of which resources is not looked at, and neither is what is denied. */
export function allowedBy(document: Json | undefined): Grants {
  const statements = property(document, 'Statement');
  return statements === undefined || typeof statements === 'string'
    ? open
    : together([statements].flat().map(statementOf));
}

function statementOf(statement: Json): Grants {
  if (property(statement, 'Effect') === 'Deny') return [];
  if (property(statement, 'NotAction') !== undefined) return [{ actions: ['*'] }]; // all but few
  const actions = textsOf(property(statement, 'Action'));
  return actions === open || actions === undefined ? open : [{ actions }];
}

/** What a policy allows that AWS manages, by its ARN or by its name. */
export function allowedByManaged(arnOrName: Value): Grants {
  if (typeof arnOrName !== 'string') return open;
  const name = /^arn:[^:]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arnOrName)?.[1] ?? arnOrName;
  return isKnown(name) ? grantOf(managedPolicies, name) : open;
}

/** What a policy template of SAM allows. */
export function allowedByTemplate(name: string): Grants {
  return grantOf(policyTemplates, name);
}

function grantOf(table: Readonly<Record<string, readonly string[]>>, name: string): Grants {
  return Object.hasOwn(table, name) ? [{ actions: table[name]! }] : open;
}
