import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import type { LoadResult, ProcessStatus, Stage, WindowStatus } from './contract';
import { CANCELLED } from './failure';
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
  'done',
];

/** Stage of a run from those of its processes, with the processes. */
export function overview(processes: readonly ProcessStatus[]): Pick<WindowStatus, 'stage' | 'processes'> {
  const [first = 'gathering'] = processes
    .map((process) => process.stage)
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return { stage: first, processes };
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
  return {
    dest,
    files: outcomes.reduce((sum, { batch }) => sum + (batch?.files.count ?? 0), 0),
    rows: outcomes.reduce((sum, { job }) => sum + (job?.rows ?? 0), 0),
    jobIds: outcomes.flatMap(({ job }) => (job ? [job.jobId] : [])),
  };
}
