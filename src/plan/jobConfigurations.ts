import type { TableReference } from '../rules/tableReference';
import type { JsonObject } from '../rules/types';

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

/** Where a query's rows go. */
export interface QueryTarget {
  readonly table: TableReference;
  readonly writeDisposition: string;
}

/** REST configuration of a query job in standard SQL; DML has no target of its own. */
export function queryConfiguration(sql: string, target?: QueryTarget): JsonObject {
  return {
    query: {
      query: sql,
      useLegacySql: false,
      ...(target ? { destinationTable: { ...target.table }, writeDisposition: target.writeDisposition } : {}),
    },
  };
}
