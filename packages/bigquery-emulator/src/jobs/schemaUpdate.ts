import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed, typeOf } from '@bqtail/googlesql-duckdb';
import { invalid } from '../errors';
import { tableName } from '../resources';

/** What a job may do to the schema of the table it writes to. */
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

/** Of a table that is replaced as a whole the schema is, too. @throws BigQueryError */
export function checkSchemaUpdate(
  options: readonly string[] | undefined,
  writeDisposition: string,
  table: TableReference | undefined,
): void {
  const partition = table?.tableId.includes('$') ?? false;
  if (!options?.length || writeDisposition === 'WRITE_APPEND' || (writeDisposition === 'WRITE_TRUNCATE' && partition))
    return;
  throw invalid(
    'Schema update options should only be specified with WRITE_APPEND disposition, or with WRITE_TRUNCATE disposition on a table partition.',
  );
}

/**
 * Columns of a query as they go into a table: a query's are NULLABLE and may still feed REQUIRED ones, whose rows are looked
 * at one by one; with ALLOW_FIELD_RELAXATION they relax the table instead.
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
 * The table's schema once rows of `given` are in it.
 *
 * @throws BigQueryError `Provided Schema does not match Table …` when they may not be.
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
      const wanted = fieldNamed(after, field.name);
      const where = path + field.name;
      if (!wanted) {
        if (field.mode !== 'REQUIRED' || field.defaultValueExpression !== undefined) return field;
        if (!update.relaxation) throw clash(`Field ${where} is missing in new schema`);
        return { ...field, mode: 'NULLABLE' };
      }
      if (typeOf(field) !== typeOf(wanted)) {
        throw clash(`Field ${where} has changed type from ${typeOf(field)} to ${typeOf(wanted)}`);
      }
      const from = field.mode ?? 'NULLABLE';
      const to = wanted.mode ?? 'NULLABLE';
      const relaxed = from === 'REQUIRED' && to === 'NULLABLE';
      // A nullable source may feed a required column: rows without a value are refused one by one.
      const tightened = from === 'NULLABLE' && to === 'REQUIRED';
      if (from !== to && !tightened && !(relaxed && update.relaxation)) {
        throw clash(`Field ${where} has changed mode from ${from} to ${to}`);
      }
      const inner =
        typeOf(field) === 'RECORD' ? { fields: merge(field.fields ?? [], wanted.fields ?? [], `${where}.`) } : {};
      return { ...field, mode: tightened ? from : to, ...inner };
    });
    for (const field of after) {
      if (fieldNamed(before, field.name)) continue;
      if (!update.addition) throw clash(`Cannot add fields (field: ${path}${field.name})`);
      if (field.mode === 'REQUIRED')
        throw clash(`Cannot add required fields to an existing schema. (field: ${path}${field.name})`);
      merged.push(field);
    }
    return merged;
  }

  return merge(existing, given, '');
}
