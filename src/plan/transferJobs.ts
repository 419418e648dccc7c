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

/** The tables of a load when its transfer is planned. */
export interface TransferLayout extends Layout {
  readonly temporary: TemporaryTables;
  /** Columns that the load added to the temporary table. */
  readonly gained: readonly Field[];
}

/** The facts of one transfer job. */
export interface Transfer {
  readonly facts: PlanningFacts;
  readonly layout: TransferLayout;
  readonly context: PlanningContext;
  /** Target table with its partition. */
  readonly table: TableReference;
  readonly disposition: WriteDisposition;
}

/** A job that writes the rows of a SELECT to a table, as an INSERT if the rule asks for DML and an INSERT can do it. */
export function queryStep(transfer: Transfer & { readonly selection: Selection }): JobStep {
  const { facts, layout, context, table, disposition, selection } = transfer;
  const step = context.numbers.next();
  // A BigQuery INSERT only appends rows, and cannot write one partition (docs/compatibility.md#dml).
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
    prepare: preparation(transfer, dml && !facts.rule.dest.schema.split ? layout.temporary.read.resource : undefined),
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
    wanted,
    transform,
    uniqueColumns,
    sideInputs,
    where: transient?.criteria ? ` WHERE ${transient.criteria}` : '',
  };
}

/** A job that copies the temporary table. */
export function copyStep(transfer: Transfer): JobStep {
  const { layout, context, table, disposition } = transfer;
  const step = context.numbers.next();
  const configuration = copyConfiguration(layout.temporary.read.table, table, disposition);
  return {
    kind: 'job',
    step,
    action: 'copy',
    job: plannedJob(context, step, 'copy', configuration, table),
    prepare: preparation(transfer, undefined),
    onSuccess: [],
    onFailure: [],
  };
}

/**
 * The changes of tables right before a transfer job; undefined if there are none.
 *
 * @param template resource whose columns the target gets, too.
 */
function preparation(
  { facts, layout, table }: Transfer,
  template: JsonObject | undefined,
): readonly PrepareStep[] | undefined {
  const whole = wholeTable(table);
  const steps: PrepareStep[] = [];
  if (!layout.temporary.loaded.resource || layout.autodetect) {
    // The load job created or replaced this table, so it has no expiration.
    const { table: temporary } = layout.temporary.loaded;
    steps.push({ kind: 'expireTable', table: temporary, lifetimeMs: TEMPORARY_LIFETIME_MS });
  }
  const existing = afterPrepare(facts, layout, whole);
  const change = template ? changeToTemplate(whole, template, existing) : undefined;
  if (change) steps.push(change);
  const current = changed(existing, change);
  const added = current && layout.gained.length > 0 ? changeForColumns(whole, layout.gained, current) : undefined;
  if (added) steps.push(added);
  return steps.length > 0 ? steps : undefined;
}

/** Resource of a table after the steps of `Plan.prepare`; undefined if it does not exist then. */
function afterPrepare(
  facts: PlanningFacts,
  { template, existing: destination }: Layout,
  table: TableReference,
): JsonObject | undefined {
  const existing = resourceOf(facts, table);
  const resource = template?.resource ?? (facts.rule.dest.schema.split ? destination : undefined);
  return resource ? changed(existing, changeToTemplate(table, resource, existing)) : existing;
}
