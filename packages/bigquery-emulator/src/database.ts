import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBValue,
} from '@duckdb/node-api';
import { Slots } from './slots';

/** One open DuckDB transaction, and what to do in memory once it is durable. */
export class Transaction {
  private readonly effects: (() => void)[] = [];

  constructor(readonly connection: DuckDBConnection) {}

  run(sql: string, values?: DuckDBValue[]): Promise<DuckDBMaterializedResult> {
    return this.connection.run(sql, values);
  }

  /** Calls `effect` after the commit; never when the transaction is rolled back. */
  onCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  committed(): void {
    for (const effect of this.effects) effect();
  }
}

/**
 * The DuckDB file with the rows, the catalog and the jobs. Connections are pooled: a connection runs one thing at a time.
 *
 * Each running statement holds one of libuv's few threads, which reading files needs too: `heavy` lets few in at once.
 */
export class Database {
  private readonly idle: DuckDBConnection[] = [];
  private readonly heavySlots = new Slots(2);

  private constructor(
    readonly instance: DuckDBInstance,
    private readonly setup: (connection: DuckDBConnection) => Promise<void>,
  ) {}

  /** @param setup what each new connection needs first. */
  static async open(path: string, setup: (connection: DuckDBConnection) => Promise<void>): Promise<Database> {
    const instance = await DuckDBInstance.create(path, {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: '2GB',
      // Until the next checkpoint each column of a table that was written to holds whole blocks; small tables are usual here.
      default_block_size: '16384',
      threads: '2',
    });
    const database = new Database(instance, setup);
    // The first one is made alone: what it sets up for all must not be set up twice at a time.
    database.idle.push(await database.connect());
    return database;
  }

  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? (await this.connect());
    try {
      return await work(connection);
    } finally {
      this.idle.push(connection);
    }
  }

  /** Runs `work` in a transaction: all of it is durable, or nothing happened. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.use(async (connection) => {
      await connection.run('BEGIN');
      const transaction = new Transaction(connection);
      let result: T;
      try {
        result = await work(transaction);
        await connection.run('COMMIT');
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
      transaction.committed();
      return result;
    });
  }

  /** Waits for one of the few places for statements that may take long. */
  heavy<T>(work: () => Promise<T>): Promise<T> {
    return this.heavySlots.run(work);
  }

  /** Rows of a statement, as plain DuckDB values by column name. */
  rows(sql: string, values?: DuckDBValue[]): Promise<Record<string, DuckDBValue>[]> {
    return this.use(async (connection) => (await connection.runAndReadAll(sql, values)).getRowObjects());
  }

  /** Writes the log into the file and lets go of it. */
  async close(): Promise<void> {
    await this.use((connection) => connection.run('CHECKPOINT')).catch(() => undefined);
    for (const connection of this.idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
  }

  private async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    await this.setup(connection);
    return connection;
  }
}
