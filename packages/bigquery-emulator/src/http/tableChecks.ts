import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed } from '@bqtail/googlesql-duckdb';
import { invalid } from '../errors';
import { specification } from '../jobs/destinationChecks';
import { type TableResource, tableName } from '../resources';

/** Refuses, as the service does, a schema that lacks a column of the table or makes one REQUIRED. */
export function checkKept(
  ref: TableReference,
  before: readonly TableField[],
  after: readonly TableField[],
  path = '',
): void {
  const clash = (problem: string) => invalid(`Provided Schema does not match Table ${tableName(ref)}. ${problem}`);
  for (const field of before) {
    const name = path + field.name;
    const kept = fieldNamed(after, field.name);
    if (!kept) throw clash(`Field ${name} is missing in new schema`);
    if (field.mode !== 'REQUIRED' && kept.mode === 'REQUIRED') {
      throw clash(`Field ${name} has changed mode from ${field.mode} to REQUIRED`);
    }
    checkKept(ref, field.fields ?? [], kept.fields ?? [], `${name}.`);
  }
}

/** Refuses to make a table a view, or to change its partitioning. */
export function checkShape(existing: TableResource, changed: TableResource): void {
  if (changed.view) {
    throw invalid(
      `${tableName(existing.tableReference)} is not allowed for this operation because it is currently a TABLE.`,
    );
  }
  const [before, after] = [existing, changed].map(specification);
  if (before === after) return;
  throw invalid(
    before === 'none'
      ? 'Cannot convert non partitioned/clustered table to partitioned/clustered table.'
      : 'Cannot change partitioning/clustering spec for a partitioned/clustered table.',
  );
}
