import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import type { Recovery } from '../plan/recovery/failedLoad';
import { NONE_REJECTED, type RejectedCounts } from '../plan/recovery/rejected';
import { partJobId, recoveryJobId } from '../plan/replayed/jobIds';
import { reloadStep } from '../plan/replayed/recoverySteps';
import { PROBES_AT_ONCE, slicesOf } from '../plan/replayed/slices';
import type { LoadStep } from '../plan/steps';
import { long, withSummary } from './activityCalls';
import type { OutageRetry } from './outageRetry';

/** How one load step, with what it took to recover it, came out. */
export interface LoadOutcome {
  /** The job that loaded, or whose failure stands; absent when no file was left to load. */
  readonly job?: JobOutcome;
  /** The files that were loaded. */
  readonly files: BatchFiles;
  /** Records of the files set aside. */
  readonly records: readonly string[];
  readonly rejected: RejectedCounts;
  /** There was a way on, but the rule's MaxReload was used up. */
  readonly limited?: true;
}

/** What recovery needs of the run that it is part of. */
export interface RecoveryContext {
  readonly batch: SealedBatch;
  readonly plan: Plan;
  readonly patience: OutageRetry;
  readonly runJob: (step: LoadStep) => Promise<JobOutcome>;
  /** Tells of a probe: it begins, then has ended. */
  readonly showProbe: (jobId: string, state: 'running' | 'succeeded') => void;
}

/** Failed jobs of one step after which probes look for the other bad files. */
const FAILURES_BEFORE_PROBES = 2;

/**
 * One load step, loaded without its bad files (spec 2, section 5.3). A job that fails names, as a rule, one bad file, so that
 * taking them out one by one costs a failed job each. Here:
 *
 * - the file that the first failure names is set rejected and the rest loaded again: one bad file is by far the usual case;
 * - after a second failure the rest is probed in slices, side by side: the same load into a table of its own, with every row
 *   allowed to be bad. BigQuery then names all the bad files that its list of errors has room for, and the job succeeds. A
 *   slice whose list was not complete is probed again without the files named, in halves. No reader of our own is asked what
 *   BigQuery would take, and no file's content passes through the worker;
 * - then the rest is loaded, by one job as before, so that a destination is truncated once, or added to at once.
 *
 * So the number of failed jobs is two, however many files have bad rows and however they lie, and one more for each file that
 * cannot be read at all (a broken archive or container), since these fail a probe too. Probes neither change the
 * destination nor count against its limit of modifications. MaxReload limits the jobs that load again.
 */
export class LoadRecovery {
  private number = 0;
  private readonly records: string[] = [];
  private rejected: RejectedCounts = NONE_REJECTED;

  /** @param group place of the step among those of its plan, from 0. */
  constructor(
    private readonly context: RecoveryContext,
    private readonly group: number,
  ) {}

  async load(step: LoadStep): Promise<LoadOutcome> {
    let current = step;
    for (let failures = 1; ; failures++) {
      const job = await this.context.runJob(current);
      if (!job.error) return this.outcome(current.files, job);
      const recovery = await this.recover(current, job.jobId);
      if (recovery.permanent) return this.outcome(current.files, job);
      if (failures > this.context.plan.maxReload) return { ...this.outcome(current.files, job), limited: true };
      const named = recovery.record === undefined ? [] : [recovery.record];
      const probed =
        failures < FAILURES_BEFORE_PROBES || named.length === 0 ? [] : await this.probeSlices(current, named);
      const name = this.jobName('reload');
      const files = await this.remaining(current.files, [...named, ...probed], name, current);
      if (files.count === 0) return this.outcome(files);
      current = reloadStep(recovery.widened ?? current, name, files);
    }
  }

  /** Finds and sets rejected the bad files among those that are left. @returns records of them. */
  private async probeSlices(step: LoadStep, named: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    const open = cut(await this.remaining(step.files, named, this.jobName('probe')));
    while (open.length > 0) {
      const probes = open.splice(0, PROBES_AT_ONCE).map((files) => this.probe({ ...step, files }));
      for (const { files, recovery } of await Promise.all(probes)) {
        if (recovery.record !== undefined) found.push(recovery.record);
        if (recovery.complete || recovery.record === undefined) continue;
        open.push(...cut(await this.remaining(files, [recovery.record], this.jobName('probe')), 2));
      }
    }
    return found;
  }

  private async probe(step: LoadStep): Promise<{ files: BatchFiles; recovery: Recovery & { complete: boolean } }> {
    const name = this.jobName('probe');
    const { showProbe, patience } = this.context;
    showProbe(name, 'running');
    const call = { ...this.failed(step, name) };
    // Whatever becomes of the run, the probe's table is dropped.
    const recovery = await CancellationScope.nonCancellable(() =>
      patience.retryUntilUp(() => long.probeFiles.executeWithOptions(withSummary(`${step.files.count} files`), [call])),
    );
    showProbe(name, 'succeeded');
    this.note(recovery);
    return { files: step.files, recovery };
  }

  private async recover(step: LoadStep, failedJob: string): Promise<Recovery> {
    const recovery = await this.context.patience.retryUntilUp(() =>
      long.recoverLoad.executeWithOptions(withSummary(failedJob), [this.failed(step, failedJob)]),
    );
    this.note(recovery);
    return recovery;
  }

  private failed(step: LoadStep, failedJob: string) {
    return { batch: this.context.batch, step, jobId: failedJob, workflowId: workflowInfo().workflowId };
  }

  private remaining(files: BatchFiles, records: readonly string[], name: string, step?: LoadStep): Promise<BatchFiles> {
    const input = { files, records, name, ...(step ? { step } : {}) };
    return this.context.patience.retryUntilUp(() => long.remainingFiles.executeWithOptions(withSummary(name), [input]));
  }

  private note({ record, rejected }: Recovery): void {
    if (record !== undefined) this.records.push(record);
    this.rejected = sum(this.rejected, rejected);
  }

  private jobName(action: 'reload' | 'probe'): string {
    const { plan, batch } = this.context;
    this.number += 1;
    return partJobId(recoveryJobId(batch.jobId, action, plan.stepCount + this.number), this.group);
  }

  private outcome(files: BatchFiles, job?: JobOutcome): LoadOutcome {
    return { ...(job ? { job } : {}), files, records: this.records, rejected: this.rejected };
  }
}

/** Numbers of two recoveries together. */
export function sum(one: RejectedCounts, other: RejectedCounts): RejectedCounts {
  return {
    corrupted: one.corrupted + other.corrupted,
    invalidSchema: one.invalidSchema + other.invalidSchema,
    missing: one.missing + other.missing,
  };
}

/** Neighbouring slices of files; those of a slice of their own sizes are not told. */
function cut(files: BatchFiles, most?: number): BatchFiles[] {
  const { from: start = 0, ...rest } = files;
  if (files.count === 0) return [];
  return slicesOf(files.count, most).map(({ from, count }) => ({ ...rest, from: start + from, count }));
}
