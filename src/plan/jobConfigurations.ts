import { definedFields, type JsonObject, type JsonValue } from '../json';
import type { TableReference } from '../rules/tableReference';

/** REST configuration of a copy job. */
export function copyConfiguration(
  source: TableReference,
  destination: TableReference,
  writeDisposition: string,
): JsonObject {
  return {
    copy: {
      createDisposition: 'CREATE_IF_NEEDED',
      sourceTable: { ...source },
      destinationTable: { ...destination },
      writeDisposition,
    },
  };
}

/** The table for the rows of a query. */
export interface QueryTarget {
  readonly table: TableReference;
  readonly writeDisposition: string;
}

/** REST configuration of a query job in standard SQL. DML has no target, because the statement names its table. */
export function queryConfiguration(sql: string, target?: QueryTarget): JsonObject {
  return statementConfiguration(sql, false, {
    destinationTable: target && { ...target.table },
    writeDisposition: target?.writeDisposition,
  });
}

/**
 * REST configuration of a query job.
 *
 * @param useLegacy legacy SQL instead of standard SQL.
 * @param options other fields of `configuration.query`.
 */
export function statementConfiguration(
  sql: string,
  useLegacy = false,
  options: { readonly [key: string]: JsonValue | undefined } = {},
): JsonObject {
  const allowLargeResults = useLegacy || undefined;
  return { query: definedFields({ query: sql, useLegacySql: useLegacy, allowLargeResults, ...options }) };
}
