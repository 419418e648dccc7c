import type {
  Clustering,
  RangePartitioning,
  TableField,
  TableReference,
  TimePartitioning,
} from '@bqtail/googlesql-duckdb';
import { fieldNamed, isIngestionTime, isRepeated, PARTITION_TIME, quoted } from '@bqtail/googlesql-duckdb';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Catalog, CatalogTable } from '../catalog';
import type { Transaction } from '../database';
import { duplicate, invalid, notFound } from '../errors';
import {
  checkClustering,
  checkPartitioning,
  misplacedFilter,
  partitionFilter,
  partitioningOfDecorator,
  partitionTimeSql,
  splitDecorator,
} from '../partitions';
import { createRelation, evolveRelation } from '../relations';
import { type TableResource, tableName } from '../resources';
import { newTable } from '../tables';
import { defaultSql } from './defaults';
import { checkRequired, checkSamePartitioning } from './destinationChecks';
import { feedingRequired, mergedSchema, schemaUpdateOf } from './schemaUpdate';

/** How a job writes to its table. */
export interface Dispositions {
  readonly createDisposition?: string;
  readonly writeDisposition?: string;
  readonly schemaUpdateOptions?: string[];
}

/** What a job gives a table that it creates or replaces. */
export interface TableMake {
  readonly timePartitioning?: TimePartitioning;
  readonly rangePartitioning?: RangePartitioning;
  readonly clustering?: Clustering;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Record<string, string>;
  readonly expirationTime?: string;
}

/** A SELECT, alone or with what more there is to know of it. */
export type RowSource =
  | string
  | {
      readonly sql: string;
      /** What its parameters stand for. */
      readonly values?: Record<string, DuckDBValue>;
      readonly types?: Record<string, DuckDBType>;
      /** Its last column, after the given ones, is the ingestion time of each row. */
      readonly ingestionTime?: boolean;
    };

/** The table that a job writes to, looked at before the job's work is done. */
export class Destination {
  readonly table: TableReference;
  readonly partitionId: string | undefined;
  readonly existing: CatalogTable | undefined;
  /** Whether what is there goes away: the whole table, or the partition of the decorator. */
  readonly truncate: boolean;

  /** @throws BigQueryError when the dispositions forbid to write there. */
  constructor(
    private readonly catalog: Catalog,
    destination: TableReference,
    private readonly how: Dispositions,
  ) {
    const { table, partitionId } = splitDecorator(destination);
    this.table = table;
    this.partitionId = partitionId;
    catalog.dataset(table);
    this.existing = catalog.findTable(table);
    this.truncate = how.writeDisposition === 'WRITE_TRUNCATE' || how.writeDisposition === 'WRITE_TRUNCATE_DATA';
    if (!this.existing && how.createDisposition === 'CREATE_NEVER') throw notFound(`Table ${tableName(table)}`);
    if (this.existing && !this.existing.relation) {
      throw invalid(`${tableName(table)} is not allowed for this operation because it is currently a VIEW.`);
    }
  }

  /** Whether the whole content is replaced, and the schema with it. */
  get replaces(): boolean {
    const keepsSchema = this.how.writeDisposition === 'WRITE_TRUNCATE_DATA';
    return this.existing !== undefined && this.truncate && this.partitionId === undefined && !keepsSchema;
  }

  /** Whether rows that are written keep the time they were ingested at, when they have one. */
  keepsIngestionTime(make: TableMake): boolean {
    const table = this.existing && !this.replaces ? this.existing.resource : { ...this.existing?.resource, ...make };
    return isIngestionTime(table) && this.partitionId === undefined;
  }

  /** @throws BigQueryError when the write is WRITE_EMPTY and rows are there; asked just before writing. */
  async checkEmpty(transaction: Transaction): Promise<void> {
    if (this.how.writeDisposition !== 'WRITE_EMPTY' || !this.existing) return;
    const only = this.partitionId === undefined ? '' : `WHERE ${this.partitionCondition(this.existing.resource)}`;
    const found = await transaction.connection.runAndReadAll(`SELECT 1 FROM ${this.existing.relation} ${only} LIMIT 1`);
    if (found.currentRowCount > 0) throw duplicate(`Table ${tableName(this.table)}`);
  }

  /** The schema that the table has after rows of `given` were written. */
  schemaAfter(given: readonly TableField[]): TableField[] {
    if (!this.existing || this.replaces) return [...given];
    const update = schemaUpdateOf(this.how.schemaUpdateOptions);
    return mergedSchema(this.table, this.existing.resource.schema?.fields ?? [], given, update);
  }

  /** Columns of a query as this table takes them. */
  takes(given: readonly TableField[]): TableField[] {
    if (!this.existing || this.replaces) return [...given];
    return feedingRequired(
      this.existing.resource.schema?.fields ?? [],
      given,
      schemaUpdateOf(this.how.schemaUpdateOptions),
    );
  }

