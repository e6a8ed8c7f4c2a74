import { channel } from 'node:diagnostics_channel';

/** A record that was delivered elsewhere, or discarded, because of an error. */
export interface DeliveredElsewhere {
  readonly itemIdentifier: string | undefined;
  readonly record: unknown;
  readonly error: Error;
}

/** Where the test kit hears of them: no answer tells, and the kit and a bundled function share no other object. */
export const delivered = channel('lambda-batch-handler:delivered');
