import type { LoadAttributes } from './loadAttributes';

/** Formats for which a load job can add fields to the table: BigQuery's schemaUpdateOptions. */
export const FIELD_ADDITION_FORMATS: readonly string[] = ['AVRO', 'PARQUET', 'NEWLINE_DELIMITED_JSON'];

interface FieldAddition {
  readonly allowed: boolean;
  readonly override: boolean | undefined;
  /** The load goes to a temporary table or to one partition; there a truncating load may also add fields. */
  readonly intoPart: boolean;
}

/**
 * Load attributes with the options of `AllowFieldAddition`. A direct load with `Override: true` needs none, because it replaces
 * the schema. It goes on truncating; viant/bqtail would append instead.
 */
export function withFieldAddition(
  load: LoadAttributes,
  { allowed, override, intoPart }: FieldAddition,
): LoadAttributes {
  if (!allowed || !FIELD_ADDITION_FORMATS.includes(load.sourceFormat ?? '')) return load;
  if (override === true && !intoPart) return load;
  const given = load.schemaUpdateOptions ?? [];
  const schemaUpdateOptions = given.length > 0 ? given : ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'];
  return { ...load, schemaUpdateOptions, ...(override !== true && { writeDisposition: 'WRITE_APPEND' }) };
}
