import type { JsonObject } from '../json';
import { fromReference, standardName, type TableReference } from '../rules/tableReference';
import type { Rule } from '../rules/types';
import type { FileVersion } from '../windows/fileVersion';
import type { SealedBatch } from './batch';

/** Actions that run a BigQuery job. The job ID contains the action. */
export type PlannedJobAction = 'load' | 'copy' | 'query' | 'export';

/** The facts that a plan is made from. */
export interface PlanningFacts {
  readonly rule: Rule;
  readonly batch: SealedBatch;
  /** Files of the batch in the order of its ledger entry. */
  readonly files: readonly Pick<FileVersion, 'url' | 'size'>[];
  /** Project of tables that are named without a project. */
  readonly defaultProject: string;
  /** Makes the job ID of a step. The load job has the ID of the batch. */
  readonly jobId: (step: number, action: PlannedJobAction) => string;
  /** Resources of the tables in `requirements`, by `tableKey`. Tables that do not exist are absent. */
  readonly tables: Readonly<Record<string, JsonObject>>;
  /** Known locations of datasets, by `datasetKey`. */
  readonly locations: Readonly<Record<string, string>>;
  readonly journal: JournalUrls;
  /** ID of the window; absent for a single file. */
  readonly windowId?: string;
  /** Resource of the temporary table after the load; see `Plan.transferAfterLoad`. */
  readonly loadedTable?: JsonObject;
}

/** URLs of the process in the journal, as variables of requests. */
export interface JournalUrls {
  readonly processUrl: string;
  readonly doneProcessUrl: string;
  readonly failedUrl: string;
  readonly groupUrl?: string;
}

/** A dataset reference of BigQuery's REST API. */
export interface DatasetReference {
  readonly projectId: string;
  readonly datasetId: string;
}

/**
 * Key of a table in `PlanningFacts.tables`, without its partition.
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

/** Resource of a table; undefined if the table does not exist. */
export function resourceOf(facts: Pick<PlanningFacts, 'tables'>, table: TableReference): JsonObject | undefined {
  const key = tableKey(table);
  return Object.hasOwn(facts.tables, key) ? facts.tables[key] : undefined;
}

/** Location of a table's dataset; undefined if unknown. */
export function locationOf(
  facts: Pick<PlanningFacts, 'tables' | 'locations'>,
  table: TableReference,
): string | undefined {
  const location = facts.locations[datasetKey(table)] ?? resourceOf(facts, table)?.location;
  return typeof location === 'string' && location !== '' ? location : undefined;
}
