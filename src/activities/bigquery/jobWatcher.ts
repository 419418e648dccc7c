import type { BigQueryProjects, JobResource } from './bigQueryProjects';

/** First pause between two looks; each further look waits longer, in proportion to the age of the youngest job. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_PER_AGE = 0.25;
/** Clocks of service and worker may differ; jobs are listed from this long before they were submitted. */
const CLOCK_SLACK_MS = 60_000;
/** A job that listings do not show for so many looks is asked for by name. */
const UNSEEN_LOOKS = 3;
/** A job that is unknown by name too after so many looks, about a minute, is gone. */
const LOST_LOOKS = 20;

/** What the watcher asks BigQuery for. */
export type JobSource = Pick<BigQueryProjects, 'listJobs' | 'getJob'>;

interface Waiter {
  readonly jobId: string;
  readonly location: string | undefined;
  readonly sinceMs: number;
  unseen: number;
  readonly settle: (job: JobResource) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Waits for BigQuery jobs: one listing a project and look, for all its jobs in flight at once.
 *
 * Invariant: a project has a running loop exactly while it has waiters.
 */
export class JobWatcher {
  private readonly waiters = new Map<string, Set<Waiter>>();

  constructor(
    private readonly bigQuery: JobSource,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * The job once it is DONE, whether it succeeded or not.
   *
   * @param submittedMs when it was submitted, Unix milliseconds; earlier does no harm.
   * @throws what the client throws, for all waiters of the project, when a look fails; Error when there is no such job.
   */
  wait(projectId: string, jobId: string, location: string | undefined, submittedMs: number): Promise<JobResource> {
    return new Promise((settle, fail) => {
      const waiter = { jobId, location, sinceMs: submittedMs, unseen: 0, settle, fail };
      const known = this.waiters.get(projectId);
      if (known) {
        known.add(waiter);
        return;
      }
      this.waiters.set(projectId, new Set([waiter]));
      void this.watch(projectId);
    });
  }

  private async watch(projectId: string): Promise<void> {
    for (;;) {
      const waiting = this.waiters.get(projectId);
      if (!waiting || waiting.size === 0) break;
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs(waiting)));
      try {
        await this.look(projectId, waiting);
      } catch (error) {
        for (const waiter of waiting) waiter.fail(error);
        waiting.clear();
      }
    }
    this.waiters.delete(projectId);
  }

  private pauseMs(waiting: ReadonlySet<Waiter>): number {
    const youngest = Math.max(...[...waiting].map((waiter) => waiter.sinceMs));
    return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, (this.now() - youngest) * PAUSE_PER_AGE));
  }

  private async look(projectId: string, waiting: Set<Waiter>): Promise<void> {
    const asked = [...waiting];
    const since = Math.min(...asked.map((waiter) => waiter.sinceMs)) - CLOCK_SLACK_MS;
    const listed = new Map(
      (await this.bigQuery.listJobs(projectId, since)).map((job) => [job.jobReference.jobId, job]),
    );
    for (const waiter of asked) {
      const job = listed.get(waiter.jobId);
      const done = job?.status.state === 'DONE';
      waiter.unseen = job ? 0 : waiter.unseen + 1;
      // A listing leaves out the details of errors.
      const details = (done && job.status.errorResult) || waiter.unseen >= UNSEEN_LOOKS;
      const known = details ? await this.bigQuery.getJob(projectId, waiter.jobId, waiter.location) : job;
      if (known ? known.status.state !== 'DONE' : waiter.unseen < LOST_LOOKS) continue;
      waiting.delete(waiter);
      if (known) waiter.settle(known);
      else waiter.fail(new Error(`there is no job ${waiter.jobId} in project ${projectId} (any more)`));
    }
  }
}
