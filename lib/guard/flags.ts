import type { AwsClient } from '../aws/command';
import type { ExtendedBatch } from '../batch/extension';
import { logWarning } from '../batch/log';
import type { Patience } from '../batch/patience';
import { loadPeer } from '../batch/peer';
import { toError } from '../errors/to-error';
import { summaryOf } from '../errors/without-payload';
import { type ClientLambda, clientLambda } from './client-lambda';
import { type EventSourceMapping, listMappings } from './list-mappings';

/** How long an answer waits to be told, at the most. */
const PATIENCE_MS = 5_000;

/** When Lambda is asked again at the soonest. */
const PAUSE_MS = 60_000;

/** Where the records of a batch come from, as far as a mapping says it, too. */
export interface Origin {
  readonly functionArn: string;
  /** The ARN of a queue or a stream, or the topic of Kafka, whose records do not say of which cluster they are. */
  readonly source: string;
}

/** What is known of the mappings of an origin: undefined where there is none, or nobody has said. */
export type Flag = 'on' | 'off' | undefined;

interface Known {
  flag: Flag;
  /** When to ask again, by `Date.now()`. */
  askAt: number;
  asking: Promise<void> | undefined;
}

/** Whether event source mappings have ReportBatchItemFailures: Lambda is asked when it matters, and what it said is kept. */
export class Flags {
  #client: AwsClient | undefined;
  readonly #known = new Map<string, Known>();
  #hasWarned = false;

  /** @param client the user's; with one, no package is loaded */
  constructor(client: AwsClient | undefined) {
    this.#client = client;
  }

  /**
   * The flag of an origin. That it is on is kept for good. Anything else is asked again, a minute later at the soonest, and
   * holds until Lambda says something else. Where it does not answer, there is one warning.
   */
  flagOf(batch: ExtendedBatch, origin: Origin): Flag | Promise<Flag> {
    const key = `${origin.functionArn} ${origin.source}`;
    const known = this.#known.get(key) ?? { flag: undefined, askAt: 0, asking: undefined };
    this.#known.set(key, known);
    if (known.flag === 'on' || (known.asking === undefined && Date.now() < known.askAt)) return known.flag;
    return this.#asked(batch, origin, known);
  }

  async #asked(batch: ExtendedBatch, origin: Origin, known: Known): Promise<Flag> {
    const patience = batch.patience('Lambda', PATIENCE_MS);
    try {
      known.asking ??= this.#asking(origin, known, patience);
      await Promise.race([known.asking, patience.over]); // it may be another batch that asks
    } catch (reason) {
      this.#warn(batch, reason);
    } finally {
      patience.release();
    }
    return known.flag;
  }

  async #asking(origin: Origin, known: Known, { signal, over }: Patience): Promise<void> {
    try {
      // A client that is not the SDK's may know nothing of signals, and must not be waited for ever after.
      await Promise.race([this.#ask(origin, known, signal), over]);
    } finally {
      known.asking = undefined;
      known.askAt = Date.now() + PAUSE_MS;
    }
  }

  async #ask({ functionArn, source }: Origin, known: Known, signal: AbortSignal): Promise<void> {
    this.#client ??= made();
    const all = await listMappings(this.#client, functionArn, signal);
    const meant = all.filter((mapping) => isMeant(mapping, functionArn, source));
    known.flag = meant.length === 0 ? undefined : meant.every(reports) ? 'on' : 'off';
  }

  #warn({ logger }: ExtendedBatch, reason: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    logWarning(
      logger,
      'Whether the event source mapping has ReportBatchItemFailures is not known, and failures are answered all the same:' +
        ` ${summaryOf(toError(reason))}. Asking takes the permission lambda:ListEventSourceMappings.`,
    );
  }
}

function made(): AwsClient {
  const { LambdaClient } = loadPeer<ClientLambda>('@aws-sdk/client-lambda', {
    user: 'partialResponses',
    seen: clientLambda,
    instead: ', or set client',
  });
  return new LambdaClient({});
}

/** Whether a mapping may have sent the batch. The ARN of a Kinesis consumer is that of its stream, and more. */
function isMeant(mapping: EventSourceMapping, functionArn: string, source: string): boolean {
  const { EventSourceArn = '', FunctionArn = functionArn, State, Topics = [] } = mapping;
  if (State === 'Disabled' || unqualified(FunctionArn) !== unqualified(functionArn)) return false;
  return EventSourceArn === source || EventSourceArn.startsWith(`${source}/consumer/`) || Topics.includes(source);
}

/** A function without a qualifier is its latest version. */
const unqualified = (arn: string): string => arn.replace(/:\$LATEST$/, '');

function reports({ FunctionResponseTypes }: EventSourceMapping): boolean {
  return FunctionResponseTypes?.includes('ReportBatchItemFailures') === true;
}
