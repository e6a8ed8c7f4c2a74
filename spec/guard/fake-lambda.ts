import sinon from 'sinon';

import type { EventSourceMapping } from '../../lib/guard/list-mappings';
import { queueArn } from '../support/events';

/** That of the contexts of the specs. */
export const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

/** A mapping of the queue of the specs, with the flag. */
export const reporting: EventSourceMapping = {
  EventSourceArn: queueArn,
  FunctionArn: functionArn,
  State: 'Enabled',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
};

/** The same without the flag. */
export const silent: EventSourceMapping = { ...reporting, FunctionResponseTypes: [] };

type Call = (command: { readonly input: object }, options: { readonly abortSignal: AbortSignal }) => unknown;

/** A client that answers with these mappings, or in turn with what functions give; the last one for ever. */
export function fakeLambda(...answers: readonly (readonly EventSourceMapping[] | Call)[]) {
  let calls = 0;
  const send = sinon.fake(async (command: never, options: never): Promise<unknown> => {
    const answer = answers[Math.min(calls++, answers.length - 1)]!;
    return typeof answer === 'function' ? await answer(command, options) : { EventSourceMappings: answer };
  });
  return { send };
}
