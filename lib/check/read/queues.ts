import { open, type Open, type Queue, type Redrive, type Resource } from '../model';
import { evaluate, type Value } from './evaluate';
import { isObject, type Json, property } from './json';
import type { Stack } from './stack';
import type { TemplateResource } from './template-resource';
import { booleanOf, knownTextOf, numberOf, otherwise } from './values';
import type { World } from './world';

export const QUEUE = 'AWS::SQS::Queue';

/** What SQS has where nothing is said, in seconds. */
const defaults = { visibilityTimeout: 30, retention: 345_600 } as const;

type Unfinished = { -readonly [K in keyof Queue]: Queue[K] };

/** The queues of a world, each one object. */
export class Queues {
  readonly #world: World;
  readonly #queues = new Map<string, Unfinished>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The queue that a reference or an ARN leads to; undefined where it is not among what was read. */
  referred(value: Value, from: Stack): Queue | undefined {
    const resource = this.#world.referred(value, from, [QUEUE]);
    return resource && this.of(resource);
  }

  of(resource: TemplateResource): Queue {
    const known = this.#queues.get(resource.key);
    if (known !== undefined) return known;
    const queue: Unfinished = {
      isFifo: isFifo(resource),
      visibilityTimeout: otherwise(numberOf(resource.get('VisibilityTimeout')), defaults.visibilityTimeout),
      retention: otherwise(numberOf(resource.get('MessageRetentionPeriod')), defaults.retention),
      redrive: undefined,
      isDeadLetterQueue: false,
      ...resource.described(),
    };
    this.#queues.set(resource.key, queue);
    queue.redrive = this.#redriveOf(resource); // last: queues can be the dead-letter queues of each other
    return queue;
  }

  /** Marks the queues that something sends to what has failed. To be called when all queues are known. */
  markDeadLetterQueues(): void {
    for (const stack of this.#world.stacks) {
      const scope = this.#world.scopeOf(stack);
      for (const text of stack.failureTargets.flatMap((target) => textsIn(parsed(evaluate(target, scope))))) {
        const queue: Unfinished | undefined = this.referred(text, stack);
        if (queue !== undefined) queue.isDeadLetterQueue = true;
      }
    }
  }

  #redriveOf({ get, stack }: TemplateResource): Open<Redrive | undefined> {
    const policy = parsed(get('RedrivePolicy'));
    if (policy === undefined || policy === null) return undefined;
    if (!isObject(policy)) return open;
    const target = property(policy, 'deadLetterTargetArn');
    if (target === undefined) return undefined;
    return {
      maxReceiveCount: numberOf(property(policy, 'maxReceiveCount')) ?? open,
      deadLetterQueue: this.referred(target, stack),
    };
  }
}

/** A queue that SAM makes, of which its template says nothing. */
export function queueOfSam(described: Resource, isOfFifo: Open<boolean>): Queue {
  return { isFifo: isOfFifo, redrive: undefined, isDeadLetterQueue: false, ...defaults, ...described };
}

function isFifo(resource: TemplateResource): Open<boolean> {
  const name = knownTextOf(resource.get('QueueName'));
  if (typeof name === 'string' && name.endsWith('.fifo')) return true;
  return otherwise(booleanOf(resource.get('FifoQueue')), false);
}

/** A policy, which can be a text of JSON. */
function parsed(policy: Value): Value {
  if (typeof policy !== 'string') return policy;
  try {
    return JSON.parse(policy) as Json;
  } catch {
    return policy;
  }
}

function textsIn(value: Value): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
