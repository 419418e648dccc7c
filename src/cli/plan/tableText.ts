import { fromReference, legacyName, type TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';

/** A table reference in the form of rules, `project:dataset.table`; any other value as JSON. */
export function tableOf(reference: unknown): string {
  return isReference(reference) ? legacyName(fromReference(reference)) : JSON.stringify(reference);
}

/** Destination and write disposition of a job. */
export function targetOf({ destinationTable, destinationUris, writeDisposition }: JsonObject): string {
  if (destinationUris !== undefined) return `to ${JSON.stringify(destinationUris)}`;
  if (destinationTable === undefined) return '';
  const how = typeof writeDisposition === 'string' ? `, ${writeDisposition}` : '';
  return `into ${tableOf(destinationTable)}${how}`;
}

function isReference(value: unknown): value is TableReference {
  return ['projectId', 'datasetId', 'tableId'].every(
    (key) => typeof value === 'object' && value !== null && typeof Reflect.get(value, key) === 'string',
  );
}
