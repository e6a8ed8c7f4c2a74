import { checkValues } from '../batch/checks';
import { reads } from '../batch/reader';
import { show } from '../errors/show';
import { type AnySource, anySource, isRow, isSourceName, type Source, type SourceName, sourceOf } from '../sources';
import { BasePartialProcessor } from './base-partial-processor';
import type { ProcessorOptions } from './types';

/** The base of processors for one source, with hooks that do nothing. */
export abstract class BasePartialBatchProcessor extends BasePartialProcessor {
  override eventType: SourceName;

  /**
   * Makes a processor for the records of one source; it may serve every invocation.
   *
   * @param eventType the name of a source, or the row of another: then `eventType` reads as its name
   * @throws TypeError where the event type is of no supported source, or an option is not what it should be
   */
  constructor(eventType: AnySource, options?: ProcessorOptions) {
    super();
    if (!isSourceName(eventType) && !isRow(eventType)) {
      throw new TypeError(`Expected the event type to be ${anySource}, received ${show(eventType)}.`);
    }
    const source = sourceOf(eventType);
    if (typeof eventType !== 'string') this['~row'] = source;
    this.eventType = source.name as SourceName;
    const { payload, logger } = checkProcessorOptions(this.constructor.name, source, options);
    this['~payload'] = payload;
    this['~logger'] = logger;
  }

  prepare(): void {
    // a hook
  }

  clean(): void {
    // a hook
  }
}

/** @throws TypeError also for the options of other libraries, such as a parser with a schema */
function checkProcessorOptions(who: string, source: Source, options: unknown = {}): ProcessorOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${who}: expected options such as { payload: json(schema) }, received ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => name !== 'payload' && name !== 'logger');
  if (unknown !== undefined) {
    throw new TypeError(`${who}: unknown option ${unknown}; schemas are given as { payload: json(schema) }.`);
  }
  checkValues(who, options as ProcessorOptions, ['payload', 'logger']);
  const { payload } = options as ProcessorOptions;
  payload?.[reads].check(who, source.payload);
  return options;
}
