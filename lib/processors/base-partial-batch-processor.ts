import { isSourceName, type SourceName, sourceNames } from '../sources';
import { BasePartialProcessor } from './base-partial-processor';

/** The base of processors for one source, with hooks that do nothing. */
export abstract class BasePartialBatchProcessor extends BasePartialProcessor {
  override eventType: SourceName;

  /** @throws TypeError where the event type is of no supported source, or more is given, such as a parser */
  constructor(eventType: SourceName, ...others: undefined[]) {
    super();
    if (others.some((other: unknown) => other !== undefined)) {
      throw new TypeError(
        'Expected an event type only: a processor takes no parser. Read payloads in the record handler.',
      );
    }
    if (!isSourceName(eventType)) {
      throw new TypeError(`Expected an event type (${sourceNames.join(', ')}), received ${String(eventType)}.`);
    }
    this.eventType = eventType;
  }

  prepare(): void {
    // a hook
  }

  clean(): void {
    // a hook
  }
}
