import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** What the persistence layers of Powertools Idempotency do in a database, in memory. */
export class InMemoryPersistence extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  /** Refuses a key that is there, unless it has expired, or its run has had no time left to finish. */
  protected async _putRecord(record: IdempotencyRecord): Promise<void> {
    const { idempotencyKey: key } = record;
    const existing = this.#records.get(key);
    const { inProgressExpiryTimestamp = Infinity } = existing ?? {};
    const abandoned = existing?.getStatus() === 'INPROGRESS' && inProgressExpiryTimestamp < Date.now();
    if (existing !== undefined && !existing.isExpired() && !abandoned) {
      throw new IdempotencyItemAlreadyExistsError(`There is already a record for ${key}.`, existing);
    }
    this.#records.set(key, record);
  }

  protected async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.set(record.idempotencyKey, record);
  }

  protected async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.#records.delete(idempotencyKey);
  }

  protected async _getRecord(key: string): Promise<IdempotencyRecord> {
    const record = this.#records.get(key);
    if (record === undefined) throw new IdempotencyItemNotFoundError(`There is no record for ${key}.`);
    return record;
  }
}
