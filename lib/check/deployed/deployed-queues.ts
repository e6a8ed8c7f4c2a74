import { open, type Open, type Queue, type Redrive } from '../model';
import { objectIn } from '../object-in';
import type { Clients } from './clients';
import type { Notes } from './notes';
import { nameIn, resource } from './resource';

type Attributes = Partial<Record<string, string>>;

/** The queues of mappings, with their dead-letter queues, each looked at once. */
export class DeployedQueues {
  readonly #sqs: Clients['sqs'];
  readonly #notes: Notes;
  /** Undefined where nothing could be found out. */
  readonly #attributes = new Map<string, Attributes | undefined>();
  /** The ARNs of those that something which was read sends to what has failed. */
  readonly #deadLetters: Set<string>;

  /** @param deadLetters the ARNs of destinations of what has failed */
  constructor(sqs: Clients['sqs'], notes: Notes, deadLetters: readonly string[]) {
    this.#sqs = sqs;
    this.#notes = notes;
    this.#deadLetters = new Set(deadLetters);
  }

  /** Looks at queues and at their dead-letter queues. */
  async read(arns: readonly string[]): Promise<void> {
    const missing = [...new Set(arns)].filter((arn) => !this.#attributes.has(arn));
    await Promise.all(missing.map(async (arn) => this.#attributes.set(arn, await this.#attributesOf(arn))));
    const targets = missing.map((arn) => targetOf(this.#attributes.get(arn))).filter((arn) => arn !== undefined);
    for (const arn of targets) this.#deadLetters.add(arn);
    if (targets.length > 0) await this.read(targets);
  }

  /** A queue that was looked at; undefined where it was not. */
  of(arn: string): Queue | undefined {
    return this.#queueOf(arn, []);
  }

  /** @param before the queues that led here: a dead-letter queue may have one in turn, and several can make a circle */
  #queueOf(arn: string, before: readonly string[]): Queue | undefined {
    if (!this.#attributes.has(arn) || before.includes(arn)) return undefined;
    const attributes = this.#attributes.get(arn);
    const name = nameIn(arn);
    return {
      ...resource(name),
      isFifo: name.endsWith('.fifo'), // the name alone makes it one
      visibilityTimeout: numberOf(attributes?.VisibilityTimeout),
      retention: numberOf(attributes?.MessageRetentionPeriod),
      redrive: attributes === undefined ? open : this.#redriveOf(attributes, [...before, arn]),
      isDeadLetterQueue: this.#deadLetters.has(arn) || isDestined(attributes),
    };
  }

  #redriveOf(attributes: Attributes, before: readonly string[]): Redrive | undefined {
    if (!attributes.RedrivePolicy) return undefined; // some emulators have an empty one
    const { maxReceiveCount } = objectIn(attributes.RedrivePolicy);
    const deadLetterQueue = this.#queueOf(targetOf(attributes) ?? '', before);
    return { maxReceiveCount: numberOf(maxReceiveCount), deadLetterQueue };
  }

  #attributesOf(arn: string): Promise<Attributes | undefined> {
    const [, , , , account, name = ''] = arn.split(':');
    return this.#notes.try(`the attributes of the queue ${name} are`, async () => {
      const { QueueUrl } = await this.#sqs.getQueueUrl({ QueueName: name, QueueOwnerAWSAccountId: account });
      const { Attributes = {} } = await this.#sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
      return Attributes;
    });
  }
}

/** The ARN of the dead-letter queue, where there is one. */
function targetOf(attributes: Attributes | undefined): string | undefined {
  const { deadLetterTargetArn } = objectIn(attributes?.RedrivePolicy);
  return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn : undefined;
}

/** Whether its own policy says that it is the dead-letter queue of others. */
function isDestined(attributes: Attributes | undefined): boolean {
  const { redrivePermission } = objectIn(attributes?.RedriveAllowPolicy);
  return redrivePermission === 'byQueue' || redrivePermission === 'allowAll';
}

function numberOf(value: unknown): Open<number> {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isNaN(number) ? open : number;
}
