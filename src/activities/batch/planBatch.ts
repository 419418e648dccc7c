import { newFailure } from '../../failures';
import type { LedgerEntry } from '../../ledger/entry';
import type { SealedBatch } from '../../plan/batch';
import { type DatasetReference, datasetKey, type PlanningFacts, tableKey } from '../../plan/facts';
import type { Plan } from '../../plan/plan';
import { planLoad } from '../../plan/planLoad';
import { requirements } from '../../plan/requirements';
import { stepKeys } from '../../plan/stepKeys';
import type { JobStep } from '../../plan/steps';
import type { TableReference } from '../../rules/tableReference';
import type { JsonObject, Rule } from '../../rules/types';
import { toFailure } from '../bigquery/bigQueryErrors';
import type { BigQueryProjects } from '../bigquery/bigQueryProjects';
import type { Dependencies } from '../dependencies';
import { type JournalWindow, writeProcessFile } from '../journal/processFiles';
import { knownFacts, planned } from './planFacts';
import { ruleOf } from './ruleOf';

/**
 * Makes the plan of a batch from the current rule and the resources of its tables. Writes the process file with it.
 *
 * @throws ApplicationFailure `RuleMissing`, `RuleInvalid` or `SchemaMissing`
 */
export async function planBatch(
  deps: Dependencies,
  batch: SealedBatch,
  window: JournalWindow | undefined,
): Promise<Plan> {
  const rule = await ruleOf(deps, batch.ruleId);
  const made = await makePlan(deps, rule, batch, window?.id, undefined);
  const plan = { ...made, stepKeys: stepKeys(made.onSuccess) };
  await writeProcessFile(deps, plan, window);
  return plan;
}

/**
 * Plans the transfer again, with the columns that the temporary table has after the load.
 *
 * @throws ApplicationFailure `NotFound` when the temporary table does not exist
 */
export async function planTransfer(
  deps: Dependencies,
  batch: SealedBatch,
  loaded: TableReference,
  windowId: string | undefined,
): Promise<readonly JobStep[]> {
  const [rule, table] = await Promise.all([ruleOf(deps, batch.ruleId), resource(deps, loaded)]);
  if (!table) throw newFailure('NotFound', `temporary table ${tableKey(loaded)} is gone`);
  return (await makePlan(deps, rule, batch, windowId, table)).transfer;
}

/** Sources of a plan besides rule and batch: the files of the batch, and the tables. */
export interface PlanSources {
  readonly config: Dependencies['config'];
  readonly ledger: { read(entry: string): Promise<Pick<LedgerEntry, 'files'>> };
  readonly bigQuery: Pick<BigQueryProjects, 'getTable' | 'locationOf'>;
}

/**
 * Makes a plan without writing anything.
 *
 * @param loadedTable resource of the temporary table after the load
 * @throws ApplicationFailure `RuleInvalid` or `SchemaMissing`
 */
export async function makePlan(
  deps: PlanSources,
  rule: Rule,
  batch: SealedBatch,
  windowId: string | undefined,
  loadedTable: JsonObject | undefined,
): Promise<Plan> {
  return planned(async () => planLoad(await planningFacts(deps, rule, batch, windowId, loadedTable)), {
    files: batch.files,
  });
}

/** Reads the facts that a plan is made from. @throws ApplicationFailure `RuleInvalid` or `SchemaMissing` */
export async function planningFacts(
  deps: PlanSources,
  rule: Rule,
  batch: SealedBatch,
  windowId: string | undefined,
  loadedTable: JsonObject | undefined,
): Promise<PlanningFacts> {
  const facts = knownFacts(rule, batch, windowId, deps.config);
  const needed = await planned(async () => requirements(facts), { files: batch.files });
  const [{ files }, tables, locations] = await Promise.all([
    deps.ledger.read(batch.files.entry),
    keyed(needed.tables, tableKey, (table) => resource(deps, table)),
    keyed(needed.datasets, datasetKey, (dataset) => locationOf(deps, dataset)),
  ]);
  return { ...facts, files, tables, locations, loadedTable };
}

function resource(deps: PlanSources, table: TableReference): Promise<JsonObject | undefined> {
  return deps.bigQuery.getTable(table).catch((error: unknown) => {
    throw toFailure(error, `reading table ${tableKey(table)}`);
  });
}

/** Location of a dataset; undefined when it does not exist. */
export function locationOf(deps: PlanSources, dataset: DatasetReference): Promise<string | undefined> {
  return deps.bigQuery.locationOf(dataset).catch((error: unknown) => {
    throw toFailure(error, `reading dataset ${datasetKey(dataset)}`);
  });
}

/** Values by the key of their item; items without a value are left out. */
export async function keyed<T, V>(
  items: readonly T[],
  keyOf: (item: T) => string,
  read: (item: T) => Promise<V | undefined>,
): Promise<Record<string, V>> {
  const entries = await Promise.all(items.map(async (item) => ({ key: keyOf(item), value: await read(item) })));
  return Object.fromEntries(entries.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
}
