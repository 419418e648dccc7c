import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import { destinationOf, tableOf, temporaryTable } from './destination';
import { type PlanningFacts, resourceOf, tableKey } from './facts';
import { PlanError } from './planError';
import { type Field, fieldsOf } from './schema';
import { type SplitColumn, splitColumns, splitTable } from './splitColumns';
import { temporaryFrom } from './tableResource';

/** A table with its resource, as it is or is to be made. */
export interface PlannedTable {
  readonly table: TableReference;
  readonly resource: JsonObject;
}

/** The temporary tables of a batch. */
export interface TemporaryTables {
  /** The one that the load fills; its resource is absent when the load finds out the columns. */
  readonly loaded: { readonly table: TableReference; readonly resource?: JsonObject };
  /** The one that the transfer reads: another than `loaded` when a split needs columns of its own. */
  readonly read: { readonly table: TableReference; readonly resource?: JsonObject };
  /** What is computed on the way from the one to the other; empty when they are the same. */
  readonly extracted: readonly SplitColumn[];
}

/** The tables that a batch passes through (spec 2, section 1.3). */
export interface Layout {
  readonly destination: TableReference;
  /** The destination as read; absent when it does not exist. */
  readonly existing?: JsonObject;
  /** `Schema.Template`. */
  readonly template?: PlannedTable;
  /** BigQuery finds out the columns. */
  readonly autodetect: boolean;
  readonly temporary?: TemporaryTables;
  /** Columns of the destination; absent when they are not known before the load. */
  readonly wanted?: readonly Field[];
}

/**
 * Reads off the facts which tables a batch passes through.
 *
 * @throws PlanError when a template does not exist, or the destination does not and nothing else tells the columns.
 */
export function layoutOf(facts: PlanningFacts): Layout {
  const { dest } = facts.rule;
  const destination = destinationOf(facts);
  const existing = resourceOf(facts, destination);
  const template = templateOf(facts, 'Dest.Schema.Template', dest.schema.template);
  const autodetect =
    dest.schema.autodetect || (dest.load.autodetect === true && !existing && !template && !dest.transient?.template);
  const base = { destination, ...(existing ? { existing } : {}), ...(template ? { template } : {}), autodetect };
  if (!dest.transient) {
    if (!autodetect && !template && !existing) throw destinationMissing(facts, destination);
    return base;
  }
  const temporary = temporaryTables(facts, base);
  // With a template of the temporary table only, the original does not look at the destination, and copies.
  const known = autodetect || (dest.transient.template && !template) ? undefined : (template?.resource ?? existing);
  return { ...base, temporary, ...(known ? { wanted: fieldsOf(known) } : {}) };
}

/** The table that the load job fills. */
export function loadTarget({ destination, temporary }: Layout): TableReference {
  return temporary?.loaded.table ?? destination;
}

function temporaryTables(facts: PlanningFacts, layout: Layout): TemporaryTables {
  const { transient, schema } = facts.rule.dest;
  const dataset = transient?.dataset ?? '';
  const table = temporaryTable(facts, dataset);
  if (layout.autodetect) return { loaded: { table }, read: { table }, extracted: [] };
  const resource = temporaryResource(facts, layout);
  const extracted = schema.split ? splitColumns(facts.rule.id, schema.split, fieldsOf(resource)) : [];
  if (!schema.split || extracted.length === 0) {
    const own = schema.split ? clustered(resource, schema.split.clusterColumns) : resource;
    return { loaded: { table, resource: own }, read: { table, resource: own }, extracted };
  }
  const loaded = { table: temporaryTable(facts, dataset, 's'), resource };
  return { loaded, read: { table, resource: splitTable(resource, schema.split, extracted) }, extracted };
}

function temporaryResource(facts: PlanningFacts, { template, existing, destination }: Layout): JsonObject {
  const { dest } = facts.rule;
  const own = templateOf(facts, 'Dest.Transient.Template', dest.transient?.template) ?? template;
  if (own) return temporaryFrom(own.resource);
  if (!existing) throw destinationMissing(facts, destination);
  const { timePartitioning, rangePartitioning, clustering } = dest.load;
  return temporaryFrom({
    ...(timePartitioning ? { timePartitioning: plain(timePartitioning) } : {}),
    ...(rangePartitioning ? { rangePartitioning: plain(rangePartitioning) } : {}),
    ...(clustering ? { clustering: plain(clustering) } : {}),
    ...existing,
  });
}

/** A partitioned table is clustered as the split says (spec 2, section 6.1). */
function clustered(resource: JsonObject, fields: readonly string[]): JsonObject {
  return resource.timePartitioning && fields.length > 0 ? { ...resource, clustering: { fields } } : resource;
}

function templateOf(facts: PlanningFacts, field: string, text: string | undefined): PlannedTable | undefined {
  if (text === undefined) return undefined;
  const table = tableOf(facts.rule, field, text, facts.defaultProject);
  const resource = resourceOf(facts, table);
  if (resource) return { table, resource };
  const found = `${tableKey(table)}, which does not exist`;
  throw new PlanError({ ruleId: facts.rule.id, field, found, allowed: 'a table that exists', code: 'SchemaMissing' });
}

function destinationMissing(facts: PlanningFacts, destination: TableReference): PlanError {
  return new PlanError({
    ruleId: facts.rule.id,
    field: 'Dest.Table',
    found: `${tableKey(destination)}, which does not exist`,
    allowed: 'a table that exists, or any with Schema.Template or Schema.Autodetect',
    code: 'SchemaMissing',
  });
}

/** Load attributes are plain JSON; going through text drops what zod leaves undefined. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