  /**
   * Writes the rows of a SELECT whose columns are `given`, in that order.
   *
   * @param declared the same columns as the table takes them.
   * @returns the number of rows written.
   */
  async write(
    transaction: Transaction,
    given: readonly TableField[],
    select: RowSource,
    make: TableMake = {},
    declared: readonly TableField[] = given,
  ): Promise<number> {
    await this.checkEmpty(transaction);
    const fields = this.schemaAfter(declared);
    const target = await this.prepareTable(transaction, fields, make);
    const rows = await this.insertRows(transaction, target, given, select);
    await this.catalog.putTable(transaction, target.resource, target.relation, this.existing);
    return rows;
  }

  private async prepareTable(
    transaction: Transaction,
    fields: TableField[],
    make: TableMake,
  ): Promise<{ resource: TableResource; relation: string }> {
    const { existing } = this;
    if (!existing || this.replaces) {
      const resource = this.newResource(fields, make);
      checkPartitioning(resource, fields);
      checkClustering(resource.clustering, fields);
      const relation = this.catalog.newRelation();
      await createRelation(transaction, relation, fields, resource);
      return { resource, relation };
    }
    checkSamePartitioning(existing.resource, make);
    const resource = { ...existing.resource, schema: { fields } };
    await evolveRelation(transaction, existing.relation, existing.resource.schema?.fields ?? [], fields);
    if (this.truncate) {
      const only = this.partitionId === undefined ? '' : `WHERE ${this.partitionCondition(resource)}`;
      await transaction.run(`DELETE FROM ${existing.relation} ${only}`);
    }
    return { resource, relation: existing.relation };
  }

  private newResource(fields: TableField[], make: TableMake): TableResource {
    const known = this.existing?.resource;
    const given = Object.fromEntries(Object.entries(make).filter(([, value]) => value !== undefined));
    if (known) return { ...known, ...given, schema: { fields } };
    const byDecorator =
      this.partitionId !== undefined && !make.timePartitioning && !make.rangePartitioning
        ? { timePartitioning: partitioningOfDecorator(this.partitionId) }
        : {};
    return newTable(this.catalog.dataset(this.table), {
      ...byDecorator,
      ...given,
      tableReference: this.table,
      schema: { fields },
    });
  }

  private async insertRows(
    transaction: Transaction,
    target: { resource: TableResource; relation: string },
    given: readonly TableField[],
    select: RowSource,
  ): Promise<number> {
    const fields = target.resource.schema?.fields ?? [];
    const table = target.resource;
    const { sql, values, types, ingestionTime } = typeof select === 'string' ? { sql: select } : select;
    const names = given.map((field) => quoted(field.name));
    const extra: string[] = [];
    if (ingestionTime) names.push(quoted(PARTITION_TIME));
    for (const field of fields) {
      if (fieldNamed(given, field.name)) continue;
      const value = defaultSql(this.catalog, this.table, field) ?? (isRepeated(field) ? '[]' : undefined);
      if (value === undefined) continue;
      names.push(quoted(field.name));
      extra.push(value);
    }
    if (isIngestionTime(table) && !ingestionTime) {
      names.push(quoted(PARTITION_TIME));
      extra.push(partitionTimeSql(table, this.partitionId, new Date()));
    }
    if (names.length === 0) return 0;
    const source = extra.length > 0 ? `SELECT *, ${extra.join(', ')} FROM (${sql})` : sql;
    const before = await this.countMisplaced(transaction, table, target.relation);
    const insert = `INSERT INTO ${target.relation} (${names.join(', ')}) ${source}`;
    const result = await transaction.connection.run(insert, values, types);
    await this.checkNoneMisplaced(transaction, table, target.relation, before);
    await checkRequired(transaction, target.relation, fields, given);
    return result.rowsChanged;
  }

  /** Rows outside of the decorator's partition; undefined when any row fits. */
  private async countMisplaced(
    transaction: Transaction,
    table: TableResource,
    relation: string,
  ): Promise<number | undefined> {
    if (this.partitionId === undefined) return undefined;
    const misplaced = misplacedFilter(table, this.partitionId);
    if (misplaced === null) return undefined;
    const reader = await transaction.connection.runAndReadAll(`SELECT count(*) FROM ${relation} WHERE ${misplaced}`);
    return Number(reader.value(0, 0));
  }

  private async checkNoneMisplaced(
    transaction: Transaction,
    table: TableResource,
    relation: string,
    before: number | undefined,
  ): Promise<void> {
    if (before === undefined || (await this.countMisplaced(transaction, table, relation)) === before) return;
    throw invalid(`Some rows belong to different partitions rather than destination partition ${this.partitionId}`);
  }

  private partitionCondition(resource: TableResource): string {
    return partitionFilter(resource, this.partitionId ?? '');
  }
}
