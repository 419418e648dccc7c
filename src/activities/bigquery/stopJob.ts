import { setTimeout as pause } from 'node:timers/promises';
import { endedJobFile, jobFile } from '../../journal/names';
import { changeFailure } from '../../passingFailure';
import type { JobStep, LoadStep } from '../../plan/steps';
import type { Process } from '../../windows/process';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';

const POLL_MS = 250;
/** BigQuery does not guarantee when a cancelled job stops. After this time, the activity is retried. */
const TIMEOUT_MS = 60_000;

/**
 * Stops the job of a step whose workflow is cancelled, and waits for its end, so that the job cannot recreate a table that the
 * clean-up drops. If the job succeeded first, its rows are loaded: the next run adopts the job through its ledger entry.
 */
export async function stopJob(deps: Dependencies, { job }: LoadStep | JobStep, process: Process): Promise<void> {
  const { config, bigQuery, objects } = deps;
  const { projectId, location } = job;
  try {
    for (let attempt = 0; ; attempt++) {
      const jobId = attempt === 0 ? job.jobId : `${job.jobId}--${attempt}`;
      const current = await bigQuery.getJob(projectId, jobId, location);
      if (!current) break;
      if (current.status.state !== 'DONE')
        await stop(deps, projectId, jobId, current.jobReference.location ?? location);
    }
  } catch (error) {
    throw toFailure(error, `stopping job ${job.jobId}`);
  }
  const files = [jobFile(config, job.jobId, process.async), endedJobFile(config, job.jobId)];
  const changed = await objects.change(files.map((url) => ({ kind: 'delete', url })));
  const failed = changed.find(({ error }) => error);
  if (failed?.error) throw changeFailure(failed.error, `journal of ${job.jobId}`);
}

async function stop(
  { bigQuery }: Dependencies,
  projectId: string,
  jobId: string,
  location: string | undefined,
): Promise<void> {
  await bigQuery.cancelJob(projectId, jobId, location);
  for (const giveUpAt = Date.now() + TIMEOUT_MS; Date.now() < giveUpAt; await pause(POLL_MS)) {
    const current = await bigQuery.getJob(projectId, jobId, location);
    if (!current || current.status.state === 'DONE') return;
  }
  throw new Error(`the job has not ended within ${TIMEOUT_MS / 1000} s`);
}
