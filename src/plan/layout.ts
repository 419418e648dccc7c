import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import { destinationOf, tableOf, temporaryTable } from './destination';
import { type PlanningFacts, resourceOf, tableKey } from './facts';
import { PlanError } from './planError';
import { type Field, fieldsOf } from './schema';
import { type SplitColumn, splitColumns, splitTable } from './splitColumns';
import { temporaryFrom } from './tableResource';

/** A table and its resource. */
export interface PlannedTable {
  readonly table: TableReference;
  readonly resource: JsonObject;
}

/** The temporary tables of a batch. */
export interface TemporaryTables {
  /** The table that the load fills. Its resource is absent if BigQuery detects the columns. */
  readonly loaded: { readonly table: TableReference; readonly resource?: JsonObject };
  /** The table that the transfer reads. It differs from `loaded` if a split needs extracted columns. */
  readonly read: { readonly table: TableReference; readonly resource?: JsonObject };
  /** Columns that are computed between the two tables; empty if they are the same table. */
  readonly extracted: readonly SplitColumn[];
}

/** The tables of a load: destination, template and temporary tables. */
export interface Layout {
  readonly destination: TableReference;
  /** Resource of the destination; absent if it does not exist. */
  readonly existing?: JsonObject;
  /** The table of `Schema.Template`. */
  readonly template?: PlannedTable;
  /** BigQuery detects the columns. */
  readonly autodetect: boolean;
  readonly temporary?: TemporaryTables;
  /** Columns of the destination; absent if they are unknown before the load. */
  readonly wanted?: readonly Field[];
}

/**
 * The tables of a load.
 *
 * @throws PlanError if a template does not exist, or if the destination does not exist and no template or autodetection
 *   provides the columns.
 */
export function layoutOf(facts: PlanningFacts): Layout {
  const { dest } = facts.rule;
  const destination = destinationOf(facts);
  const existing = resourceOf(facts, destination);
  const template = templateOf(facts, 'Dest.Schema.Template', dest.schema.template);
  const autodetect =
    dest.schema.autodetect || (dest.load.autodetect === true && !existing && !template && !dest.transient?.template);
  const base = { destination, existing, template, autodetect };
  if (!dest.transient) {
    if (!autodetect && !template && !existing) throw destinationMissing(facts, destination);
    return base;
  }
  const temporary = temporaryTables(facts, base);
  // As in viant/bqtail, the columns of the destination count as unknown if only the temporary table has a template.
  const columnsUnknown = autodetect || (dest.transient.template !== undefined && !template);
  const model = columnsUnknown ? undefined : (template?.resource ?? existing);
  return { ...base, temporary, wanted: model && fieldsOf(model) };
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
    const clusteredResource = schema.split ? clustered(resource, schema.split.clusterColumns) : resource;
    const same = { table, resource: clusteredResource };
    return { loaded: same, read: same, extracted };
  }
  const loaded = { table: temporaryTable(facts, dataset, 's'), resource };
  return { loaded, read: { table, resource: splitTable(resource, schema.split, extracted) }, extracted };
}

function temporaryResource(facts: PlanningFacts, { template, existing, destination }: Layout): JsonObject {
  const { dest } = facts.rule;
  const source = templateOf(facts, 'Dest.Transient.Template', dest.transient?.template) ?? template;
  if (source) return temporaryFrom(source.resource);
  if (!existing) throw destinationMissing(facts, destination);
  const { timePartitioning, rangePartitioning, clustering } = dest.load;
  return temporaryFrom({ ...plain({ timePartitioning, rangePartitioning, clustering }), ...existing });
}

/** A partitioned temporary table is clustered by the columns of the split. */
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

/** Load attributes as JSON data, without those that zod left undefined. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
