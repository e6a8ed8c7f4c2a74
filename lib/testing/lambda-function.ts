import type { Context } from 'aws-lambda';

import { show } from '../errors/show';
import { isError } from '../errors/without-payload';
import { anyInteger, checkDate, checkFunction, checkInteger, checkOneOf } from './check';
import type { BatchEvent, KafkaBatchEvent } from './event-batch';
import { Ids } from './ids';
import { interpretAnswer, interpretFailure } from './interpret-response';
import {
  type AnyInterpretOptions,
  type InterpretOptions,
  interpretOptionNames,
  undocumentedForms,
} from './interpretation';
import { lambdaContext } from './lambda-context';
import {
  type FaultName,
  faultNames,
  type Invoked,
  type Recording,
  type SimulatedInvocation,
  type Tracked,
} from './simulation';
import { startTime as defaultStart } from './start-time';
import type { Limited, VirtualTime } from './virtual-time';
import { Watch } from './watch';

/** A function as Lambda calls it; one that takes a callback as well is called without. */
export type Handler<E> = (event: E, context: Context, callback: never) => unknown;

/** Those whose event loops are simulated. */
export const runtimes = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'] as const;
type Runtime = (typeof runtimes)[number];

/** Options of the simulations that are about the function. */
export interface FunctionOptions<E> extends InterpretOptions {
  /** The entry, as it is exported to Lambda. All environments share it, where there is no `coldStart`. */
  readonly handler: Handler<E>;
  /** Makes the entry of a new execution environment, as a cold start does. Default: `handler` serves them all. */
  readonly coldStart?: () => Handler<E>;
  /** The timeout of the function: an integer of milliseconds from 1 to 900,000. Default: 3,000, as in Lambda. */
  readonly functionTimeoutMs?: number;
  /**
   * What a function comes to whose event loop runs empty before it has answered, as where it waits for an event that never
   * comes. Node.js 20 and 22 answer null, by which the whole batch counts as done; Node.js 24 exits, and the batch comes
   * back. (A batch of this library keeps the event loop busy, so it times out.) Default: `nodejs22.x`, because that loses
   * records. Seen with AWS's runtime interface client, 3.3.0 and 4.0.2.
   */
  readonly runtime?: Runtime;
  /** Which fault, if any, befalls an invocation; asked for each, throttled ones included. Default: none. */
  readonly faults?: (invocation: {
    /** Its position among all invocations, from 0. */
    readonly index: number;
    /** What the function is to be called with. */
    readonly event: E;
  }) => FaultName | undefined;
  /**
   * How many invocations are made at the most, throttled ones included; what is left then is in `remaining`. A positive
   * integer or Infinity. Default: Infinity, because the service's own limits end a simulation.
   */
  readonly maxInvocations?: number;
  /** When the simulation starts, by `Date`. Default: 2026-01-01. */
  readonly startTime?: Date;
  /**
   * How many real milliseconds to wait for work that is not on the virtual clock, such as a thread's, before the clock
   * steps over half of the function's timeout or more, or the function is taken to hang. Sockets and files are seen, and
   * waited for longer, at every step.
   * An integer from 0 to 60,000. Default: 100.
   */
  readonly ioWaitMs?: number;
  /** The same seed makes the same identifiers. Default: 1. */
  readonly seed?: number;
}

export const functionOptionNames: readonly (keyof FunctionOptions<unknown>)[] = [
  ...interpretOptionNames,
  'handler',
  'coldStart',
  'functionTimeoutMs',
  'runtime',
  'faults',
  'maxInvocations',
  'startTime',
  'ioWaitMs',
  'seed',
];

/** The options for whatever source. */
export interface AnyFunctionOptions<E> extends Omit<FunctionOptions<E>, 'undocumented'>, AnyInterpretOptions {}

/** @throws TypeError, RangeError where one of the options is not what it should be */
export function checkFunctionOptions(options: AnyFunctionOptions<never>, forms = undocumentedForms): void {
  const { handler, coldStart, faults, functionTimeoutMs = 3_000, maxInvocations = Infinity, seed = 1 } = options;
  const {
    startTime = defaultStart,
    ioWaitMs = 100,
    runtime = 'nodejs22.x',
    reportBatchItemFailures = true,
    undocumented = forms[0],
  } = options;
  checkFunction('handler', handler);
  checkFunction('coldStart', coldStart, true);
  checkFunction('faults', faults, true);
  checkInteger('functionTimeoutMs', functionTimeoutMs, { min: 1, max: 900_000 });
  checkInteger('maxInvocations', maxInvocations, { min: 1, max: Number.MAX_SAFE_INTEGER, orInfinity: true });
  checkInteger('ioWaitMs', ioWaitMs, { min: 0, max: 60_000 });
  checkInteger('seed', seed, anyInteger);
  checkDate('startTime', startTime);
  checkOneOf('runtime', runtime, runtimes);
  checkOneOf('reportBatchItemFailures', reportBatchItemFailures, [true, false]);
  checkOneOf('undocumented', undocumented, forms);
}

/** Where the function runs, one invocation at a time. Its entry is not there before the first, nor where its start failed. */
interface ExecutionEnvironment<E> {
  entry?: Handler<E>;
}

