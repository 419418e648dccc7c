import type { JsonObject } from '../json';
import { fromReference, standardName, type TableReference } from '../rules/tableReference';
import type { Rule } from '../rules/types';
import type { FileVersion } from '../windows/fileVersion';
import type { SealedBatch } from './batch';

/** Actions whose name stands in a job ID. */
export type PlannedJobAction = 'load' | 'copy' | 'query' | 'export';

/** What a plan is made from. */
export interface PlanningFacts {
  readonly rule: Rule;
  readonly batch: SealedBatch;
  /** The batch's files in the order of its ledger part. */
  readonly files: readonly Pick<FileVersion, 'url' | 'size'>[];
  /** Project of tables that name none. */
  readonly defaultProject: string;
  /** Names the job of a step; the load's is the batch's own. */
  readonly jobId: (step: number, action: PlannedJobAction) => string;
  /** Resources of the tables that `requirements` asks for, by `tableKey`; those that do not exist are absent. */
  readonly tables: Readonly<Record<string, JsonObject>>;
  /** Locations of datasets by `datasetKey`, where known. */
  readonly locations: Readonly<Record<string, string>>;
  readonly journal: JournalUrls;
  /** ID of the window; absent for a single file. */
  readonly windowId?: string;
  /** Resource of the temporary table once it is loaded; see `Plan.transferAfterLoad`. */
  readonly loadedTable?: JsonObject;
}

/** Places in the journal that requests may name. */
export interface JournalUrls {
  readonly processUrl: string;
  readonly doneProcessUrl: string;
  readonly failedUrl: string;
  readonly groupUrl?: string;
}

/** A dataset as BigQuery's REST API names it. */
export interface DatasetReference {
  readonly projectId: string;
  readonly datasetId: string;
}

/**
 * Key of a table in `PlanningFacts.tables`, its partition left out.
 *
 * @example tableKey({ projectId: 'p', datasetId: 'd', tableId: 't$2020' }) // 'p.d.t'
 */
export function tableKey(reference: TableReference): string {
  return standardName(fromReference(wholeTable(reference)));
}

/**
 * Key of a dataset in `PlanningFacts.locations`.
 *
 * @example datasetKey({ projectId: 'p', datasetId: 'd' }) // 'p.d'
 */
export function datasetKey({ projectId, datasetId }: DatasetReference): string {
  return `${projectId}.${datasetId}`;
}

/** The table without its partition decorator. */
export function wholeTable({ projectId, datasetId, tableId }: TableReference): TableReference {
  const dollar = tableId.indexOf('$');
  return { projectId, datasetId, tableId: dollar < 0 ? tableId : tableId.slice(0, dollar) };
}

/** Resource of a table, when it exists. */
export function resourceOf(facts: Pick<PlanningFacts, 'tables'>, table: TableReference): JsonObject | undefined {
  const key = tableKey(table);
  return Object.hasOwn(facts.tables, key) ? facts.tables[key] : undefined;
}

/** Location of a table's dataset, as far as the facts tell. */
export function locationOf(
  facts: Pick<PlanningFacts, 'tables' | 'locations'>,
  table: TableReference,
): string | undefined {
  const known = facts.locations[datasetKey(table)] ?? resourceOf(facts, table)?.location;
  return typeof known === 'string' && known !== '' ? known : undefined;
}
