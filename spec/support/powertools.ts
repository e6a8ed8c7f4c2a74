import { Tracer } from '@aws-lambda-powertools/tracer';
import xray, { type Segment, type Subsegment } from 'aws-xray-sdk-core';
import sinon from 'sinon';

import { environment } from './environment';

export type Line = Record<string, unknown>;

/**
 * Has Powertools take a suite for Lambda, where its tracer is on, except that it writes to the console; gives the lines
 * of logs and metrics that the running spec has written so far. Make Logger, Metrics and Tracer in the spec.
 */
export function collectLines(): () => readonly Line[] {
  const sandbox = sinon.createSandbox();
  let lines: Line[];
  environment({
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    _HANDLER: 'index.handler',
  });

  beforeEach(() => {
    lines = [];
    const collect = (line: unknown): void => {
      if (typeof line === 'string' && line.startsWith('{')) lines.push(JSON.parse(line) as Line);
    };
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      sandbox.stub(console, level).callsFake(collect);
    }
  });

  afterEach(() => {
    sandbox.restore();
  });

  return () => lines;
}

/** The metrics among lines: one object for each time they were flushed. */
export const metricsOf = (lines: readonly Line[]): Line[] => lines.filter((line) => '_aws' in line);

/** A tracer that leaves the http module of this process alone. */
export const quietTracer = (): Tracer => new Tracer({ serviceName: 'orders', captureHTTPsRequests: false });

/** Runs something in a segment, as X-Ray has one in Lambda. It stays open, so that nothing is sent. */
export async function inSegment(run: () => Promise<unknown>): Promise<Segment> {
  const segment = new xray.Segment('lambda');
  await xray.getNamespace().runAndReturn(() => {
    xray.setSegment(segment);
    return run();
  });
  return segment;
}

/** What a spec looks at of a subsegment. */
export interface Traced {
  readonly name: string;
  readonly annotations?: object;
  /** The messages of the errors that made it a fault. */
  readonly errors?: string[];
  readonly children?: Traced[];
}

/** The subsegments of a segment, in the order in which they were begun. All of them have to be closed. */
export function tracedIn({ subsegments = [] }: Pick<Segment, 'subsegments'>): Traced[] {
  return subsegments.map((subsegment) => {
    const { name, annotations, fault, cause } = subsegment as Subsegment & Recorded;
    if (!subsegment.isClosed()) throw new Error(`Expected the subsegment ${name} to be closed.`);
    return {
      name,
      ...(annotations && { annotations }),
      ...(fault && { errors: cause?.exceptions?.map(({ message }) => message) ?? [] }),
      ...(subsegment.subsegments?.length && { children: tracedIn(subsegment) }),
    };
  });
}

/** What the SDK's types leave out. */
interface Recorded {
  readonly annotations?: object;
  readonly fault?: boolean;
  readonly cause?: { readonly exceptions?: readonly { readonly message: string }[] };
}
