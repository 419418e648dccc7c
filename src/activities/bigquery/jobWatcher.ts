import type { BigQueryProjects, JobResource } from './bigQueryProjects';

/** Pause between the first polls; later pauses grow with the age of the youngest job. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_PER_AGE = 0.25;
/** Jobs are listed from this long before they were submitted, because the clocks of BigQuery and worker may differ. */
const CLOCK_SLACK_MS = 60_000;
/** A job that is missing in this number of listings is requested by ID. */
const UNSEEN_POLLS = 3;
/** A job that does not exist by ID either after this number of polls, about a minute, is lost. */
const LOST_POLLS = 20;

/** The calls that the watcher makes. */
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
 * Waits for BigQuery jobs: one `jobs.list` call per project and poll covers all its running jobs.
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
   * Waits until a job is DONE, by success or failure.
   *
   * @param submittedMs time of submission or earlier, Unix milliseconds
   * @throws the client's error, for all waiters of the project, when a poll fails; Error when the job does not exist
   */
  wait(projectId: string, jobId: string, location: string | undefined, submittedMs: number): Promise<JobResource> {
    return new Promise((settle, fail) => {
      const waiter = { jobId, location, sinceMs: submittedMs, unseen: 0, settle, fail };
      const waiting = this.waiters.get(projectId);
      if (waiting) {
        waiting.add(waiter);
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
        await this.poll(projectId, waiting);
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

  private async poll(projectId: string, waiting: Set<Waiter>): Promise<void> {
    const polled = [...waiting];
    const since = Math.min(...polled.map((waiter) => waiter.sinceMs)) - CLOCK_SLACK_MS;
    const listed = new Map(
      (await this.bigQuery.listJobs(projectId, since)).map((job) => [job.jobReference.jobId, job]),
    );
    for (const waiter of polled) {
      const job = listed.get(waiter.jobId);
      const done = job?.status.state === 'DONE';
      waiter.unseen = job ? 0 : waiter.unseen + 1;
      // A listing does not contain the details of errors.
      const byId = (done && job.status.errorResult) || waiter.unseen >= UNSEEN_POLLS;
      const current = byId ? await this.bigQuery.getJob(projectId, waiter.jobId, waiter.location) : job;
      if (current ? current.status.state !== 'DONE' : waiter.unseen < LOST_POLLS) continue;
      waiting.delete(waiter);
      if (current) waiter.settle(current);
      else waiter.fail(new Error(`job ${waiter.jobId} does not exist in project ${projectId}`));
    }
  }
}
