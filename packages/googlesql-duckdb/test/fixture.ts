import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { DatasetInfo, SqlCatalog, Statement, TableField, TableInfo, TableRef } from '../src/contract';
import { quoted } from '../src/duckdb/names';
import { SqlError, toSqlError } from '../src/errors';
import { toRow } from '../src/restRows';
import { setupConnection } from '../src/runtime/register';
import { storedType } from '../src/schema/fields';
import { type TranslateOptions, translateScript } from '../src/translate';

/** The result of a script's last statement. */
export interface Answer {
  readonly schema: readonly TableField[];
  /** Rows as arrays of plain values: texts as the REST API writes them, arrays and structs as arrays. */
  readonly rows: unknown[][];
  readonly kinds: string[];
  readonly changed: number;
}

/** Runs translated statements in DuckDB and applies their changes to a catalog in memory. */
export class Fixture {
  private readonly connection: DuckDBConnection;
  private readonly tables = new Map<string, TableInfo>();
  private readonly datasets: DatasetInfo[] = ['d', 'other'].map((datasetId) => ({
    projectId: 'p',
    datasetId,
    location: 'US',
    creationTime: 1_700_000_000_000,
  }));
  private made = 0;

  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async create(): Promise<Fixture> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await setupConnection(connection);
    return new Fixture(connection);
  }

  get catalog(): SqlCatalog {
    return {
      defaultProject: 'p',
      defaultDataset: { projectId: 'p', datasetId: 'd' },
      table: (ref) => this.tables.get(key(ref)),
      tables: (projectId, datasetId) =>
        [...this.tables.values()].filter((one) => one.projectId === projectId && one.datasetId === datasetId),
      datasets: (projectId) => this.datasets.filter((one) => one.projectId === projectId),
    };
  }

  async run(sql: string, options: Partial<TranslateOptions> = {}): Promise<Answer> {
    let answer: Answer = { schema: [], rows: [], kinds: [], changed: 0 };
    const kinds: string[] = [];
    const script = translateScript(sql, { legacy: false, catalog: this.catalog, ...options });
    let step = script.next();
    while (!step.done) {
      const statement = step.value;
      try {
        const result = await this.execute(statement);
        if (statement.receive === undefined) {
          kinds.push(statement.kind);
          answer = { schema: statement.schema ?? [], rows: result.rows, kinds, changed: result.changed };
        }
        const isDml = /^(?:INSERT|UPDATE|DELETE|MERGE)$/.test(statement.kind);
        step = script.next(isDml ? { rowCount: result.changed } : {});
      } catch (error) {
        step = script.throw(toSqlError(error));
      }
    }
    return { ...answer, kinds };
  }

  private async execute(statement: Statement): Promise<{ rows: unknown[][]; changed: number }> {
    const { ddl } = statement;
    const exposed = /\blambda (?!"`)[^:]*:/.exec(statement.duckdb);
    if (exposed !== null) throw new Error(`a column could replace the parameter of: ${exposed[0]}`);
    if (ddl !== undefined) {
      await this.change(statement);
      return { rows: [], changed: 0 };
    }
    if (/_TRANSACTION$/.test(statement.kind)) {
      await this.connection.run(statement.duckdb);
      return { rows: [], changed: 0 };
    }
    const result = await this.connection.runAndReadAll(statement.duckdb);
    statement.receive?.(result.getRows()[0] ?? []);
    const changed = statement.returnsMergeAction === true ? result.currentRowCount : result.rowsChanged;
    if (statement.schema === undefined) return { rows: [], changed };
    return { rows: result.getRows().map((row) => plainRow(row, statement.schema as TableField[])), changed };
  }

  private async change({ ddl, duckdb }: Statement): Promise<void> {
    if (ddl?.op === 'createTable' && ddl.schema !== undefined) {
      this.made += 1;
      const relation = `"r${this.made}"`;
      const hidden =
        ddl.timePartitioning !== undefined && !ddl.timePartitioning.field ? ', "_PARTITIONTIME" TIMESTAMPTZ' : '';
      await this.connection.run(
        `CREATE TABLE ${relation} (${ddl.schema.map((field) => `${quoted(field.name)} ${storedType(field)}`).join(', ')}${hidden})`,
      );
      if (duckdb !== '') await this.connection.run(`INSERT INTO ${relation} ${duckdb}`);
      this.tables.set(key(ddl.table), {
        ...ddl.table,
        type: 'TABLE',
        schema: ddl.schema,
        timePartitioning: ddl.timePartitioning,
        rangePartitioning: ddl.rangePartitioning,
        clustering: ddl.clustering as TableInfo['clustering'],
        description: ddl.options.description ?? undefined,
        labels: ddl.options.labels,
        requirePartitionFilter: ddl.options.requirePartitionFilter,
        relation,
        creationTime: this.made,
      });
    } else if (ddl?.op === 'createView') {
      this.tables.set(key(ddl.table), {
        ...ddl.table,
        type: 'VIEW',
        schema: ddl.schema,
        viewQuery: ddl.query,
        viewLegacy: ddl.legacy,
        relation: '',
      });
    } else if (ddl?.op === 'dropTable' || ddl?.op === 'dropView') {
      this.tables.delete(key(ddl.table));
    } else if (ddl?.op === 'truncate') {
      await this.connection.run(`DELETE FROM ${this.tables.get(key(ddl.table))?.relation}`);
    }
  }
}

function key(ref: TableRef): string {
  return `${ref.projectId}:${ref.datasetId}.${ref.tableId}`;
}

function plainRow(row: readonly DuckDBValue[], schema: readonly TableField[]): unknown[] {
  return toRow(row, schema as TableField[], { timestamps: 'INT64' }).f.map((cell) => plain(cell.v));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: { v: unknown }) => plain(item.v));
  if (value !== null && typeof value === 'object' && 'f' in value)
    return (value as { f: Array<{ v: unknown }> }).f.map((cell) => plain(cell.v));
  return value;
}

/** The error of a script; throws if it has none. */
export async function failureOf(
  fixture: Fixture,
  sql: string,
  options: Partial<TranslateOptions> = {},
): Promise<SqlError> {
  try {
    await fixture.run(sql, options);
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
  throw new Error(`no error: ${sql}`);
}
