import { isObject, type JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import { contradict, differ, type Field, fieldsOf, schemaOf, withFields } from './schema';
import type { PrepareStep } from './steps';

/**
 * How long a temporary table lives at most; it is dropped when its process ends. Long enough for a window that waits for an
 * operator over some days.
 */
export const TEMPORARY_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** What a new table takes over from its template; the rest of a resource is the service's own, or an expiration. */
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

/** What a table that exists takes over. */
const PATCHED = ['friendlyName', 'description', 'labels'] as const;

/** The resource of a new table made from a template. */
export function newFromTemplate(template: JsonObject): JsonObject {
  return picked(template, INHERITED);
}

/**
 * The resource of a temporary table with the columns and layout of another. Its partitions neither expire, as old data would
 * vanish on arrival, nor ask for a filter, which the queries out of it do not give.
 */
export function temporaryFrom(template: JsonObject, changes: JsonObject = {}): JsonObject {
  const layout = picked(template, ['schema', 'timePartitioning', 'rangePartitioning', 'clustering']);
  const { timePartitioning } = { ...layout, ...changes };
  return {
    ...layout,
    ...changes,
    ...(isObject(timePartitioning) ? { timePartitioning: unfiltered(timePartitioning, false) } : {}),
  };
}

/** Time partitioning that asks for no filter. */
export function unfiltered(timePartitioning: JsonObject, expires = true): JsonObject {
  const { expirationMs, ...rest } = timePartitioning;
  return {
    ...rest,
    ...(expires && expirationMs !== undefined ? { expirationMs } : {}),
    requirePartitionFilter: false,
  };
}

/**
 * What is to be done so that a table has at least its template's columns (spec 2, section 6.1): create it, patch it, or
 * nothing, when it has them, or when the template has fewer columns or others of the same name.
 *
 * @param existing the table's resource; undefined when it does not exist.
 * @example changeToTemplate(table, template, undefined) // { kind: 'createTable', table, resource: { schema: … } }
 */
export function changeToTemplate(
  table: TableReference,
  template: JsonObject,
  existing: JsonObject | undefined,
): PrepareStep | undefined {
  if (!existing) return { kind: 'createTable', table, resource: newFromTemplate(template) };
  const wanted = fieldsOf(template);
  const present = fieldsOf(existing);
  if (!differ(wanted, present) || wanted.length < present.length || contradict(wanted, present)) return undefined;
  const resource = { ...picked(template, PATCHED), schema: schemaOf(withFields(present, wanted)) };
  return { kind: 'patchTable', table, resource };
}

/** What is to be done so that a table has these columns too; undefined when nothing, or when it has others of the same name. */
export function changeForColumns(
  table: TableReference,
  added: readonly Field[],
  existing: JsonObject,
): PrepareStep | undefined {
  const present = fieldsOf(existing);
  const fields = withFields(present, added);
  if (!differ(fields, present) || contradict(present, added)) return undefined;
  return { kind: 'patchTable', table, resource: { schema: schemaOf(fields) } };
}

/**
 * What to send for a `patchTable`: another process may have added columns since the plan was made, and a table keeps all of
 * its columns.
 *
 * @param existing the table as it is when the step runs.
 */
export function patchOf(resource: JsonObject, existing: JsonObject): JsonObject {
  if (resource.schema === undefined) return resource;
  return { ...resource, schema: schemaOf(withFields(fieldsOf(existing), fieldsOf(resource))) };
}

/** A resource as it is after a change. */
export function changed(resource: JsonObject | undefined, change: PrepareStep | undefined): JsonObject | undefined {
  if (change?.kind === 'createTable' || change?.kind === 'patchTable') return { ...resource, ...change.resource };
  return resource;
}

function picked(resource: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (resource[key] === undefined ? [] : [[key, resource[key]]])));
}
