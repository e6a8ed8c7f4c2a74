import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';

import type { KafkaEvent } from '../../lib/kafka';
import type { Emulators } from './emulators';
import type { Entry } from './functions';
import type { Ledger } from './ledger';
import type { Message } from './workload';

/** What it takes to play the messages of a source: to send them, have them delivered, and read what was given up on. */
export interface Play<E extends SQSEvent | KinesisStreamEvent | KafkaEvent> {
  readonly emulators: Emulators;
  readonly messages: readonly Message[];
  readonly entry: Entry<E>;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
}
