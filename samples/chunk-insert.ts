/** A thousand rows with one INSERT into Postgres; where it fails they are tried one by one, to know which are to blame. */
import { BatchHandler } from '../lib';
import { ChunkError, chunksOf } from '../lib/chunk';
import { json } from '../lib/payload';

export interface Order {
  readonly id: string;
  readonly total: number;
}

/** A Postgres in this process, in memory, which starts with the first query: on Lambda a client of `pg` connects there. */
export class Database {
  #starting: ReturnType<typeof start> | undefined;

  async query<Row>(sql: string, ...parameters: unknown[]): Promise<Row[]> {
    const { rows } = await (await (this.#starting ??= start())).query<Row>(sql, parameters);
    return rows;
  }

  /** The next query starts another one. */
  async close(): Promise<void> {
    const starting = this.#starting;
    this.#starting = undefined;
    await (await starting)?.close();
  }
}

async function start() {
  const { PGlite } = await import('@electric-sql/pglite');
  const postgres = await PGlite.create();
  await postgres.exec('CREATE TABLE orders (id text PRIMARY KEY, total integer NOT NULL CHECK (total > 0))');
  return postgres;
}

/** As JSON there is one parameter for all rows; whoever wants each to be one finds that there can be 65,535. */
const insert = `
  INSERT INTO orders SELECT id, total FROM jsonb_to_recordset($1) AS given (id text, total integer)
  ON CONFLICT (id) DO NOTHING`; // an order that comes again, also in the same chunk, is there already

export class OrderHandler {
  constructor(private readonly database: Database) {}

  @BatchHandler({ source: 'SQS', payload: json<Order>(), chunk: chunksOf(1_000) })
  async handle(orders: readonly Order[]): Promise<void> {
    try {
      await this.#insert(orders);
    } catch (error) {
      if (!isAboutRows(error)) throw error; // a connection that is gone fails them all
      const failures = await this.#insertOneByOne(orders);
      if (failures.size > 0) throw new ChunkError(failures, { cause: error });
    }
  }

  /** All of them, or none. */
  async #insert(orders: readonly Order[]): Promise<void> {
    await this.database.query(insert, JSON.stringify(orders));
  }

  async #insertOneByOne(orders: readonly Order[]): Promise<Map<number, unknown>> {
    const failures = new Map<number, unknown>();
    for (const [index, order] of orders.entries()) {
      await this.#insert([order]).catch((error: unknown) => failures.set(index, error));
    }
    return failures;
  }
}

/** Classes 22 and 23 of Postgres: a value that does not fit, and a constraint. */
const isAboutRows = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown }).code));

export const database = new Database();

export const handler = new OrderHandler(database).handle;
