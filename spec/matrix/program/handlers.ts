/** Decorated classes, valid in both dialects; what their cases are is told in cases.ts. */
import type { Context, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { BatchHandler, type Delivery, observe, ParsingError } from 'lambda-batch-handler';
import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';
import { base64, json, reader } from 'lambda-batch-handler/payload';
import { exponentialBackoff } from 'lambda-batch-handler/retry-delay';
import { SimulatedSqs } from 'lambda-batch-handler/testing';

const silent = (): void => undefined;
export const logger = { debug: silent, warn: silent, error: silent };

/** Fails for bodies that start with "bad". */
class Orders {
  readonly #handled: string[] = [];
  readonly prefix: string;
  #last: unknown[] = [];

  constructor(prefix = '') {
    this.prefix = prefix;
  }

  get handled(): string[] {
    return this.#handled;
  }

  get last(): unknown[] {
    return this.#last;
  }

  @BatchHandler({ source: 'SQS', logger })
  async handle(record: SQSRecord, context: Context, delivery: Delivery<SQSRecord>): Promise<void> {
    this.#last = [record, context, delivery];
    this.accept(record);
  }

  @BatchHandler({ source: 'SQS', fifo: true, logger })
  async handleInOrder(record: SQSRecord): Promise<void> {
    this.accept(record);
  }

  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, logger })
  async handleByGroup(record: SQSRecord): Promise<void> {
    this.accept(record);
  }

  @BatchHandler({ source: 'SQS', concurrency: 1, stopBeforeTimeout: 1000, logger })
  async handleInTime(record: SQSRecord): Promise<void> {
    this.accept(record);
  }

  accept({ body }: SQSRecord): void {
    this.#note(body);
    if (body.startsWith('bad')) throw new Error('not accepted');
  }

  #note(body: string): void {
    this.#handled.push(this.prefix + body);
  }
}

class Read {
  readonly ids: string[] = [];

  @BatchHandler({ source: 'SQS', payload: base64(json<{ readonly id: string }>()), logger })
  async handle({ id }: { readonly id: string }): Promise<void> {
    this.ids.push(id);
  }
}

class Split {
  readonly words: string[] = [];

  @BatchHandler({ source: 'SQS', payload: reader((body: string) => body.split(' ')), logger })
  async handle(words: string[]): Promise<void> {
    this.words.push(...words);
    if (words.includes('bad')) throw new Error('not accepted');
  }
}

class Rejected extends RangeError {}

export const sqs = new SimulatedSqs();
export const seen: string[] = [];

class Careful {
  @BatchHandler({
    source: 'SQS',
    payload: json<{ readonly id: string }>(),
    nonRetryable: deadLetter({
      errors: [ParsingError, Rejected],
      deliverTo: sqsQueue({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead', client: sqs }),
    }),
    retryDelay: exponentialBackoff({ base: 60, jitter: false, client: sqs }),
    observers: [
      observe({
        onRecordFailure: ({ index }, { name }, delivered) => seen.push(`${index} ${name} ${delivered}`),
        onBatchEnd: ({ failed, delivered }) => seen.push(`${failed} failed, ${delivered} delivered`),
      }),
    ],
    logger,
  })
  async handle({ id }: { readonly id: string }): Promise<void> {
    if (id === 'bad') throw new Error('not accepted');
    if (id === 'never') throw new Rejected('never accepted');
  }
}

class Strict extends Orders {
  @BatchHandler({ source: 'SQS', fifo: true, logger })
  override async handle(record: SQSRecord): Promise<void> {
    this.handled.push(`strict ${record.body}`);
    if (record.body === 'bad') throw new Error('not accepted');
  }
}

class Prepared extends Orders {
  batches = 0;

  override async handle(event: never, context: Context): Promise<never> {
    this.batches++;
    const entry = super.handle as unknown as (event: unknown, context: Context) => Promise<never>;
    return entry.call(this, event, context);
  }
}

class Offices {
  static readonly handled: string[] = [];
  static label = 'base';

  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', logger })
  static async handle(record: KinesisStreamRecord): Promise<void> {
    const data = Buffer.from(record.kinesis.data, 'base64').toString();
    this.handled.push(`${this.label} ${data}`);
    if (data === 'bad') throw new Error('not accepted');
  }
}

class Derived extends Offices {
  static override label = 'derived';
}

type Method = (this: unknown, ...args: never[]) => unknown;

/** A decorator for both dialects, which notes its calls on the instance. */
const noting =
  (label: string) =>
  (target: unknown, _key: unknown, descriptor?: PropertyDescriptor): never => {
    const method = (descriptor === undefined ? target : descriptor.value) as Method;
    const wrapped = function (this: { calls: string[] }, ...args: never[]): unknown {
      this.calls.push(label);
      return method.apply(this, args);
    };
    if (descriptor === undefined) return wrapped as never;
    descriptor.value = wrapped;
    return descriptor as never;
  };

class Wrapped {
  readonly calls: string[] = [];

  @noting('above')
  @BatchHandler({ source: 'SQS', concurrency: 1, logger })
  @noting('below')
  async handle({ body }: SQSRecord): Promise<void> {
    if (body === 'bad') throw new Error('not accepted');
  }
}

const announce = (target: object, _context?: unknown): void => {
  Reflect.defineMetadata('announced', true, target);
};

@announce
class Announced {
  readonly handled: string[] = [];

  @BatchHandler({ source: 'SQS', logger })
  async handle({ body }: SQSRecord): Promise<void> {
    this.handled.push(body);
    if (body === 'bad') throw new Error('not accepted');
  }
}

class Fields {
  readonly entry = this.handle;
  readonly label: string;
  count = 1;

  constructor(label: string) {
    this.label = `${label}!`;
  }

  @BatchHandler({ source: 'SQS', logger })
  async handle({ body }: SQSRecord): Promise<void> {
    this.count++;
    if (body === 'bad') throw new Error('not accepted');
  }
}

class Injected {
  constructor(private readonly place: (body: string) => Promise<void>) {}

  @BatchHandler({ source: 'SQS', logger })
  async handle(record: SQSRecord): Promise<void> {
    await this.place(record.body);
  }
}

// Not at the classes: TypeScript 5.0, in CommonJS, loses the name of an exported class with standard decorators.
export { Announced, Careful, Derived, Fields, Injected, Offices, Orders, Prepared, Read, Split, Strict, Wrapped };
