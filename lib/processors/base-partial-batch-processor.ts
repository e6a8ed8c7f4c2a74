import { checkReader } from '../reader';
import { show } from '../show';
import { isSourceName, type SourceName, sourceNames, sourceOf } from '../sources';
import type { ProcessorOptions } from '../types';
import { BasePartialProcessor } from './base-partial-processor';

/** The base of processors for one source, with hooks that do nothing. */
export abstract class BasePartialBatchProcessor extends BasePartialProcessor {
  override eventType: SourceName;

  /** @throws TypeError where the event type is of no supported source, or an option is not what it should be */
  constructor(eventType: SourceName, options?: ProcessorOptions) {
    super();
    if (!isSourceName(eventType)) {
      throw new TypeError(`Expected an event type (${sourceNames.join(', ')}), received ${String(eventType)}.`);
    }
    this.eventType = eventType;
    this['~payload'] = checkProcessorOptions(this.constructor.name, eventType, options);
  }

  prepare(): void {
    // a hook
  }

  clean(): void {
    // a hook
  }
}

/** @throws TypeError also for the options of other libraries, such as a parser with a schema */
function checkProcessorOptions(who: string, eventType: SourceName, options: unknown): ProcessorOptions['payload'] {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${who}: expected options such as { payload: json(schema) }, received ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => name !== 'payload');
  if (unknown !== undefined) {
    throw new TypeError(`${who}: unknown option ${unknown}; schemas are given as { payload: json(schema) }.`);
  }
  const { payload: reader } = options as ProcessorOptions;
  if (reader !== undefined) checkReader(who, reader, sourceOf(eventType).payload.kind);
  return reader;
}
