import { createHash } from 'node:crypto';
import type { ProjectDataset, TableReference } from '@bqtail/googlesql-duckdb';
import { quoted } from '@bqtail/googlesql-duckdb';
import type { Database, Transaction } from './database';
import { duplicate, notFound } from './errors';
import type { DatasetResource, TableResource } from './resources';
import { tableName } from './resources';

/** A table or view, and the DuckDB relation with its rows. Each change, also of rows, makes a new object. */
export interface CatalogTable {
  readonly resource: TableResource;
  /** Quoted DuckDB name; empty for a view. A table whose content is replaced gets a new relation. */
  readonly relation: string;
}

interface CatalogDataset {
  resource: DatasetResource;
  readonly tables: Map<string, CatalogTable>;
}

/**
 * Datasets and tables, in memory and in the DuckDB file. A transaction writes each change to the file; memory follows right
 * after the commit.
 */
export class Catalog {
  private readonly datasetsByKey = new Map<string, CatalogDataset>();
  private lastRelation = 0;

  constructor(private readonly database: Database) {}

  /** Reads the file, and drops the relations that no table refers to. */
  async open(): Promise<void> {
    await this.database.use(async (connection) => {
      await connection.run('CREATE SCHEMA IF NOT EXISTS meta');
      await connection.run('CREATE SCHEMA IF NOT EXISTS content');
      await connection.run('CREATE TABLE IF NOT EXISTS meta.datasets(name VARCHAR, resource VARCHAR)');
      await connection.run('CREATE TABLE IF NOT EXISTS meta.tables(name VARCHAR, relation VARCHAR, resource VARCHAR)');
    });
    for (const row of await this.database.rows('SELECT resource FROM meta.datasets')) {
      const resource: DatasetResource = JSON.parse(String(row['resource']));
      this.datasetsByKey.set(datasetKey(resource.datasetReference), { resource, tables: new Map() });
    }
    const used = new Set<string>();
    for (const row of await this.database.rows('SELECT relation, resource FROM meta.tables')) {
      const resource: TableResource = JSON.parse(String(row['resource']));
      const relation = String(row['relation']);
      used.add(relation);
      this.setTable({ resource, relation });
    }
    const stored = await this.database.rows(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'content'",
    );
    for (const row of stored) {
      const name = String(row['table_name']);
      this.lastRelation = Math.max(this.lastRelation, Number(name.slice(1)) || 0);
      if (!used.has(relationOf(name))) {
        await this.database.use((connection) => connection.run(`DROP TABLE IF EXISTS ${relationOf(name)}`));
      }
    }
  }

  /** A relation name that was never used. */
  newRelation(): string {
    this.lastRelation++;
    return relationOf(`t${this.lastRelation}`);
  }

  /** IDs of the projects that have datasets. */
  projects(): string[] {
    return [...new Set([...this.datasetsByKey.values()].map((dataset) => dataset.resource.datasetReference.projectId))];
  }

  /**
   * Datasets of a project by name.
   *
   * @param hidden whether to include those that begin with `_`: they hold query results and temporary tables.
   */
  datasets(projectId: string, hidden = false): DatasetResource[] {
    return [...this.datasetsByKey.values()]
      .map((dataset) => dataset.resource)
      .filter(({ datasetReference }) => {
        return datasetReference.projectId === projectId && (hidden || !datasetReference.datasetId.startsWith('_'));
      })
      .sort((one, two) => compare(one.datasetReference.datasetId, two.datasetReference.datasetId));
  }

  findDataset(ref: ProjectDataset): DatasetResource | undefined {
    return this.datasetsByKey.get(datasetKey(ref))?.resource;
  }

  /** @throws BigQueryError `notFound` when the dataset does not exist. */
  dataset(ref: ProjectDataset): DatasetResource {
    const dataset = this.findDataset(ref);
    if (!dataset) throw notFound(`Dataset ${ref.projectId}:${ref.datasetId}`);
    return dataset;
  }

  /** Tables and views of a dataset by name, without expired ones. */
  tables(ref: ProjectDataset): CatalogTable[] {
    const tables = [...(this.datasetsByKey.get(datasetKey(ref))?.tables.values() ?? [])];
    return tables
      .filter((table) => !isExpired(table))
      .sort((one, two) => compare(one.resource.tableReference.tableId, two.resource.tableReference.tableId));
  }

  /** The table, unless it does not exist or is expired. */
  findTable(ref: TableReference): CatalogTable | undefined {
    const table = this.datasetsByKey.get(datasetKey(ref))?.tables.get(ref.tableId);
    return table && !isExpired(table) ? table : undefined;
  }

