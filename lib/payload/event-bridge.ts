import { ParsingError } from '../errors';
import type { Reader } from '../batch/reader';
import { checkKind } from './check-kind';
import { jsonOf, propertiesOf } from './json';
import { propertyText } from './property-text';
import { marked, type ReadPayload } from './reader';
import { textOf } from './text';

/**
 * Reads an Amazon EventBridge event, as a queue that is the target of a rule receives it, and hands its detail to the
 * inner reader, as JSON text: as it stands in the event, every digit of its numbers included. Where it is a string that
 * holds an object as JSON, as in the events of EventBridge Scheduler, that is handed on.
 *
 * Shape: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 *
 * @throws TypeError where the inner reader does not read text
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'SQS', payload: eventBridge(json<Order>()) }, (order) => orders.place(order));
 * ```
 */
export function eventBridge<T>(inner: ReadPayload<string, T>): Reader<string | Uint8Array, T> {
  checkKind('eventBridge()', inner, 'text');
  return marked(['text', 'bytes'], (raw: string | Uint8Array) => {
    const event = textOf(raw);
    const { 'detail-type': detailType, detail } = propertiesOf(jsonOf(event));
    if (typeof detailType !== 'string' || detail === undefined) {
      throw new ParsingError(
        'The payload is no EventBridge event; read what a rule has transformed without eventBridge().',
      );
    }
    return inner(typeof detail === 'string' && isObject(detail) ? detail : propertyText(event, 'detail')!);
  });
}

function isObject(text: string): boolean {
  try {
    return typeof (jsonOf(text) ?? undefined) === 'object';
  } catch {
    return false;
  }
}