/** The function: its execution environments, its timeout, and what goes wrong. */
export class LambdaFunction<E extends BatchEvent | KafkaBatchEvent> {
  readonly invocations: SimulatedInvocation<E>[] = [];
  readonly #time: VirtualTime;
  readonly #recording: Recording<unknown>;
  readonly #options: AnyFunctionOptions<E>;
  readonly #timeoutMs: number;
  readonly #ids: Ids;
  /** The environments that wait for work. */
  readonly #warm: ExecutionEnvironment<E>[] = [];
  #begun = 0;

  constructor(time: VirtualTime, recording: Recording<unknown>, options: AnyFunctionOptions<E>) {
    this.#time = time;
    this.#recording = recording;
    this.#options = options;
    this.#timeoutMs = options.functionTimeoutMs ?? 3_000;
    this.#ids = new Ids('function', options.seed ?? 1);
  }

  /** Whether no further invocation may be made. */
  get exhausted(): boolean {
    return this.#time.isOver || this.#begun >= (this.#options.maxInvocations ?? Infinity);
  }

  /** Invokes the function with an event that holds these records. */
  async invoke(event: E, records: readonly Tracked<unknown>[]): Promise<Invoked<E>> {
    const index = this.#begun++;
    const fault = this.#options.faults?.({ index, event });
    checkOneOf('a fault', fault, [undefined, ...faultNames]);
    const begun = { at: this.#time.now, event, fault };
    this.#recording.happened(fault === 'throttle' ? 'throttled' : 'invoked', records, { invocation: index });
    const watch = new Watch(event, records, (chunk) => {
      this.#recording.happened('chunk', chunk, { invocation: index });
    });
    const requestId = fault === 'throttle' ? undefined : this.#ids.uuid();
    const ended = requestId === undefined ? throttled : await this.#run(event, requestId, fault, watch);
    watch.end();
    const invocation = { ...begun, ...ended, endedAt: this.#time.now };
    this.invocations[index] = invocation;
    return { ...invocation, index, requestId, deliveredElsewhere: watch.deliveredElsewhere };
  }

  /** Runs the function in an environment, which is gone afterwards where it crashed, exited or timed out. */
  async #run(event: E, requestId: string, fault: FaultName | undefined, watch: Watch): Promise<Outcome> {
    const end = this.#time.now + this.#timeoutMs;
    const environment = (fault === 'coldStart' ? undefined : this.#warm.pop()) ?? {};
    const cold = environment.entry === undefined;
    const fail = (message: string, cause?: unknown) =>
      this.#outcome(event, cold, new Error(message, cause === undefined ? {} : { cause }));
    let ended: Limited<Called>;
    try {
      ended = await this.#time.limit(
        environment,
        () => this.#call(environment, event, requestId, watch),
        this.#timeoutMs,
      );
    } catch (thrown) {
      return fail(`The execution environment crashed: ${show(thrown)}`, thrown);
    }
    if (fault === 'timeout') await this.#time.until(end);
    if (ended === 'timed out' || fault === 'timeout') {
      return fail(`The function timed out after ${this.#timeoutMs} ms.`);
    }
    if (fault === 'crash') return fail('The execution environment crashed.');
    const { runtime = 'nodejs22.x' } = this.#options;
    if (ended === 'hung' && runtime === 'nodejs24.x') return { ...fail(`The runtime exited: ${HUNG}.`), hung: true };
    if (environment.entry !== undefined) this.#warm.push(environment);
    if (ended === 'hung') return this.#answeredNull(event, cold, runtime);
    return this.#outcome(event, cold, ended.value.error, ended.value.answer);
  }

  async #call(environment: ExecutionEnvironment<E>, event: E, requestId: string, watch: Watch): Promise<Called> {
    const { handler, coldStart = () => handler } = this.#options;
    const context = lambdaContext({ timeoutMs: this.#timeoutMs, awsRequestId: requestId });
    try {
      const entry = (environment.entry ??= coldStart()) as (event: E, context: Context) => unknown;
      const sent = asSent(event);
      watch.hands(sent);
      return { answer: await entry(sent, context), error: undefined };
    } catch (thrown) {
      return { answer: undefined, error: isError(thrown) ? thrown : threw(thrown) };
    }
  }

  #answeredNull(event: E, cold: boolean, runtime: Runtime): Outcome {
    const outcome = this.#outcome(event, cold, undefined, null);
    const warning = `${runtime} answered null, which counts every record as done: ${HUNG}`;
    return { ...outcome, hung: true, interpretation: { ...outcome.interpretation!, warnings: [warning] } };
  }

  #outcome(event: E, cold: boolean, error: Error | undefined, answer?: unknown): Outcome {
    const interpretation =
      error === undefined ? interpretAnswer(event, answer, this.#options) : interpretFailure(event, error);
    return { cold, answer, error, hung: false, interpretation };
  }
}

/** What the entry answered, or threw. */
interface Called {
  readonly answer: unknown;
  readonly error: Error | undefined;
}

/** What a call came to. */
type Outcome = Called & Pick<SimulatedInvocation, 'cold' | 'hung' | 'interpretation'>;

const throttled: Outcome = {
  cold: false,
  answer: undefined,
  error: undefined,
  hung: false,
  interpretation: undefined,
};

const HUNG =
  'the function had not answered, and nothing was left to wait for (work that is not on this clock: see ioWaitMs)';

const threw = (thrown: unknown): Error => new Error(`The function threw ${show(thrown)}.`, { cause: thrown });

/** An event of its own for each call, as it comes out of the JSON that Lambda sends. */
const asSent = <E>(event: E): E => JSON.parse(JSON.stringify(event)) as E;
