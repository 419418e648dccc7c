import type { JsonObject } from '../json';
import type { PlanningFacts } from './facts';
import type { Layout, TemporaryTables } from './layout';
import type { PlanningContext } from './planningContext';
import { type Field, fieldNamed, fieldsOf, gainedFields, schemaOf, withFields } from './schema';
import { splitSteps } from './split';
import type { JobStep } from './steps';
import { copyStep, queryStep, selectionOf, type TransferLayout } from './transferJobs';
import { transferDisposition } from './writeDisposition';

/**
 * The jobs from the temporary table to the destination, in order; none for a direct load. A copy job is used if it suffices,
 * else a query.
 */
export function transferSteps(facts: PlanningFacts, layout: Layout, context: PlanningContext): readonly JobStep[] {
  const { transient, schema } = facts.rule.dest;
  if (!transient || !layout.temporary) return [];
  const current = withLoaded(facts, layout, layout.temporary);
  if (schema.split) return splitSteps(facts, current, context);
  const disposition = transferDisposition(facts.rule.dest);
  const way = { facts, layout: current, context, table: layout.destination, disposition };
  if (layout.autodetect || copySuffices(facts, current)) return [copyStep(way)];
  return [queryStep({ ...way, selection: selectionOf(facts, current) })];
}

/** Whether a copy job suffices: rows do not change, the target is no partition, and the destination has all columns. */
function copySuffices({ rule }: PlanningFacts, { destination, temporary, wanted }: TransferLayout): boolean {
  if (rule.dest.transient?.copyMethod !== 'COPY' || destination.tableId.includes('$')) return false;
  const columns = fieldsOf(temporary.read.resource ?? {});
  return wanted === undefined || columns.every(({ name }) => fieldNamed(wanted, name));
}

/**
 * The tables after a load that may have added columns: a copy job fails if the destination lacks them, and a query that was
 * planned before the load would drop them. Columns that the destination did not have before the load stay excluded.
 */
function withLoaded(facts: PlanningFacts, layout: Layout, temporary: TemporaryTables): TransferLayout {
  const { loadedTable } = facts;
  if (!loadedTable) return { ...layout, temporary, gained: [] };
  const { loaded, read } = temporary;
  const before = fieldsOf(loaded.resource ?? {});
  const { wanted } = layout;
  const gained = gainedFields(before, fieldsOf(loadedTable)).filter(
    ({ name }) => !wanted || !fieldNamed(before, name) || fieldNamed(wanted, name),
  );
  // Select only columns that the table has now. The table that it was planned from may have gained more since then.
  const current = fieldsOf(loadedTable);
  const columns = (fields: readonly Field[]): JsonObject => ({ schema: schemaOf(fields) });
  const extracted = temporary.extracted.map(({ field }) => field);
  return {
    ...layout,
    wanted: wanted && withFields(wanted, gained),
    temporary: {
      ...temporary,
      loaded: { table: loaded.table, resource: { ...loaded.resource, ...columns(current) } },
      read: { table: read.table, resource: { ...read.resource, ...columns([...current, ...extracted]) } },
    },
    gained,
  };
}
