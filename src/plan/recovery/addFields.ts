import { isObject, type JsonObject } from '../../json';
import type { TableReference } from '../../rules/tableReference';
import { splitTargets, tableOf } from '../destination';
import { type PlanningFacts, tableKey, wholeTable } from '../facts';
import { type Layout, layoutOf } from '../layout';
import { type Field, fieldsOf, schemaOf, withFields } from '../schema';
import type { LoadStep, PrepareStep } from '../steps';

/** The changes for files with columns that the tables lack. */
export interface FieldAddition {
  /** Changes of the tables, in order. */
  readonly prepare: readonly PrepareStep[];
  /** The load step, with the new columns in its schema if it has one. */
  readonly step: LoadStep;
}

/**
 * Adds columns to every table of a load: temporary tables that exist before the load, the destination and the targets of its
 * split, and the templates, so that the next batch has the columns from the start. Existing columns keep their type.
 */
export function addFields(facts: PlanningFacts, step: LoadStep, added: readonly Field[]): FieldAddition {
  const layout = layoutOf(facts);
  const resource = { schema: schemaOf(added) };
  const tables = new Map(tablesOf(facts, layout).map((table) => [tableKey(table), wholeTable(table)]));
  return {
    prepare: [...tables.values()].map((table) => ({ kind: 'patchTable', table, resource })),
    step: withColumns(step, added),
  };
}

function tablesOf(facts: PlanningFacts, { destination, existing, template, temporary }: Layout): TableReference[] {
  const { schema, transient } = facts.rule.dest;
  const { loaded, read } = temporary ?? {};
  const temporaryTables = [loaded, read].flatMap((table) => (table?.resource ? [table.table] : []));
  const ownTemplate = transient?.template;
  return [
    ...temporaryTables,
    ...(existing || template ? [destination] : []),
    ...(schema.split ? splitTargets(facts).map(({ table }) => table) : []),
    ...(template ? [template.table] : []),
    ...(ownTemplate === undefined
      ? []
      : [tableOf(facts.rule, 'Dest.Transient.Template', ownTemplate, facts.defaultProject)]),
  ];
}

function withColumns(step: LoadStep, added: readonly Field[]): LoadStep {
  const { load } = step.job.configuration;
  if (!isObject(load) || !isObject(load.schema)) return step;
  const schema = schemaOf(withFields(fieldsOf({ schema: load.schema }), added));
  const configuration: JsonObject = { ...step.job.configuration, load: { ...load, schema } };
  return { ...step, job: { ...step.job, configuration } };
}
