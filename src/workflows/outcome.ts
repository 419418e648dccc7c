import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import type { AsideCounts } from '../activities/recoverLoad';
import type { JobReference, LoadResult, ProcessStatus, Stage, WindowStatus } from './contract';
import { CANCELLED } from './failure';
import { usageOf } from './jobStatus';
import type { ProcessOutcome } from './process';

/**
 * Stages in the order of a life; a window stands where its process that is farthest behind stands. What failed or was
 * abandoned stands before what is done, so that one good process does not hide a bad one.
 */
const ORDER: readonly Stage[] = [
  'gathering',
  'sealing',
  'planning',
  'loading',
  'acting',
  'closing',
  'failed',
  'abandoned',
  'cancelled',
  'done',
];

/** Stage of a run from those of its processes, with the processes. */
export function overview(processes: readonly ProcessStatus[]): Pick<WindowStatus, 'stage' | 'processes' | 'usage'> {
  const [first = 'gathering'] = processes
    .map((process) => process.stage)
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return { stage: first, processes, ...usageOf(processes) };
}

/**
 * Result of a run from the outcomes of its processes.
 *
 * @throws ApplicationFailure of the first outcome's type when one failed; CancelledFailure when the run was cancelled.
 */
export function resultOf(dest: string, outcomes: readonly ProcessOutcome[]): LoadResult {
  const failed = outcomes.filter((outcome) => outcome.error !== undefined);
  const [first] = failed;
  if (first?.error?.type === CANCELLED) throw new CancelledFailure(first.error.message);
  if (first?.error) {
    const details = failed.map(({ batch, plan, error }) => ({
      rule: batch?.ruleId,
      table: dest,
      job: plan?.load[0]?.[0]?.job.jobId,
      files: batch?.files,
      error,
    }));
    throw ApplicationFailure.create({
      message: first.error.message,
      type: first.error.type,
      nonRetryable: true,
      details,
    });
  }
  const setAside = outcomes.reduce((sum, { aside }) => sum + (aside ? total(aside) : 0), 0);
  return {
    dest,
    files: outcomes.reduce((sum, { batch, loaded }) => sum + ((loaded ?? batch?.files)?.count ?? 0), 0),
    ...(setAside > 0 ? { setAside } : {}),
    rows: outcomes.reduce((sum, { job }) => sum + (job?.rows ?? 0), 0),
    jobIds: outcomes.flatMap(({ job }) => (job ? [job.jobId] : [])),
    jobs: outcomes.flatMap(referenceOf),
  };
}

function total({ corrupted, invalidSchema, missing }: AsideCounts): number {
  return corrupted + invalidSchema + missing;
}

function referenceOf({ plan, job }: ProcessOutcome): JobReference[] {
  const [[first] = []] = plan?.load ?? [];
  if (!first || !job) return [];
  const { projectId, location } = first.job;
  return [{ projectId, ...(location === undefined ? {} : { location }), jobId: job.jobId }];
}
