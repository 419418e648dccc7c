import { setTimeout as pause } from 'node:timers/promises';
import { newFailure } from '../../failures';
import { endedJobFile, jobFile } from '../../journal/names';
import type { JobStep, LoadStep } from '../../plan/steps';
import type { Process } from '../../windows/process';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';

const LOOK_MS = 250;
/** BigQuery promises no time in which a job stops; the activity is tried again after that. */
const PATIENCE_MS = 60_000;

/**
 * Stops the job of a step whose workflow is cancelled, and waits until it has ended, so that it fills no table that the
 * clean-up has dropped. One that was faster than that has its rows loaded: the ledger's intent leads the next run to it.
 */
export async function stopJob(deps: Dependencies, { job }: LoadStep | JobStep, process: Process): Promise<void> {
  const { config, bigQuery, objects } = deps;
  const { projectId, location } = job;
  try {
    for (let attempt = 0; ; attempt++) {
      const jobId = attempt === 0 ? job.jobId : `${job.jobId}--${attempt}`;
      const found = await bigQuery.getJob(projectId, jobId, location);
      if (!found) break;
      if (found.status.state !== 'DONE') await stop(deps, projectId, jobId, found.jobReference.location ?? location);
    }
  } catch (error) {
    throw toFailure(error, `stopping job ${job.jobId}`);
  }
  const files = [jobFile(config, job.jobId, process.async), endedJobFile(config, job.jobId)];
  const changed = await objects.change(files.map((url) => ({ kind: 'delete', url })));
  const failed = changed.find(({ error }) => error);
  if (failed?.error) throw newFailure('Unavailable', `journal of ${job.jobId}: ${failed.error.message}`);
}

async function stop(
  { bigQuery }: Dependencies,
  projectId: string,
  jobId: string,
  location: string | undefined,
): Promise<void> {
  await bigQuery.cancelJob(projectId, jobId, location);
  for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt; await pause(LOOK_MS)) {
    const seen = await bigQuery.getJob(projectId, jobId, location);
    if (!seen || seen.status.state === 'DONE') return;
  }
  throw new Error(`it has not ended within ${PATIENCE_MS / 1000} s`);
}
