import type { LoadAttributes } from './loadAttributes';

/** Formats for which BigQuery itself can add fields while it loads (spec 2, section 1.5). */
export const FIELD_ADDITION_FORMATS: readonly string[] = ['AVRO', 'PARQUET', 'NEWLINE_DELIMITED_JSON'];

interface FieldAddition {
  readonly allowed: boolean;
  readonly override: boolean | undefined;
  /** The load goes to a temporary table or to one partition, where truncating and adding fields go together. */
  readonly aside: boolean;
}

/**
 * What `AllowFieldAddition` adds to the load attributes when the rule is read. Unlike the original's, it leaves a direct load
 * with `Override: true` truncating (spec 2, section 7, no. 21); that one needs no options, since it replaces the schema.
 */
export function withFieldAddition(load: LoadAttributes, { allowed, override, aside }: FieldAddition): LoadAttributes {
  if (!allowed || !FIELD_ADDITION_FORMATS.includes(load.sourceFormat ?? '')) return load;
  if (override === true && !aside) return load;
  const given = load.schemaUpdateOptions ?? [];
  const schemaUpdateOptions = given.length > 0 ? given : ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'];
  return { ...load, schemaUpdateOptions, ...(override !== true && { writeDisposition: 'WRITE_APPEND' }) };
}
