import type { JsonObject } from '../json';
import type { Split } from '../rules/types';
import { PlanError } from './planError';
import { type Field, fieldNamed, fieldsOf, newField, schemaOf, typeName } from './schema';

/** A column that a split extracts from loaded rows. */
export interface SplitColumn {
  readonly field: Field;
  /** SQL expression over a loaded row. */
  readonly expression: string;
  /** Path of the nested column in conditions; absent for the time column. */
  readonly path?: string;
}

/**
 * The columns that a split extracts: one per nested cluster column, because BigQuery cannot cluster by a nested column, and
 * the time column if the rows do not have it. Empty if the loaded rows can be split directly.
 *
 * @example splitColumns(id, { clusterColumns: ['info.key'], timeColumn: 'ts', mapping }, fields).map(({ field }) => field.name) // ['ts', 'key']
 * @throws PlanError if a cluster column does not exist.
 */
export function splitColumns(ruleId: string, split: Split, fields: readonly Field[]): readonly SplitColumn[] {
  const { timeColumn, clusterColumns } = split;
  const time: readonly SplitColumn[] =
    timeColumn === undefined || fieldNamed(fields, timeColumn)
      ? []
      : [{ field: newField(timeColumn, 'TIMESTAMP'), expression: 'TIMESTAMP(NULL)' }];
  const columns = [...time];
  for (const [at, path] of clusterColumns.entries()) {
    const leaf = leafOf(fields, path);
    const fault = { ruleId, field: `Dest.Schema.Split.ClusterColumns[${at}]`, found: path };
    if (!leaf)
      throw new PlanError({
        ...fault,
        allowed: `a column, or a field of a record that is not repeated: ${names(fields)}`,
      });
    if (!path.includes('.')) continue;
    const conflict = fieldNamed([...fields, ...columns.map(({ field }) => field)], leaf.name);
    if (conflict)
      throw new PlanError({ ...fault, allowed: `a field whose name differs from that of the column ${conflict.name}` });
    columns.push({ field: newField(leaf.name, typeName(leaf)), expression: path, path });
  }
  return columns;
}

/**
 * Resource of the table that a split reads: loaded and extracted columns, one partition per day, clustered by the cluster
 * columns.
 */
export function splitTable(loaded: JsonObject, split: Split, extracted: readonly SplitColumn[]): JsonObject {
  const { rangePartitioning: _replaced, ...rest } = loaded;
  return {
    ...rest,
    schema: schemaOf([...fieldsOf(loaded), ...extracted.map(({ field }) => field)]),
    timePartitioning: { type: 'DAY', field: split.timeColumn ?? 'ts', requirePartitionFilter: false },
    clustering: { fields: split.clusterColumns.map((path) => path.slice(path.lastIndexOf('.') + 1)) },
  };
}

/**
 * A condition of a mapping with the names of the extracted columns.
 *
 * @example extractedCondition("info.key = 'a'", columns) // "key = 'a'"
 */
export function extractedCondition(when: string, extracted: readonly SplitColumn[]): string {
  return extracted.reduce((text, { path, field }) => {
    if (path === undefined) return text;
    const occurrence = new RegExp(String.raw`(?<!\w)${path.replaceAll('.', String.raw`\.`)}(?!\w)`, 'gi');
    return text.replace(occurrence, () => field.name);
  }, when);
}

function leafOf(fields: readonly Field[], path: string): Field | undefined {
  const [name = '', ...rest] = path.split('.');
  const field = fieldNamed(fields, name);
  if (!field || rest.length === 0) return field;
  return field.mode?.toUpperCase() === 'REPEATED' ? undefined : leafOf(field.fields ?? [], rest.join('.'));
}

function names(fields: readonly Field[]): string {
  return fields.map(({ name }) => name).join(', ');
}
