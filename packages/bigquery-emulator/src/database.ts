import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBValue,
} from '@duckdb/node-api';
import { Slots } from './slots';

/** An open DuckDB transaction, and the changes of memory that follow its commit. */
export class Transaction {
  private readonly effects: (() => void)[] = [];

  constructor(readonly connection: DuckDBConnection) {}

  run(sql: string, values?: DuckDBValue[]): Promise<DuckDBMaterializedResult> {
    return this.connection.run(sql, values);
  }

  /** Calls `effect` after the commit, and never after a rollback. */
  onCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  /** Runs the effects; called once the commit is durable. */
  committed(): void {
    for (const effect of this.effects) effect();
  }
}

/**
 * The DuckDB file with the rows, the catalog and the jobs. Connections are pooled, because a connection runs one statement
 * at a time.
 *
 * Each running statement occupies one of libuv's few threads, and file reads need these too. `heavy` therefore limits the
 * statements that may take long.
 */
export class Database {
  private readonly idle: DuckDBConnection[] = [];
  private readonly heavySlots = new Slots(2);

  private constructor(
    readonly instance: DuckDBInstance,
    private readonly setup: (connection: DuckDBConnection) => Promise<void>,
  ) {}

  /** @param setup prepares each new connection. */
  static async open(path: string, setup: (connection: DuckDBConnection) => Promise<void>): Promise<Database> {
    const instance = await DuckDBInstance.create(path, {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: '2GB',
      // Each column of a changed table occupies whole blocks until the next checkpoint, and most tables here are small.
      default_block_size: '16384',
      threads: '2',
    });
    const database = new Database(instance, setup);
    // Open the first connection alone: its setup also prepares the instance, which must not happen twice at a time.
    database.idle.push(await database.connect());
    return database;
  }

  /** Runs `work` with a connection that nothing else uses meanwhile. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? (await this.connect());
    try {
      return await work(connection);
    } finally {
      this.idle.push(connection);
    }
  }

  /** Runs `work` in a transaction, which is rolled back if `work` throws. */
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

  /** Runs a statement that may take long, two at most at a time. */
  heavy<T>(work: () => Promise<T>): Promise<T> {
    return this.heavySlots.run(work);
  }

  /** Rows of a statement, as DuckDB values by column name. */
  rows(sql: string, values?: DuckDBValue[]): Promise<Record<string, DuckDBValue>[]> {
    return this.use(async (connection) => (await connection.runAndReadAll(sql, values)).getRowObjects());
  }

  /** Writes DuckDB's log into the file and closes it. */
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
