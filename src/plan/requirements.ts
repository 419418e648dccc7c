import type { JsonValue } from '../json';
import { parseTableName, type TableReference, toReference } from '../rules/tableReference';
import type { Action, Rule } from '../rules/types';
import { expandText, type Variables } from '../rules/variables';
import { destinationOf, type NamingFacts, splitTargets, tableOf } from './destination';
import { type DatasetReference, datasetKey, tableKey, wholeTable } from './facts';

/** The tables and datasets to read before a batch can be planned. */
export interface Requirements {
  /** Tables for `PlanningFacts.tables`. */
  readonly tables: readonly TableReference[];
  /** Datasets for `PlanningFacts.locations`. The location of a dataset never changes, so it can be cached. */
  readonly datasets: readonly DatasetReference[];
}

/**
 * The tables whose resources a plan reads, and the datasets whose locations its jobs use.
 *
 * @throws PlanError if a name is not a table name.
 */
export function requirements(facts: NamingFacts): Requirements {
  const { rule, batch, defaultProject } = facts;
  const targets = rule.dest.schema.split ? splitTargets(facts).map(({ table }) => table) : [];
  const destinations = [destinationOf(facts), ...targets].map(wholeTable);
  const tables = [...destinations, ...templates(rule, defaultProject)];
  const named = datasetsOf([...rule.onSuccess, ...rule.onFailure], batch.process.params, defaultProject);
  return { tables: unique(tables, tableKey), datasets: unique([...destinations.map(datasetOf), ...named], datasetKey) };
}

/** The datasets of the tables that actions run jobs on, except names that still contain variables. */
export function datasetsOf(
  actions: readonly Action[],
  params: Variables,
  defaultProject: string,
): readonly DatasetReference[] {
  const tables = tableTexts(actions).flatMap((text) => {
    const name = parseTableName(expandText(text, params));
    return name && !`${name.project ?? ''}${name.dataset}`.includes('$') ? [toReference(name, defaultProject)] : [];
  });
  return unique(tables.map(datasetOf), datasetKey);
}

function templates(rule: Rule, defaultProject: string): TableReference[] {
  const named = [
    ['Dest.Schema.Template', rule.dest.schema.template],
    ['Dest.Transient.Template', rule.dest.transient?.template],
  ] as const;
  return named.flatMap(([field, text]) =>
    text === undefined ? [] : [wholeTable(tableOf(rule, field, text, defaultProject))],
  );
}

/** Texts of the tables that actions run jobs on. */
function tableTexts(actions: readonly Action[]): readonly string[] {
  return actions.flatMap(({ action, request, onSuccess, onFailure }) => {
    const texts: readonly (JsonValue | undefined)[] =
      action === 'export'
        ? [request.Source]
        : ['copy', 'query', 'insert'].includes(action)
          ? [request.Dest, request.Source]
          : [];
    return [...texts.filter((text) => typeof text === 'string'), ...tableTexts(onSuccess), ...tableTexts(onFailure)];
  });
}

function datasetOf({ projectId, datasetId }: TableReference): DatasetReference {
  return { projectId, datasetId };
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
