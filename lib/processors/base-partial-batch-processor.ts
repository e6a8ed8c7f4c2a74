import { isSourceName, type SourceName, sourceNames } from '../sources';
import { BasePartialProcessor } from './base-partial-processor';

/** The base of processors for one source, with hooks that do nothing. */
export abstract class BasePartialBatchProcessor extends BasePartialProcessor {
  override eventType: SourceName;

  /** @throws TypeError where the event type is of no supported source */
  constructor(eventType: SourceName) {
    super();
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
