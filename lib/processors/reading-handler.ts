import { BatchProcessingError } from '../errors';
import { isThenable } from '../log';
import { type AnyReader, checkReader, readPayload, refusePromise } from '../reader';
import { type SourceName, sourceOf } from '../sources';
import { detectSource } from '../sources/detect';
import type { PayloadPlace } from '../sources/source';
import type { BasePartialProcessor } from './base-partial-processor';
import type { Invocation } from './invocation';

/**
 * The record handler of an invocation, called with a copy of the record that has its payload read.
 *
 * @throws TypeError where the reader cannot read the processor's source
 */
export function readingHandler(
  processor: BasePartialProcessor,
  invocation: Invocation,
  reader: AnyReader,
): CallableFunction {
  const who = processor.constructor.name;
  const handler = invocation.handler as (record: unknown, ...others: unknown[]) => unknown;
  const checked = processor.eventType && checkedPlace(who, reader, processor.eventType);

  return (record: unknown, ...others: unknown[]): unknown => {
    const place = checked ?? checkedPlace(who, reader, detectSource(record));
    const call = (read: unknown) => handler(place.with(record, read), ...others);
    const payload = readPayload(place, reader, record);
    if (!isThenable(payload)) return call(payload);
    if (processor['~isSync'] || invocation.isSync) throw refusePromise(payload);
    return payload.then((read) => {
      if (invocation.isLate(record)) throw new BatchProcessingError('Read after the batch was answered.');
      return call(read);
    });
  };
}

function checkedPlace(who: string, reader: AnyReader, name: SourceName | undefined): PayloadPlace<unknown> {
  if (name === undefined) throw new BatchProcessingError('A record of an unknown source has no payload to read.');
  const { payload } = sourceOf(name);
  checkReader(who, reader, payload.kind);
  return payload;
}