  /** @throws BigQueryError `notFound` when the dataset or the table does not exist. */
  table(ref: TableReference): CatalogTable {
    const table = this.findTable(ref);
    if (table) return table;
    this.dataset(ref);
    throw notFound(`Table ${tableName(ref)}`);
  }

  /** Expired tables that are not yet dropped. */
  expired(): CatalogTable[] {
    return [...this.datasetsByKey.values()].flatMap((dataset) => [...dataset.tables.values()].filter(isExpired));
  }

  /** @throws BigQueryError `duplicate` when the dataset exists. */
  async createDataset(transaction: Transaction, resource: DatasetResource): Promise<DatasetResource> {
    const ref = resource.datasetReference;
    if (this.findDataset(ref)) throw duplicate(`Dataset ${ref.projectId}:${ref.datasetId}`);
    return this.putDataset(transaction, resource);
  }

  /** Creates or replaces the dataset's resource, with a new ETag and modification time. */
  async putDataset(transaction: Transaction, resource: DatasetResource): Promise<DatasetResource> {
    const ref = resource.datasetReference;
    const stored = withEtag({ ...resource, lastModifiedTime: Date.now().toString() });
    const name = datasetKey(ref);
    await transaction.run('DELETE FROM meta.datasets WHERE name = $1', [name]);
    await transaction.run('INSERT INTO meta.datasets VALUES ($1, $2)', [name, JSON.stringify(stored)]);
    transaction.onCommit(() => {
      const dataset = this.datasetsByKey.get(name);
      if (dataset) dataset.resource = stored;
      else this.datasetsByKey.set(name, { resource: stored, tables: new Map() });
    });
    return stored;
  }

  /** Drops the dataset and its tables. */
  async dropDataset(transaction: Transaction, ref: ProjectDataset): Promise<void> {
    const name = datasetKey(ref);
    for (const table of this.datasetsByKey.get(name)?.tables.values() ?? []) await this.dropTable(transaction, table);
    await transaction.run('DELETE FROM meta.datasets WHERE name = $1', [name]);
    transaction.onCommit(() => this.datasetsByKey.delete(name));
  }

  /**
   * Creates or replaces the table's resource, with a new ETag and modification time.
   *
   * @param replaced the table as it was: its relation is dropped if the table has another one now.
   */
  async putTable(
    transaction: Transaction,
    resource: TableResource,
    relation: string,
    replaced?: CatalogTable,
  ): Promise<CatalogTable> {
    const stored = withEtag({ ...resource, lastModifiedTime: Date.now().toString() });
    const name = tableKey(resource.tableReference);
    await transaction.run('DELETE FROM meta.tables WHERE name = $1', [name]);
    await transaction.run('INSERT INTO meta.tables VALUES ($1, $2, $3)', [name, relation, JSON.stringify(stored)]);
    if (replaced?.relation && replaced.relation !== relation) {
      await transaction.run(`DROP TABLE IF EXISTS ${replaced.relation}`);
    }
    const table = { resource: stored, relation };
    transaction.onCommit(() => this.setTable(table));
    return table;
  }

  async dropTable(transaction: Transaction, table: CatalogTable): Promise<void> {
    await this.forgetTable(transaction, table);
    if (table.relation) await transaction.run(`DROP TABLE IF EXISTS ${table.relation}`);
  }

  /** Removes the table from the catalog and keeps its relation, for a table of another name. */
  async forgetTable(transaction: Transaction, table: CatalogTable): Promise<void> {
    const ref = table.resource.tableReference;
    await transaction.run('DELETE FROM meta.tables WHERE name = $1', [tableKey(ref)]);
    transaction.onCommit(() => this.datasetsByKey.get(datasetKey(ref))?.tables.delete(ref.tableId));
  }

  private setTable(table: CatalogTable): void {
    const ref = table.resource.tableReference;
    this.datasetsByKey.get(datasetKey(ref))?.tables.set(ref.tableId, table);
  }
}

function isExpired(table: CatalogTable): boolean {
  const time = Number(table.resource.expirationTime ?? 0);
  return time > 0 && time <= Date.now();
}

function withEtag<T extends { etag?: string }>(resource: T): T {
  const { etag: _old, ...rest } = resource;
  const etag = createHash('md5').update(JSON.stringify(rest)).digest('base64');
  return { ...resource, etag };
}

/** `project:dataset` */
export function datasetKey(ref: ProjectDataset): string {
  return `${ref.projectId}:${ref.datasetId}`;
}

/** `project:dataset.table` */
export function tableKey(ref: TableReference): string {
  return tableName(ref);
}

function relationOf(name: string): string {
  return `content.${quoted(name)}`;
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}
