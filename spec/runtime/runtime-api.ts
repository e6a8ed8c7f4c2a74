import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * How an invocation ended: what was posted, that the process was over, or that it was alive after the deadline and nothing
 * was posted. `tooLate` is what was posted after the deadline.
 */
export type Ending =
  | { readonly response: unknown; readonly tooLate?: true }
  | { readonly error: PostedError; readonly tooLate?: true }
  | { readonly initError: PostedError }
  | { readonly exited: number | null }
  | { readonly timedOut: true };

export interface PostedError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/**
 * How often a process has to say after the deadline that it is alive. Where its event loop is empty it can once, and a few
 * times more while its connections close: on a busy machine a deadline passes before that.
 */
const BEATS = 4;

class Invocation {
  readonly #end: (ending: Ending) => void;
  #timeout: NodeJS.Timeout | undefined;
  #beatsAfterDeadline: number | undefined;

  constructor(
    readonly id: string,
    readonly event: unknown,
    readonly timeoutMs: number,
    end: (ending: Ending) => void,
  ) {
    this.#end = end;
  }

  /** @returns its deadline */
  begin(): number {
    this.#timeout = setTimeout(() => (this.#beatsAfterDeadline = 0), this.timeoutMs);
    return Date.now() + this.timeoutMs;
  }

  beat(): void {
    if (this.#beatsAfterDeadline !== undefined && ++this.#beatsAfterDeadline >= BEATS) this.end({ timedOut: true });
  }

  posted(what: 'response' | 'error', body: unknown): void {
    const ending = (what === 'response' ? { response: body } : { error: body }) as Ending;
    this.end(this.#beatsAfterDeadline === undefined ? ending : { ...ending, tooLate: true });
  }

  end(ending: Ending): void {
    clearTimeout(this.#timeout);
    this.#end(ending);
  }
}

/**
 * The side of Lambda that a runtime talks to: hands out invocations, each with its deadline, and hears how they ended.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #pending: Invocation[] = [];
  readonly #runtimes: ServerResponse[] = [];
  readonly #running = new Map<string, Invocation>();
  #count = 0;
  /** How all that are to come end as well. */
  #ending: Ending | undefined;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((listening) => api.#server.listen(0, '127.0.0.1', listening));
    return api;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param timeoutMs from when the runtime takes it */
  invoke(event: unknown, timeoutMs: number): Promise<Ending> {
    if (this.#ending !== undefined) return Promise.resolve(this.#ending);
    return new Promise((resolve) => {
      const id = `invocation-${++this.#count}`;
      const end = (ending: Ending): void => {
        this.#running.delete(id);
        resolve(ending);
      };
      this.#pending.push(new Invocation(id, event, timeoutMs, end));
      this.#handOut();
    });
  }

  /** Ends all that has not ended: there is nobody to answer it. */
  endAll(ending: Ending): void {
    this.#ending ??= ending;
    for (const invocation of [...this.#running.values(), ...this.#pending.splice(0)]) invocation.end(this.#ending);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [scope, id, what] = request.url!.split('/').slice(3); // behind the version of the API
    if (id === 'next') {
      this.#runtimes.push(response);
      this.#handOut();
      return;
    }
    const body = await text(request);
    response.writeHead(202).end();
    const invocation = this.#running.get(id!);
    if (scope === 'init') this.endAll({ initError: JSON.parse(body) as PostedError });
    else if (what === 'alive') invocation?.beat();
    else invocation?.posted(what as 'response' | 'error', JSON.parse(body));
  }

  #handOut(): void {
    while (this.#pending.length > 0 && this.#runtimes.length > 0) {
      const [invocation, response] = [this.#pending.shift()!, this.#runtimes.shift()!];
      this.#running.set(invocation.id, invocation);
      response.writeHead(200, {
        'Lambda-Runtime-Aws-Request-Id': invocation.id,
        'Lambda-Runtime-Deadline-Ms': invocation.begin(),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
      });
      response.end(JSON.stringify(invocation.event));
    }
  }
}
