import { isObject, type JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import { contradict, differ, type Field, fieldsOf, schemaOf, withFields } from './schema';
import type { PrepareStep } from './steps';

/**
 * Lifetime of a temporary table whose process does not drop it. Seven days are enough for a window that is parked for an
 * operator over a few days.
 */
export const TEMPORARY_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** Properties that a new table takes from its template. BigQuery sets the others; an expiration is not inherited. */
const INHERITED = [
  'friendlyName',
  'description',
  'labels',
  'schema',
  'timePartitioning',
  'rangePartitioning',
  'clustering',
  'encryptionConfiguration',
  'defaultCollation',
  'defaultRoundingMode',
  'maxStaleness',
  'tableConstraints',
] as const;

/** Properties that an existing table takes from its template. */
const PATCHED = ['friendlyName', 'description', 'labels'] as const;

/** Resource of a new table that is created from a template. */
export function newFromTemplate(template: JsonObject): JsonObject {
  return picked(template, INHERITED);
}

/**
 * Resource of a temporary table with the columns, partitioning and clustering of another table. Its partitions do not
 * expire, because BigQuery would delete old data at once, and do not require a filter, because transfer queries have none.
 */
export function temporaryFrom(template: JsonObject, changes: JsonObject = {}): JsonObject {
  const layout = picked(template, ['schema', 'timePartitioning', 'rangePartitioning', 'clustering']);
  const { timePartitioning } = { ...layout, ...changes };
  return {
    ...layout,
    ...changes,
    ...(isObject(timePartitioning) && { timePartitioning: unfiltered(timePartitioning, false) }),
  };
}

/** Time partitioning that requires no filter; without `expires`, its partitions do not expire either. */
export function unfiltered(timePartitioning: JsonObject, expires = true): JsonObject {
  const { expirationMs, ...rest } = timePartitioning;
  return {
    ...rest,
    ...(expires && expirationMs !== undefined && { expirationMs }),
    requirePartitionFilter: false,
  };
}

/**
 * The change that gives a table the columns of its template: create it, patch it, or none. As in viant/bqtail, a table is
 * left as it is if the template has fewer columns, or a column of the same name with another type.
 *
 * @param existing resource of the table; undefined if it does not exist.
 * @example changeToTemplate(table, template, undefined) // { kind: 'createTable', table, resource: { schema: … } }
 */
export function changeToTemplate(
  table: TableReference,
  template: JsonObject,
  existing: JsonObject | undefined,
): PrepareStep | undefined {
  if (!existing) return { kind: 'createTable', table, resource: newFromTemplate(template) };
  const wanted = fieldsOf(template);
  const current = fieldsOf(existing);
  if (!differ(wanted, current) || wanted.length < current.length || contradict(wanted, current)) return undefined;
  const resource = { ...picked(template, PATCHED), schema: schemaOf(withFields(current, wanted)) };
  return { kind: 'patchTable', table, resource };
}

/** The change that adds columns to a table; undefined if it has them, or has a column of the same name with another type. */
export function changeForColumns(
  table: TableReference,
  added: readonly Field[],
  existing: JsonObject,
): PrepareStep | undefined {
  const current = fieldsOf(existing);
  const fields = withFields(current, added);
  if (!differ(fields, current) || contradict(current, added)) return undefined;
  return { kind: 'patchTable', table, resource: { schema: schemaOf(fields) } };
}

/**
 * The resource to send for a `patchTable` step. It keeps columns that another process has added since the plan was made,
 * because BigQuery rejects a schema without them.
 *
 * @param existing resource of the table when the step runs.
 */
export function patchOf(resource: JsonObject, existing: JsonObject): JsonObject {
  if (resource.schema === undefined) return resource;
  return { ...resource, schema: schemaOf(withFields(fieldsOf(existing), fieldsOf(resource))) };
}

/** Resource of a table after a change. */
export function changed(resource: JsonObject | undefined, change: PrepareStep | undefined): JsonObject | undefined {
  if (change?.kind === 'createTable' || change?.kind === 'patchTable') return { ...resource, ...change.resource };
  return resource;
}

function picked(resource: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (resource[key] === undefined ? [] : [[key, resource[key]]])));
}
