import type { JsonObject } from '../json';
import type { Split } from '../rules/types';
import { PlanError } from './planError';
import { type Field, fieldNamed, fieldsOf, newField, schemaOf, typeName } from './schema';

/** A column that only the table has which a split reads. */
export interface SplitColumn {
  readonly field: Field;
  /** SQL that computes it from a row as loaded. */
  readonly expression: string;
  /** Path of the nested column, as conditions name it; absent for the time column. */
  readonly path?: string;
}

/**
 * The columns that a split has to extract (spec 2, section 2.5): one for each nested cluster column, and the time column
 * when rows have none. Empty when rows can be split as they were loaded.
 *
 * @example splitColumns(id, { clusterColumns: ['info.key'], timeColumn: 'ts', mapping }, fields).map(({ field }) => field.name) // ['ts', 'key']
 * @throws PlanError when a cluster column is not among the columns.
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
    const taken = fieldNamed([...fields, ...columns.map(({ field }) => field)], leaf.name);
    if (taken) throw new PlanError({ ...fault, allowed: `a field that is not called as the column ${taken.name}` });
    columns.push({ field: newField(leaf.name, typeName(leaf)), expression: path, path });
  }
  return columns;
}

/** The table that a split reads: the columns as loaded and its own, a partition a day, clustered by the leaves' names. */
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
 * A condition of a mapping as the extracted table knows its columns.
 *
 * @example extractedCondition("info.key = 'a'", columns) // "key = 'a'"
 */
export function extractedCondition(when: string, extracted: readonly SplitColumn[]): string {
  return extracted.reduce((text, { path, field }) => {
    if (path === undefined) return text;
    const place = new RegExp(String.raw`(?<!\w)${path.replaceAll('.', String.raw`\.`)}(?!\w)`, 'gi');
    return text.replace(place, () => field.name);
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
