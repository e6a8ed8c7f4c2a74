import { randomUUID } from 'node:crypto';

import { interpretResponse, lambdaContext, type ResponseInterpretation } from '../../lib/testing';
import type { Entry } from './functions';

/** Calls a function as Lambda does, and tells what Lambda makes of its answer. */
export const invoke = <E extends { Records: object[] }>(event: E, entry: Entry<E>): Promise<ResponseInterpretation> =>
  invokeAs(event, entry, interpretResponse);

/** The same for whatever tells what Lambda makes of an answer, or of the error of a failed invocation. */
export async function invokeAs<E, I>(
  event: E,
  entry: Entry<E>,
  interpret: (event: E, answer: unknown) => I,
): Promise<I> {
  const context = lambdaContext({ awsRequestId: randomUUID() });
  try {
    return interpret(event, await entry(structuredClone(event), context));
  } catch (thrown) {
    return interpret(event, thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
