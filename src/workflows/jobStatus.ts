import type { JsonObject } from '../json';
import { isObject } from '../json';
import { tableKey } from '../plan/facts';
import type { JobOutcome } from '../plan/job';
import type { JobStep, LoadStep } from '../plan/steps';
import type { DailyUse, JobStatus, ProcessStatus, Usage } from './contract';

/** BigQuery's daily limit of load jobs per project. */
const LOAD_JOBS = 100_000;
/** BigQuery's daily limit of modifications by jobs per table. */
const TABLE_MODIFICATIONS = 1500;

/** The status of a job as far as its step gives it. */
export function describeJob(
  step: LoadStep | JobStep,
  stage: 'loading' | 'acting',
): Pick<JobStatus, 'kind' | 'modifies'> {
  const table = stage === 'loading' && !step.fills ? destinationOf(step.job.configuration) : undefined;
  return { kind: step.action, modifies: table };
}

/**
 * How often a job was submitted; undefined when only once. The ID of a later attempt ends in its number.
 *
 * @example attemptsOf({ jobId: 'x--2', rows: 0 }, 'x') // 3
 */
export function attemptsOf({ jobId }: JobOutcome, planned: string): number | undefined {
  const number = Number(jobId.startsWith(`${planned}--`) ? jobId.slice(planned.length + 2) : 0);
  return number > 0 ? number + 1 : undefined;
}

/** How much of the daily limits the jobs have used; undefined while there are no jobs. */
export function usageOf(processes: readonly Pick<ProcessStatus, 'jobs'>[]): Usage | undefined {
  const jobs = processes.flatMap((process) => process.jobs);
  if (jobs.length === 0) return undefined;
  const tableModifications: Record<string, DailyUse> = {};
  for (const { modifies, attempts = 1 } of jobs) {
    if (modifies === undefined) continue;
    const used = (tableModifications[modifies]?.used ?? 0) + attempts;
    tableModifications[modifies] = { used, limit: TABLE_MODIFICATIONS };
  }
  const used = jobs.reduce(
    (count, { kind, attempts = 1 }) => count + (kind === 'load' || kind === 'probe' ? attempts : 0),
    0,
  );
  return { loadJobs: { used, limit: LOAD_JOBS }, tableModifications };
}

/** The destination table of a job's configuration; undefined for DML. */
function destinationOf(configuration: JsonObject): string | undefined {
  for (const kind of ['load', 'copy', 'query'] as const) {
    const own = configuration[kind];
    if (!isObject(own) || !isObject(own.destinationTable)) continue;
    const { projectId, datasetId, tableId } = own.destinationTable;
    return tableKey({ projectId: String(projectId), datasetId: String(datasetId), tableId: String(tableId) });
  }
  return undefined;
}
