import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import type { RejectedCounts } from '../plan/recovery/rejected';
import type { ProcessOutcome } from './batchProcess';
import type { EarlierLoads, JobReference, LoadResult, ProcessStatus, Stage, WindowStatus } from './contract';
import { CANCELLED } from './failure';
import { usageOf } from './jobStatus';

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
 * @param earlier what the runs before a continuation have come to.
 * @throws ApplicationFailure of the first failure's type when one failed; CancelledFailure when the run was cancelled.
 */
export function resultOf(dest: string, outcomes: readonly ProcessOutcome[], earlier?: EarlierLoads): LoadResult {
  const { error, rules: _rules, ...sum } = sumOf(outcomes, earlier);
  if (error?.type === CANCELLED) throw new CancelledFailure(error.message);
  if (error) {
    const details = outcomes
      .filter((outcome) => outcome.error !== undefined)
      .map(({ batch, unsealed, plan, error: failure }) => ({
        rule: batch?.ruleId ?? unsealed?.ruleId,
        table: dest,
        job: plan?.load[0]?.[0]?.job.jobId,
        files: batch?.files,
        error: failure,
      }));
    throw ApplicationFailure.create({ ...error, nonRetryable: true, details });
  }
  return { dest, ...sum };
}

/** What was loaded, and the first failure. */
export function sumOf(outcomes: readonly ProcessOutcome[], earlier?: EarlierLoads): EarlierLoads {
  const good = outcomes.filter(({ batch, error }) => batch && !error);
  const error = earlier?.error ?? outcomes.find((outcome) => outcome.error)?.error;
  const quarantined = good.reduce(
    (sum, { rejected }) => sum + (rejected ? total(rejected) : 0),
    earlier?.quarantined ?? 0,
  );
  return {
    files: good.reduce((sum, { batch, loaded }) => sum + ((loaded ?? batch?.files)?.count ?? 0), earlier?.files ?? 0),
    ...(quarantined > 0 ? { quarantined } : {}),
    rows: good.reduce((sum, { job }) => sum + (job?.rows ?? 0), earlier?.rows ?? 0),
    jobIds: [...(earlier?.jobIds ?? []), ...good.flatMap(({ job }) => (job ? [job.jobId] : []))],
    jobs: [...(earlier?.jobs ?? []), ...good.flatMap(referenceOf)],
    rules: [...new Set([...(earlier?.rules ?? []), ...good.flatMap(({ batch }) => (batch ? [batch.ruleId] : []))])],
    ...(error ? { error } : {}),
  };
}

function total({ corrupted, invalidSchema, missing }: RejectedCounts): number {
  return corrupted + invalidSchema + missing;
}

function referenceOf({ plan, job }: ProcessOutcome): JobReference[] {
  const [[first] = []] = plan?.load ?? [];
  if (!first || !job) return [];
  const { projectId, location } = first.job;
  return [{ projectId, ...(location === undefined ? {} : { location }), jobId: job.jobId }];
}
