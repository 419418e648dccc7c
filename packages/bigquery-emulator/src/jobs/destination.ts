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
import { checkSchemaLimits } from '../fields';
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

/** Properties of a table that a job creates or replaces. */
export interface TableProperties {
  readonly timePartitioning?: TimePartitioning;
  readonly rangePartitioning?: RangePartitioning;
  readonly clustering?: Clustering;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Record<string, string>;
  readonly expirationTime?: string;
}

/** A SELECT in DuckDB's SQL, alone or with its parameters. */
export type RowSource =
  | string
  | {
      readonly sql: string;
      /** Values of its parameters. */
      readonly values?: Record<string, DuckDBValue>;
      readonly types?: Record<string, DuckDBType>;
      /** Whether a last column, after the given ones, holds the ingestion time of each row. */
      readonly ingestionTime?: boolean;
    };

/** The table or partition that a job writes to, as it is before the job's work. */
export class Destination {
  readonly table: TableReference;
  readonly partitionId: string | undefined;
  readonly existing: CatalogTable | undefined;
  /** Whether the job first deletes the rows of the table, or of the decorator's partition. */
  readonly truncate: boolean;

  /** @throws BigQueryError when the dataset does not exist, or the dispositions or the kind of table forbid the write. */
  constructor(
    private readonly catalog: Catalog,
    destination: TableReference,
    private readonly dispositions: Dispositions,
  ) {
    const { table, partitionId } = splitDecorator(destination);
    this.table = table;
    this.partitionId = partitionId;
    catalog.dataset(table);
    this.existing = catalog.findTable(table);
    this.truncate =
      dispositions.writeDisposition === 'WRITE_TRUNCATE' || dispositions.writeDisposition === 'WRITE_TRUNCATE_DATA';
    if (!this.existing && dispositions.createDisposition === 'CREATE_NEVER') {
      throw notFound(`Table ${tableName(table)}`);
    }
    if (this.existing && !this.existing.relation) {
      throw invalid(`${tableName(table)} is not allowed for this operation because it is currently a VIEW.`);
    }
  }

  /** Whether the job replaces the rows and the schema of an existing table. */
  get replaces(): boolean {
    const keepsSchema = this.dispositions.writeDisposition === 'WRITE_TRUNCATE_DATA';
    return this.existing !== undefined && this.truncate && this.partitionId === undefined && !keepsSchema;
  }

  /** Whether copied rows keep their ingestion time. */
  keepsIngestionTime(properties: TableProperties): boolean {
    const table =
      this.existing && !this.replaces ? this.existing.resource : { ...this.existing?.resource, ...properties };
    return isIngestionTime(table) && this.partitionId === undefined;
  }

  /** @throws BigQueryError `duplicate` when the disposition is WRITE_EMPTY and there are rows. */
  async checkEmpty(transaction: Transaction): Promise<void> {
    if (this.dispositions.writeDisposition !== 'WRITE_EMPTY' || !this.existing) return;
    const where = this.whereClause(this.existing.resource);
    const rows = await transaction.connection.runAndReadAll(`SELECT 1 FROM ${this.existing.relation} ${where} LIMIT 1`);
    if (rows.currentRowCount > 0) throw duplicate(`Table ${tableName(this.table)}`);
  }

  /**
   * The schema of the table after a write of rows with the columns `given`.
   *
   * @throws BigQueryError when the columns do not match the table.
   */
  schemaAfter(given: readonly TableField[]): TableField[] {
    if (!this.existing || this.replaces) return [...given];
    const update = schemaUpdateOf(this.dispositions.schemaUpdateOptions);
    return mergedSchema(this.table, this.existing.resource.schema?.fields ?? [], given, update);
  }

  /** Columns of a query, REQUIRED where the table's are: see `feedingRequired`. */
  declaredColumns(given: readonly TableField[]): TableField[] {
    if (!this.existing || this.replaces) return [...given];
    return feedingRequired(
      this.existing.resource.schema?.fields ?? [],
      given,
      schemaUpdateOf(this.dispositions.schemaUpdateOptions),
    );
  }

  /**
   * Writes the rows of a SELECT whose columns are `given`, in that order.
   *
   * @param declared the same columns with the modes that the table's schema is checked by.
   * @returns the number of written rows.
   * @throws BigQueryError when the schema, the partitioning or a row does not match the table.
   */
  async write(
    transaction: Transaction,
    given: readonly TableField[],
    select: RowSource,
    properties: TableProperties = {},
    declared: readonly TableField[] = given,
  ): Promise<number> {
    await this.checkEmpty(transaction);
    const fields = this.schemaAfter(declared);
    checkSchemaLimits(fields);
    const target = await this.prepareTable(transaction, fields, properties);
    const rows = await this.insertRows(transaction, target, given, select);
    await this.catalog.putTable(transaction, target.resource, target.relation, this.existing);
    return rows;
  }

  private async prepareTable(
    transaction: Transaction,
    fields: TableField[],
    properties: TableProperties,
  ): Promise<{ resource: TableResource; relation: string }> {
    const { existing } = this;
    if (!existing || this.replaces) {
      const resource = this.newResource(fields, properties);
      checkPartitioning(resource, fields);
      checkClustering(resource.clustering, fields);
      const relation = this.catalog.newRelation();
      await createRelation(transaction, relation, fields, resource);
      return { resource, relation };
    }
    checkSamePartitioning(existing.resource, properties);
    const resource = { ...existing.resource, schema: { fields } };
    await evolveRelation(transaction, existing.relation, existing.resource.schema?.fields ?? [], fields);
    if (this.truncate) {
      await transaction.run(`DELETE FROM ${existing.relation} ${this.whereClause(resource)}`);
    }
    return { resource, relation: existing.relation };
  }

  private newResource(fields: TableField[], properties: TableProperties): TableResource {
    if (this.existing) {
      // A property that the job does not set stays.
      const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
      return { ...this.existing.resource, ...given, schema: { fields } };
    }
    const byDecorator = this.partitionId !== undefined && !properties.rangePartitioning;
    return newTable(this.catalog.dataset(this.table), {
      ...properties,
      timePartitioning:
        properties.timePartitioning ?? (byDecorator ? partitioningOfDecorator(this.partitionId ?? '') : undefined),
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

  /** Number of rows outside of the decorator's partition; undefined when every row belongs to it. */
  private async countMisplaced(
    transaction: Transaction,
    table: TableResource,
    relation: string,
  ): Promise<number | undefined> {
    if (this.partitionId === undefined) return undefined;
    const misplaced = misplacedFilter(table, this.partitionId);
    if (misplaced === undefined) return undefined;
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

  /** Restricts a statement to the decorator's partition; empty without a decorator. */
  private whereClause(resource: TableResource): string {
    return this.partitionId === undefined ? '' : `WHERE ${partitionFilter(resource, this.partitionId)}`;
  }
}
