/** A payment that comes again is not charged again: Powertools Idempotency remembers its id, in a store that is passed in. */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context, SQSRecord } from 'aws-lambda';

import { BatchHandler } from '../lib';
import { InMemoryPersistence } from './support/in-memory-persistence';

export interface Payment {
  readonly id: string;
  readonly amount: number;
}

export class Bank {
  async charge({ id, amount }: Payment): Promise<string> {
    if (amount > 10_000) throw new RangeError(`Payment ${id} is above the limit.`);
    return `receipt of ${id}`;
  }
}

export class PaymentHandler {
  // The whole record is no key: its receipt handle and receive count are others each time.
  readonly #config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true });
  readonly #charge: (payment: Payment) => Promise<string>;

  constructor(persistenceStore: BasePersistenceLayer, bank = new Bank()) {
    const charge = (payment: Payment) => bank.charge(payment);
    this.#charge = makeIdempotent(charge, { persistenceStore, config: this.#config });
  }

  @BatchHandler({ source: 'SQS' })
  async handle(record: SQSRecord, context: Context): Promise<void> {
    // Tells when a run that crashed has had its time, and the payment may be tried again.
    this.#config.registerLambdaContext(context);
    await this.#charge(JSON.parse(record.body) as Payment);
  }
}

// In a function: new DynamoDBPersistenceLayer({ tableName }).
export const handler = new PaymentHandler(new InMemoryPersistence()).handle;
