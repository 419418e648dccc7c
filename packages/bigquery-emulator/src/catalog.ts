import { createHash } from 'node:crypto';
import type { ProjectDataset, TableReference } from '@bqtail/googlesql-duckdb';
import { quoted } from '@bqtail/googlesql-duckdb';
import type { Database, Transaction } from './database';
import { duplicate, notFound } from './errors';
import type { DatasetResource, TableResource } from './resources';
import { tableName } from './resources';

/** A table or view with the DuckDB relation that holds its rows; another object after each change, of rows too. */
export interface CatalogTable {
  readonly resource: TableResource;
  /** Quoted DuckDB name; empty for a view. It changes when a table's content is replaced as a whole. */
  readonly relation: string;
}

interface CatalogDataset {
  resource: DatasetResource;
  readonly tables: Map<string, CatalogTable>;
}

/**
 * Datasets and tables, held in memory and kept in the DuckDB file. A change goes through a transaction: the file has it
 * when the transaction commits, memory right after.
 */
export class Catalog {
  private readonly datasetsByKey = new Map<string, CatalogDataset>();
  private lastRelation = 0;

  constructor(private readonly database: Database) {}

  /** Reads what the file holds, and drops relations that no table points to any more. */
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

  /** Name for a relation that nobody used before. */
  newRelation(): string {
    this.lastRelation++;
    return relationOf(`t${this.lastRelation}`);
  }

  projects(): string[] {
    return [...new Set([...this.datasetsByKey.values()].map((dataset) => dataset.resource.datasetReference.projectId))];
  }

  /** Datasets by name. Those that begin with `_` hold results of queries and are the service's own. */
  datasets(projectId: string, hidden = false): DatasetResource[] {
    return [...this.datasetsByKey.values()]
      .map((dataset) => dataset.resource)
      .filter(({ datasetReference: { projectId: own, datasetId } }) => {
        return own === projectId && (hidden || !datasetId.startsWith('_'));
      })
      .sort((one, two) => compare(one.datasetReference.datasetId, two.datasetReference.datasetId));
  }

  findDataset(ref: ProjectDataset): DatasetResource | undefined {
    return this.datasetsByKey.get(datasetKey(ref))?.resource;
  }

  dataset(ref: ProjectDataset): DatasetResource {
    const found = this.findDataset(ref);
    if (!found) throw notFound(`Dataset ${ref.projectId}:${ref.datasetId}`);
    return found;
  }

  /** Tables and views of a dataset by name; expired ones are left out. */
  tables(ref: ProjectDataset): CatalogTable[] {
    const tables = [...(this.datasetsByKey.get(datasetKey(ref))?.tables.values() ?? [])];
    return tables
      .filter((table) => !isExpired(table))
      .sort((one, two) => compare(one.resource.tableReference.tableId, two.resource.tableReference.tableId));
  }

  findTable(ref: TableReference): CatalogTable | undefined {
    const found = this.datasetsByKey.get(datasetKey(ref))?.tables.get(ref.tableId);
    return found && !isExpired(found) ? found : undefined;
  }

  table(ref: TableReference): CatalogTable {
    const found = this.findTable(ref);
    if (found) return found;
    this.dataset(ref);
    throw notFound(`Table ${tableName(ref)}`);
  }

  /** Tables whose time is over and that still take up space. */
  expired(): CatalogTable[] {
    return [...this.datasetsByKey.values()].flatMap((dataset) => [...dataset.tables.values()].filter(isExpired));
  }

  async createDataset(transaction: Transaction, resource: DatasetResource): Promise<DatasetResource> {
    const ref = resource.datasetReference;
    if (this.findDataset(ref)) throw duplicate(`Dataset ${ref.projectId}:${ref.datasetId}`);
    return this.putDataset(transaction, resource);
  }

  async putDataset(transaction: Transaction, resource: DatasetResource): Promise<DatasetResource> {
    const ref = resource.datasetReference;
    const stored = withEtag({ ...resource, lastModifiedTime: Date.now().toString() });
    const name = datasetKey(ref);
    await transaction.run('DELETE FROM meta.datasets WHERE name = $1', [name]);
    await transaction.run('INSERT INTO meta.datasets VALUES ($1, $2)', [name, JSON.stringify(stored)]);
    transaction.onCommit(() => {
      const known = this.datasetsByKey.get(name);
      if (known) known.resource = stored;
      else this.datasetsByKey.set(name, { resource: stored, tables: new Map() });
    });
    return stored;
  }

  /** Removes the dataset with all that is in it. */
  async dropDataset(transaction: Transaction, ref: ProjectDataset): Promise<void> {
    const name = datasetKey(ref);
    for (const table of this.datasetsByKey.get(name)?.tables.values() ?? []) await this.dropTable(transaction, table);
    await transaction.run('DELETE FROM meta.datasets WHERE name = $1', [name]);
    transaction.onCommit(() => this.datasetsByKey.delete(name));
  }

  /** Writes the table's resource; `replaced` is the relation that it does not need any more. */
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

  /** Takes the table out of the catalog and leaves its rows where they are, for a table of another name. */
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

export function datasetKey(ref: ProjectDataset): string {
  return `${ref.projectId}:${ref.datasetId}`;
}

export function tableKey(ref: TableReference): string {
  return tableName(ref);
}

function relationOf(name: string): string {
  return `content.${quoted(name)}`;
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}
