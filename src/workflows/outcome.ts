import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import type { RejectedCounts } from '../plan/recovery/rejected';
import type { BatchOutcome } from './batchOutcome';
import type { EarlierLoads, JobReference, LoadResult, ProcessStatus, Stage, WindowStatus } from './contract';
import { CANCELLED } from './failure';
import { usageOf } from './jobStatus';

/**
 * Stages in the order of a life. A run has the first stage among those of its processes. `failed` and `abandoned` come before
 * `done`, so that one good process does not hide a bad one.
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

/** A result names the last jobs only, so that it stays a small payload for any number of batches. */
const MAX_JOBS = 1000;

/** Stage of a run from those of its processes, with the processes. */
export function overview(processes: readonly ProcessStatus[]): Pick<WindowStatus, 'stage' | 'processes' | 'usage'> {
  const [first = 'gathering'] = processes
    .map((process) => process.stage)
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return { stage: first, processes, usage: usageOf(processes) };
}

/**
 * Result of a run from the outcomes of its batches.
 *
 * @param earlier totals of the runs before a continuation.
 * @throws ApplicationFailure with the type of the first failure; CancelledFailure when the run was cancelled.
 */
export function resultOf(dest: string, outcomes: readonly BatchOutcome[], earlier?: EarlierLoads): LoadResult {
  const { error, rules: _rules, ...totals } = totalLoads(outcomes, earlier);
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
  return { dest, ...totals };
}

/** Totals of the batches that loaded, and the first failure. */
export function totalLoads(outcomes: readonly BatchOutcome[], earlier?: EarlierLoads): EarlierLoads {
  const good = outcomes.filter(({ batch, error }) => batch && !error);
  const quarantined = good.reduce((sum, { rejected }) => sum + (rejected ? countOf(rejected) : 0), 0);
  return {
    files: good.reduce((sum, { batch, loaded }) => sum + ((loaded ?? batch?.files)?.count ?? 0), earlier?.files ?? 0),
    quarantined: quarantined + (earlier?.quarantined ?? 0) || undefined,
    rows: good.reduce((sum, { job }) => sum + (job?.rows ?? 0), earlier?.rows ?? 0),
    jobIds: [...(earlier?.jobIds ?? []), ...good.flatMap(({ job }) => job?.jobId ?? [])].slice(-MAX_JOBS),
    jobs: [...(earlier?.jobs ?? []), ...good.flatMap(referenceOf)].slice(-MAX_JOBS),
    rules: [...new Set([...(earlier?.rules ?? []), ...good.flatMap(({ batch }) => batch?.ruleId ?? [])])],
    error: earlier?.error ?? outcomes.find((outcome) => outcome.error)?.error,
  };
}

/** Counts of quarantined files together. */
export function addCounts(one: RejectedCounts, other: RejectedCounts): RejectedCounts {
  return {
    corrupted: one.corrupted + other.corrupted,
    invalidSchema: one.invalidSchema + other.invalidSchema,
    missing: one.missing + other.missing,
  };
}

function countOf({ corrupted, invalidSchema, missing }: RejectedCounts): number {
  return corrupted + invalidSchema + missing;
}

function referenceOf({ plan, job }: BatchOutcome): JobReference[] {
  const [[first] = []] = plan?.load ?? [];
  if (!first || !job) return [];
  const { projectId, location } = first.job;
  return [{ projectId, location, jobId: job.jobId }];
}
