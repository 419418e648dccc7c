import { isObject } from '../json';
import { tableKey } from '../plan/facts';
import type { JobOutcome } from '../plan/job';
import type { JobStep, LoadStep } from '../plan/steps';
import type { JsonObject } from '../rules/types';
import type { DailyUse, JobStatus, ProcessStatus, Usage } from './contract';

/** BigQuery's limits for a day: load jobs of a project, modifications of a table by jobs. */
const LOAD_JOBS = 100_000;
const TABLE_MODIFICATIONS = 1500;

/** What is known of a job before it runs. */
export function describeJob(
  step: LoadStep | JobStep,
  stage: 'loading' | 'acting',
): Pick<JobStatus, 'kind' | 'modifies'> {
  const table = stage === 'loading' && !step.fills ? destinationOf(step.job.configuration) : undefined;
  return { kind: step.action, ...(table === undefined ? {} : { modifies: table }) };
}

/** How often a job was submitted: its attempts are numbered at the end of the ID. */
export function attemptsOf({ jobId }: JobOutcome, planned: string): Pick<JobStatus, 'attempts'> {
  const number = Number(jobId.startsWith(`${planned}--`) ? jobId.slice(planned.length + 2) : 0);
  return number > 0 ? { attempts: number + 1 } : {};
}

/** What the jobs have taken of the daily limits; absent while there are none. */
export function usageOf(processes: readonly Pick<ProcessStatus, 'jobs'>[]): { readonly usage?: Usage } {
  const jobs = processes.flatMap((process) => process.jobs);
  if (jobs.length === 0) return {};
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
  return { usage: { loadJobs: { used, limit: LOAD_JOBS }, tableModifications } };
}

/** Table that a job writes by its configuration; DML has none there. */
function destinationOf(configuration: JsonObject): string | undefined {
  for (const kind of ['load', 'copy', 'query'] as const) {
    const own = configuration[kind];
    if (!isObject(own) || !isObject(own.destinationTable)) continue;
    const { projectId, datasetId, tableId } = own.destinationTable;
    return tableKey({ projectId: String(projectId), datasetId: String(datasetId), tableId: String(tableId) });
  }
  return undefined;
}
