import { checkValue } from '../batch/checks';
import { type AnyReader, reads } from '../batch/reader';
import { isThenable } from '../batch/thenable';
import { BatchProcessingError } from '../errors';
import type { Source } from '../sources';
import { detectSource } from '../sources/detect';
import type { PayloadPlace } from '../sources/source';
import type { Invocation } from './invocation';
import type { Runnable } from './runnable';

/**
 * The record handler of an invocation, called with a copy of the record that has its payload read.
 *
 * @throws TypeError where it is no reader, or one that cannot read the processor's source
 */
export function readingHandler(processor: Runnable, invocation: Invocation, reader: AnyReader): CallableFunction {
  const who = processor.constructor.name;
  checkValue(who, 'payload', reader);
  const handler = invocation.handler as (record: unknown, ...others: unknown[]) => unknown;
  const source = processor['~source'];
  const checked = source && checkedPlace(who, reader, source);
  const reading = reader[reads];

  return (record: unknown, ...others: unknown[]): unknown => {
    const place = checked ?? checkedPlace(who, reader, detectSource(record));
    const call = (read: unknown) => handler(reading.copy(place, record, read), ...others);
    const payload = reading.of(place, record);
    if (!isThenable(payload)) return call(payload);
    if (processor['~isSync'] || invocation.isSync) throw reading.refusePromise(payload);
    reading.refuseToWait(payload, invocation.options?.context);
    return payload.then((read) => {
      if (invocation.isLate(record)) throw new BatchProcessingError('Read after the batch was answered.');
      return call(read);
    });
  };
}

function checkedPlace(who: string, reader: AnyReader, source: Source | undefined): PayloadPlace {
  if (source === undefined) throw new BatchProcessingError('A record of an unknown source has no payload to read.');
  reader[reads].check(who, source.payload);
  return source.payload;
}
