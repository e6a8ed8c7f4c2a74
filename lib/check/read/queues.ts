import { open, type Open, type Queue, type Redrive } from '../model';
import type { Value } from './evaluate';
import { isObject, type Json, property } from './json';
import type { Stack } from './stack';
import type { TemplateResource } from './template-resource';
import { booleanOf, knownTextOf, numberOf, otherwise } from './values';
import type { World } from './world';

export const QUEUE = 'AWS::SQS::Queue';

/** SQS's defaults, in seconds. */
const VISIBILITY_TIMEOUT = 30;
const RETENTION = 345_600;

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
      ...resource.described(),
      isFifo: isFifo(resource),
      visibilityTimeout: otherwise(numberOf(resource.get('VisibilityTimeout')), VISIBILITY_TIMEOUT),
      retention: otherwise(numberOf(resource.get('MessageRetentionPeriod')), RETENTION),
      redrive: undefined,
      isDeadLetterQueue: false,
    };
    this.#queues.set(resource.key, queue);
    queue.redrive = this.#redriveOf(resource); // last: queues can be the dead-letter queues of each other
    return queue;
  }

  /** A queue that SAM makes, with SQS's defaults; the same one for the same key. */
  made(key: string, described: Pick<Queue, 'id' | 'file' | 'line' | 'ignored'>, isOfFifo: Open<boolean>): Queue {
    const queue = this.#queues.get(key) ?? {
      ...described,
      isFifo: isOfFifo,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      retention: RETENTION,
      redrive: undefined,
      isDeadLetterQueue: false,
    };
    this.#queues.set(key, queue);
    return queue;
  }

  /** Marks the queues that something sends to what has failed. To be called when all queues are known. */
  markDeadLetterQueues(): void {
    for (const queue of this.#world.all([QUEUE])) {
      const { redrive } = this.of(queue);
      if (redrive !== open && redrive !== undefined) this.#mark(redrive.deadLetterQueue);
    }
    for (const stack of this.#world.stacks) {
      for (const target of stack.failureTargets) {
        for (const text of textsIn(this.#world.scopeOf(stack).value(target))) this.#mark(this.referred(text, stack));
      }
    }
  }

  #mark(queue: Queue | undefined): void {
    if (queue !== undefined) (queue as Unfinished).isDeadLetterQueue = true;
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
