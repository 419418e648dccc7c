import type { JsonValue } from '../json';
import { parseTableName, type TableReference, toReference } from '../rules/tableReference';
import type { Action, Rule } from '../rules/types';
import { expandText, type Variables } from '../rules/variables';
import { destinationOf, type NamingFacts, splitTargets, tableOf } from './destination';
import { type DatasetReference, datasetKey, tableKey, wholeTable } from './facts';

/** What has to be read before a batch can be planned. */
export interface Requirements {
  /** Their resources go into `PlanningFacts.tables`. */
  readonly tables: readonly TableReference[];
  /** Their locations go into `PlanningFacts.locations`; a dataset never moves, so they may be kept. */
  readonly datasets: readonly DatasetReference[];
}

/**
 * The tables whose columns a plan reads, and the datasets in whose locations its jobs run.
 *
 * @throws PlanError when a name is no table name.
 */
export function requirements(facts: NamingFacts): Requirements {
  const { rule, batch, defaultProject } = facts;
  const targets = rule.dest.schema.split ? splitTargets(facts).map(({ table }) => table) : [];
  const destined = [destinationOf(facts), ...targets].map(wholeTable);
  const tables = [...destined, ...templates(rule, defaultProject)];
  const named = datasetsOf([...rule.onSuccess, ...rule.onFailure], batch.process.params, defaultProject);
  return { tables: unique(tables, tableKey), datasets: unique([...destined.map(datasetOf), ...named], datasetKey) };
}

/** The datasets on whose tables actions run jobs, as far as their names are known beforehand. */
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

/** Names of tables on which actions run jobs. */
function tableTexts(actions: readonly Action[]): readonly string[] {
  return actions.flatMap(({ action, request, onSuccess, onFailure }) => {
    const own: readonly (JsonValue | undefined)[] =
      action === 'export'
        ? [request.Source]
        : ['copy', 'query', 'insert'].includes(action)
          ? [request.Dest, request.Source]
          : [];
    return [...own.filter((text) => typeof text === 'string'), ...tableTexts(onSuccess), ...tableTexts(onFailure)];
  });
}

function datasetOf({ projectId, datasetId }: TableReference): DatasetReference {
  return { projectId, datasetId };
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
