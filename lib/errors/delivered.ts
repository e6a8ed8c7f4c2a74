/** A record that was delivered elsewhere, or discarded, because of an error. */
export interface DeliveredElsewhere {
  readonly itemIdentifier: string | undefined;
  readonly record: unknown;
  readonly error: Error;
}

/**
 * The diagnostics channel where the test kit hears of them: no answer tells, and the kit and a bundled function share no
 * other object.
 */
export const DELIVERED = 'lambda-batch-handler:delivered';
