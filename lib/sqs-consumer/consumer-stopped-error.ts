import { StoppedBeforeTimeoutError } from '../errors';
import { named } from '../errors/named';

/**
 * The error of a record that was still running when the grace period of `stop()` was over, the cause of those that were not run
 * then, and the reason of `delivery.signal`.
 */
export class ConsumerStoppedError extends StoppedBeforeTimeoutError {
  static {
    named(this, 'ConsumerStoppedError');
  }

  constructor(graceSeconds: number) {
    super(0);
    this.message = `Not finished ${graceSeconds} s after the consumer was told to stop, when its grace period was over.`;
  }
}
