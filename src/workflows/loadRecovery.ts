import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import type { FailedLoad, ProbeResult, Recovery } from '../plan/recovery/failedLoad';
import { NONE_REJECTED, type RejectedCounts } from '../plan/recovery/rejected';
import { partJobId, recoveryJobId } from '../plan/replayed/jobIds';
import { reloadStep } from '../plan/replayed/recoverySteps';
import { PROBES_AT_ONCE, slicesOf } from '../plan/replayed/slices';
import type { LoadStep } from '../plan/steps';
import { longActivities, withSummary } from './activityCalls';
import { addCounts } from './outcome';
import type { StepExecutor } from './stepExecutor';

/** How one load step ended, its recovery included. */
export interface LoadOutcome {
  /** The job that loaded, or that failed for good; absent when no file was left to load. */
  readonly job?: JobOutcome;
  /** The files that were loaded. */
  readonly files: BatchFiles;
  /** URLs of the records of quarantined files. */
  readonly records: readonly string[];
  readonly rejected: RejectedCounts;
  /** The load could go on without the bad files, but the rule's MaxReload is used up. */
  readonly limited?: true;
}

/** Failed jobs of one step after which probes look for the other bad files. */
const FAILURES_BEFORE_PROBES = 2;

/**
 * Loads the files of one step without the bad ones. A failed job usually names one bad file, so that taking them out one by one
 * would cost a failed job each. Therefore:
 *
 * - after the first failure, the file that it names is quarantined and the remaining files are loaded again: one bad file is by
 *   far the usual case;
 * - after the second failure, the remaining files are probed in slices, side by side. A probe is the same load into a table of
 *   its own, and every row may be bad. BigQuery then names all the bad files that its list of errors has room for, and the job
 *   succeeds. A slice whose list was not complete is probed again without the named files, in halves. BigQuery itself
 *   decides which rows are bad, and no file's content passes through the worker;
 * - then the remaining files are loaded, by one job as before, so that a destination is truncated once, or appended to at once.
 *
 * So there are two failed jobs, however many files have bad rows and however they are spread, and one more for each file that
 * cannot be read at all (a broken archive or container), because such a file makes a probe fail too. Probes neither change
 * the destination nor count against its limit of modifications. MaxReload limits the jobs that load again.
 */
export class LoadRecovery {
  private jobCount = 0;
  private readonly records: string[] = [];
  private rejected: RejectedCounts = NONE_REJECTED;

  /** @param part position of the step among the load steps of its plan, from 0. */
  constructor(
    private readonly batch: SealedBatch,
    private readonly plan: Plan,
    private readonly steps: StepExecutor,
    private readonly part: number,
  ) {}

  async load(step: LoadStep): Promise<LoadOutcome> {
    let current = step;
    for (let failures = 1; ; failures++) {
      const job = await this.steps.runJob(current, 'loading');
      if (!job.error) return this.outcome(current.files, job);
      const recovery = await this.recover(current, job.jobId);
      if (recovery.permanent) return this.outcome(current.files, job);
      if (failures > this.plan.maxReload) return { ...this.outcome(current.files, job), limited: true };
      const named = recovery.record === undefined ? [] : [recovery.record];
      const probed =
        failures < FAILURES_BEFORE_PROBES || named.length === 0 ? [] : await this.probeSlices(current, named);
      const name = this.nextJobId('reload');
      const files = await this.remaining(current.files, [...named, ...probed], name, current);
      if (files.count === 0) return this.outcome(files);
      current = reloadStep(recovery.widened ?? current, name, files);
    }
  }

  /** Finds and quarantines the bad files among the remaining ones. @returns URLs of their records. */
  private async probeSlices(step: LoadStep, named: readonly string[]): Promise<readonly string[]> {
    const records: string[] = [];
    const open = cut(await this.remaining(step.files, named, this.nextJobId('probe')));
    while (open.length > 0) {
      const slices = open.splice(0, PROBES_AT_ONCE);
      const results = await Promise.all(slices.map((files) => this.probe({ ...step, files })));
      for (const { files, record, complete } of results) {
        if (record === undefined) continue;
        records.push(record);
        if (!complete) open.push(...cut(await this.remaining(files, [record], this.nextJobId('probe')), 2));
      }
    }
    return records;
  }

  private async probe(step: LoadStep): Promise<ProbeResult & { readonly files: BatchFiles }> {
    const { files } = step;
    const jobId = this.nextJobId('probe');
    this.showProbe(jobId, 'running');
    const summary = withSummary(`${files.count} files`);
    const failed = this.failedLoad(step, jobId);
    const probe = (firstAttempt: number) =>
      longActivities.probeFiles.executeWithOptions(summary, [failed, firstAttempt]);
    // The activity drops the probe's table, also when the run is cancelled.
    const result = await CancellationScope.nonCancellable(() => this.steps.context.retry.retryUntilUp(probe));
    this.showProbe(jobId, 'succeeded');
    this.record(result);
    return { ...result, files };
  }

  private showProbe(jobId: string, state: 'running' | 'succeeded'): void {
    this.steps.state.enter('loading', { jobId, state, kind: 'probe' });
    this.steps.context.show();
  }

  private async recover(step: LoadStep, jobId: string): Promise<Recovery> {
    const failed = this.failedLoad(step, jobId);
    const recovery = await this.steps.context.retry.retryUntilUp(() =>
      longActivities.recoverLoad.executeWithOptions(withSummary(jobId), [failed]),
    );
    this.record(recovery);
    return recovery;
  }

  private failedLoad(step: LoadStep, jobId: string): FailedLoad {
    return { batch: this.batch, step, jobId, workflowId: workflowInfo().workflowId };
  }

  private remaining(files: BatchFiles, records: readonly string[], name: string, step?: LoadStep): Promise<BatchFiles> {
    const input = { files, records, name, step };
    return this.steps.context.retry.retryUntilUp(() =>
      longActivities.remainingFiles.executeWithOptions(withSummary(name), [input]),
    );
  }

  private record({ record, rejected }: Recovery): void {
    if (record !== undefined) this.records.push(record);
    this.rejected = addCounts(this.rejected, rejected);
  }

  private nextJobId(action: 'reload' | 'probe'): string {
    this.jobCount += 1;
    return partJobId(recoveryJobId(this.batch.jobId, action, this.plan.stepCount + this.jobCount), this.part);
  }

  private outcome(files: BatchFiles, job?: JobOutcome): LoadOutcome {
    return { job, files, records: this.records, rejected: this.rejected };
  }
}

/** Neighbouring slices of files. They have no sizes of their own. */
function cut(files: BatchFiles, most?: number): BatchFiles[] {
  const { from: start = 0, ...rest } = files;
  if (files.count === 0) return [];
  return slicesOf(files.count, most).map(({ from, count }) => ({ ...rest, from: start + from, count }));
}
