import { randomUUID } from 'node:crypto';

import { interpretResponse, lambdaContext, type ResponseInterpretation } from '../../lib/testing';
import type { Entry } from './functions';

/** Calls a function as Lambda does, and tells what Lambda makes of its answer. */
export async function invoke<E extends { Records: object[] }>(
  event: E,
  entry: Entry<E>,
): Promise<ResponseInterpretation> {
  const context = lambdaContext({ awsRequestId: randomUUID() });
  try {
    return interpretResponse(event, await entry(structuredClone(event), context));
  } catch (thrown) {
    return interpretResponse(event, thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
