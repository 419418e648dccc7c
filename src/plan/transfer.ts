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
 * The jobs that take rows from the temporary table to the destination (spec 2, section 2.2), in the order in which they
 * run; none for a direct load.
 */
export function transferSteps(facts: PlanningFacts, layout: Layout, context: PlanningContext): readonly JobStep[] {
  const { transient, schema } = facts.rule.dest;
  if (!transient || !layout.temporary) return [];
  const known = withLoaded(facts, layout, layout.temporary);
  if (schema.split) return splitSteps(facts, known, context);
  const disposition = transferDisposition(facts.rule.dest);
  const way = { facts, layout: known, context, table: layout.destination, disposition };
  if (layout.autodetect || copies(facts, known)) return [copyStep(way)];
  return [queryStep({ ...way, selection: selectionOf(facts, known) })];
}

/** Whether copying the table is enough: no rows change, none go to a partition, and no column has to be left out. */
function copies({ rule }: PlanningFacts, { destination, temporary, wanted }: TransferLayout): boolean {
  if (rule.dest.transient?.copyMethod !== 'COPY' || destination.tableId.includes('$')) return false;
  const columns = fieldsOf(temporary.read.resource ?? {});
  return wanted === undefined || columns.every(({ name }) => fieldNamed(wanted, name));
}

/**
 * The tables as they are after the load, when it may have added columns (spec 2, section 7, no. 38). What the temporary
 * table had before and the destination does not want stays unwanted.
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
  // Only what the table has now can be selected: the one that it was planned from may have grown meanwhile.
  const present = fieldsOf(loadedTable);
  const columns = (fields: readonly Field[]): JsonObject => ({ schema: schemaOf(fields) });
  const extracted = temporary.extracted.map(({ field }) => field);
  return {
    ...layout,
    ...(wanted ? { wanted: withFields(wanted, gained) } : {}),
    temporary: {
      ...temporary,
      loaded: { table: loaded.table, resource: { ...loaded.resource, ...columns(present) } },
      read: { table: read.table, resource: { ...read.resource, ...columns([...present, ...extracted]) } },
    },
    gained,
  };
}
