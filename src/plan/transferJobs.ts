import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import { expandText } from '../rules/variables';
import { quotedTable } from './destination';
import { type PlanningFacts, resourceOf, wholeTable } from './facts';
import { copyConfiguration, queryConfiguration } from './jobConfigurations';
import type { Layout, TemporaryTables } from './layout';
import { type PlanningContext, plannedJob } from './planningContext';
import { type Field, fieldsOf } from './schema';
import { type Selection, select } from './sql/select';
import { insertInto } from './sql/statement';
import type { JobStep, PrepareStep } from './steps';
import { changed, changeForColumns, changeToTemplate, TEMPORARY_LIFETIME_MS } from './tableResource';
import type { WriteDisposition } from './writeDisposition';

/** What is known of the tables when a transfer is planned. */
export interface TransferLayout extends Layout {
  readonly temporary: TemporaryTables;
  /** Columns that the loaded table got by being loaded. */
  readonly gained: readonly Field[];
}

/** One way of rows into a table. */
export interface Way {
  readonly facts: PlanningFacts;
  readonly layout: TransferLayout;
  readonly context: PlanningContext;
  /** With its partition. */
  readonly table: TableReference;
  readonly disposition: WriteDisposition;
}

/** A job that writes the rows of a SELECT into a table, by DML where the rule says so and DML can. */
export function queryStep(way: Way & { readonly selection: Selection }): JobStep {
  const { facts, layout, context, table, disposition, selection } = way;
  const step = context.numbers.next();
  // DML only adds rows, and to no single partition (spec 2, section 7, no. 11 and 13).
  const dml =
    facts.rule.dest.transient?.copyMethod === 'DML' && disposition === 'WRITE_APPEND' && !table.tableId.includes('$');
  const sql = expandText(dml ? insertInto(table, selection) : select(selection), context.variables);
  const configuration = dml
    ? queryConfiguration(sql)
    : queryConfiguration(sql, { table, writeDisposition: disposition });
  return {
    kind: 'job',
    step,
    action: 'query',
    job: plannedJob(context, step, 'query', configuration, table),
    ...prepared(way, dml && !facts.rule.dest.schema.split ? layout.temporary.read.resource : undefined),
    onSuccess: [],
    onFailure: [],
  };
}

/** The SELECT over the whole temporary table. */
export function selectionOf(facts: PlanningFacts, { temporary, wanted }: TransferLayout): Selection {
  const { transient, transform, uniqueColumns, sideInputs } = facts.rule.dest;
  return {
    from: quotedTable(temporary.read.table),
    alias: transient?.alias ?? 't',
    columns: fieldsOf(temporary.read.resource ?? {}),
    ...(wanted ? { wanted } : {}),
    transform,
    uniqueColumns,
    sideInputs,
    where: transient?.criteria ? ` WHERE ${transient.criteria}` : '',
  };
}

/** A job that copies the temporary table as it is. */
export function copyStep(way: Way): JobStep {
  const { layout, context, table, disposition } = way;
  const step = context.numbers.next();
  const configuration = copyConfiguration(layout.temporary.read.table, table, disposition);
  return {
    kind: 'job',
    step,
    action: 'copy',
    job: plannedJob(context, step, 'copy', configuration, table),
    ...prepared(way, undefined),
    onSuccess: [],
    onFailure: [],
  };
}

/** Changes of tables that a job into the destination needs just before it runs. */
function prepared(
  { facts, layout, table }: Way,
  template: JsonObject | undefined,
): { readonly prepare?: PrepareStep[] } {
  const whole = wholeTable(table);
  const steps: PrepareStep[] = [];
  if (!layout.temporary.loaded.resource || layout.autodetect) {
    // The load made this table by itself, or replaced it.
    const { table: temporary } = layout.temporary.loaded;
    steps.push({ kind: 'expireTable', table: temporary, lifetimeMs: TEMPORARY_LIFETIME_MS });
  }
  const existing = afterPrepare(facts, layout, whole);
  const change = template ? changeToTemplate(whole, template, existing) : undefined;
  if (change) steps.push(change);
  const current = changed(existing, change);
  const added = current && layout.gained.length > 0 ? changeForColumns(whole, layout.gained, current) : undefined;
  if (added) steps.push(added);
  return steps.length > 0 ? { prepare: steps } : {};
}

/** A table as it is when `Plan.prepare` is done. */
function afterPrepare(
  facts: PlanningFacts,
  { template, existing }: Layout,
  table: TableReference,
): JsonObject | undefined {
  const found = resourceOf(facts, table);
  const resource = template?.resource ?? (facts.rule.dest.schema.split ? existing : undefined);
  return resource ? changed(found, changeToTemplate(table, resource, found)) : found;
}
