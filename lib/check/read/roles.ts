import { grouped } from '../grouped';
import { open } from '../model';
import { textOf, type Value } from './evaluate';
import { orNone, property } from './json';
import { roleOfSam } from './sam-role';
import { allowedBy, allowedByManaged, type Grants, together } from './statements';
import type { TemplateResource } from './template-resource';
import type { World } from './world';

const ROLE = 'AWS::IAM::Role';
const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';
const attachable = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', MANAGED_POLICY];

interface Attached {
  readonly role: string;
  readonly policy: TemplateResource;
}

/** What the roles of the functions of a world allow. */
export class Roles {
  readonly #world: World;
  #attached: ReadonlyMap<string, readonly Attached[]> | undefined;
  #connected: ReadonlySet<string> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Open where a policy is not known. */
  grantsOf(fn: TemplateResource): Grants {
    const given = fn.get('Role');
    if (this.#isConnected(fn)) return open;
    if (given === undefined && fn.type === 'AWS::Serverless::Function') {
      const made = fn.scope.unknown({ Ref: `${fn.id}Role` }); // it is in no template
      return together([...roleOfSam(fn, (policy) => this.#managed(policy, fn)), ...this.#attachedTo(made)]);
    }
    const role = this.#world.referred(given, fn.stack, [ROLE]);
    return role === undefined ? open : together([...this.#policiesOf(role), ...this.#attachedTo(role.key)]);
  }

  /** Whether SAM adds policies to its role that are written nowhere. */
  #isConnected(fn: TemplateResource): boolean {
    if (property(fn.stack.document.body, 'Resources', fn.id, 'Connectors') !== undefined) return true;
    this.#connected ??= new Set(
      [...this.#world.all(['AWS::Serverless::Connector'])].flatMap(({ get }) =>
        ['Source', 'Destination'].flatMap((end) => orNone(textOf(property(get(end), 'Id')))),
      ),
    );
    return this.#connected.has(fn.id);
  }

  /** Those that a role has itself. */
  #policiesOf(role: TemplateResource): Grants[] {
    const [inline, managed] = ['Policies', 'ManagedPolicyArns'].map((name) => orNone(role.get(name)).flat());
    return [
      ...inline!.map((policy) => allowedBy(property(policy, 'PolicyDocument'))),
      ...managed!.map((policy) => this.#managed(policy, role)),
    ];
  }

  #managed(policy: Value, from: TemplateResource): Grants {
    const resource = this.#world.referred(policy, from.stack, [MANAGED_POLICY]);
    return resource === undefined ? allowedByManaged(policy) : allowedBy(resource.get('PolicyDocument'));
  }

  /** Those that are resources of their own and name a role: by its key, or by the reference to one that SAM makes. */
  #attachedTo(role: string): Grants[] {
    this.#attached ??= grouped(this.#allAttached(), (attached) => attached.role);
    return (this.#attached.get(role) ?? []).map(({ policy }) => allowedBy(policy.get('PolicyDocument')));
  }

  *#allAttached(): Iterable<Attached> {
    for (const policy of this.#world.all(attachable)) {
      for (const name of [policy.get('Roles'), policy.get('RoleName')].flat()) {
        const role = this.#world.referred(name, policy.stack, [ROLE])?.key ?? textOf(name);
        if (role !== undefined) yield { role, policy };
      }
    }
  }
}
