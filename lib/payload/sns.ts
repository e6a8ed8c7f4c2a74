import { ParsingError } from '../errors';
import type { Reader } from '../batch/reader';
import { checkKind } from './check-kind';
import { jsonOf, propertiesOf } from './json';
import { marked, type ReadPayload } from './reader';

/**
 * Reads an Amazon SNS notification, as a queue that is subscribed to a topic receives it, and hands the text of its
 * message to the inner reader. With raw message delivery there is no such envelope: use the inner reader alone.
 *
 * Shape: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 *
 * @throws TypeError where the inner reader does not read text
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: sns(json<Order>()) }, (order) => orders.place(order));
 * ```
 */
export function sns<T>(inner: ReadPayload<string, T>): Reader<string | Uint8Array, T> {
  checkKind('sns()', inner, 'text');
  return marked(['text', 'bytes'], (raw: string | Uint8Array) => {
    const { Type, Message } = propertiesOf(jsonOf(raw));
    if (Type !== 'Notification' || typeof Message !== 'string') {
      throw new ParsingError('The payload is no SNS notification; with raw message delivery read it without sns().');
    }
    return inner(Message);
  });
}
