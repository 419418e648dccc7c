import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed, typeOf } from '@bqtail/googlesql-duckdb';
import { invalid } from '../errors';
import { tableName } from '../resources';

/** How a job may change the schema of its table. */
export interface SchemaUpdate {
  readonly addition: boolean;
  readonly relaxation: boolean;
}

export function schemaUpdateOf(options: readonly string[] | undefined): SchemaUpdate {
  return {
    addition: options?.includes('ALLOW_FIELD_ADDITION') ?? false,
    relaxation: options?.includes('ALLOW_FIELD_RELAXATION') ?? false,
  };
}

/** A job that replaces a whole table also replaces the schema. @throws BigQueryError when it has schema update options. */
export function checkSchemaUpdate(
  options: readonly string[] | undefined,
  writeDisposition: string,
  table: TableReference | undefined,
): void {
  const partition = table?.tableId.includes('$') ?? false;
  if (!options?.length || writeDisposition === 'WRITE_APPEND') return;
  if (writeDisposition === 'WRITE_TRUNCATE' && partition) return;
  throw invalid(
    'Schema update options should only be specified with WRITE_APPEND disposition, or with WRITE_TRUNCATE disposition on a table partition.',
  );
}

/**
 * Columns of a query, with the mode REQUIRED where the table's column has it. The columns of a query are NULLABLE, but may
 * be written to REQUIRED columns: each row is checked. With ALLOW_FIELD_RELAXATION they stay NULLABLE and relax the table.
 */
export function feedingRequired(
  existing: readonly TableField[],
  given: readonly TableField[],
  update: SchemaUpdate,
): TableField[] {
  return given.map((field) => {
    const required = fieldNamed(existing, field.name)?.mode === 'REQUIRED' && (field.mode ?? 'NULLABLE') === 'NULLABLE';
    return required && !update.relaxation ? { ...field, mode: 'REQUIRED' } : field;
  });
}

/**
 * The table's schema after a write of rows with the columns `given`.
 *
 * @throws BigQueryError `Provided Schema does not match Table …` when the job may not change the schema so.
 */
export function mergedSchema(
  table: TableReference,
  existing: readonly TableField[],
  given: readonly TableField[],
  update: SchemaUpdate,
): TableField[] {
  const clash = (problem: string) => invalid(`Provided Schema does not match Table ${tableName(table)}. ${problem}`);

  function merge(before: readonly TableField[], after: readonly TableField[], path: string): TableField[] {
    const merged = before.map((field) => {
      const source = fieldNamed(after, field.name);
      const where = path + field.name;
      if (!source) {
        if (field.mode !== 'REQUIRED' || field.defaultValueExpression !== undefined) return field;
        if (!update.relaxation) throw clash(`Field ${where} is missing in new schema`);
        return { ...field, mode: 'NULLABLE' };
      }
      if (typeOf(field) !== typeOf(source)) {
        throw clash(`Field ${where} has changed type from ${typeOf(field)} to ${typeOf(source)}`);
      }
      const from = field.mode ?? 'NULLABLE';
      const to = source.mode ?? 'NULLABLE';
      const relaxed = from === 'REQUIRED' && to === 'NULLABLE';
      // A REQUIRED column may be written to a NULLABLE one, which stays NULLABLE.
      const tightened = from === 'NULLABLE' && to === 'REQUIRED';
      if (from !== to && !tightened && !(relaxed && update.relaxation)) {
        throw clash(`Field ${where} has changed mode from ${from} to ${to}`);
      }
      const fields =
        typeOf(field) === 'RECORD' ? merge(field.fields ?? [], source.fields ?? [], `${where}.`) : field.fields;
      return { ...field, mode: tightened ? from : to, fields };
    });
    for (const field of after) {
      if (fieldNamed(before, field.name)) continue;
      if (!update.addition) throw clash(`Cannot add fields (field: ${path}${field.name})`);
      if (field.mode === 'REQUIRED') {
        throw clash(`Cannot add required fields to an existing schema. (field: ${path}${field.name})`);
      }
      merged.push(field);
    }
    return merged;
  }

  return merge(existing, given, '');
}
