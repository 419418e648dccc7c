import type { BigQueryProjects, JobResource } from './bigQueryProjects';

/** Pause between the first polls; later pauses grow with the age of the youngest job. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_PER_AGE = 0.25;
/** Jobs up to this age are listed; older ones are requested by ID, so that no listing reaches far back. */
const YOUNG_MS = 60_000;
/** Pauses between two requests for an old job grow with its age. */
const FIRST_REQUEST_MS = 5000;
const LONGEST_REQUEST_MS = 60_000;
const REQUEST_PER_AGE = 0.05;
/** Longest pause after listings that failed. */
const LONGEST_BACKOFF_MS = 10_000;
/** A wait fails when all requests for its job have failed for this long, so that operators see the cause. */
const UNREADABLE_MS = 5 * 60_000;
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
  /** Polls in succession that did not find the job. */
  unseen: number;
  /** When the next request by ID is due, once the job is old. */
  nextRequestMs: number;
  /** Since when all requests by ID have failed; undefined after one that succeeded. */
  unreadableSinceMs: number | undefined;
  readonly settle: (job: JobResource) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Waits for BigQuery jobs: one `jobs.list` call per project and poll covers all its young jobs; old jobs are requested by ID. A
 * call that fails is repeated later and affects no waiter.
 *
 * Invariant: a project has a running loop exactly while it has waiters.
 */
export class JobWatcher {
  private readonly waiters = new Map<string, Set<Waiter>>();

  /** @param shortestPauseMs shortest pause between two polls of a project. */
  constructor(
    private readonly bigQuery: JobSource,
    private readonly shortestPauseMs = FIRST_PAUSE_MS,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Waits until a job is DONE, by success or failure.
   *
   * @param submittedMs time of submission or earlier, Unix milliseconds
   * @throws Error when the job does not exist; the client's error when all requests for the job have failed for 5 minutes
   */
  wait(projectId: string, jobId: string, location: string | undefined, submittedMs: number): Promise<JobResource> {
    return new Promise((settle, fail) => {
      const waiter: Waiter = {
        jobId,
        location,
        sinceMs: submittedMs,
        unseen: 0,
        nextRequestMs: 0,
        unreadableSinceMs: undefined,
        settle,
        fail,
      };
      const others = this.waiters.get(projectId);
      if (others) {
        others.add(waiter);
        return;
      }
      this.waiters.set(projectId, new Set([waiter]));
      void this.watch(projectId);
    });
  }

  private async watch(projectId: string): Promise<void> {
    for (let failures = 0; ; ) {
      const waiting = this.waiters.get(projectId);
      if (!waiting || waiting.size === 0) break;
      const backoffMs = failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_BACKOFF_MS);
      const pauseMs = Math.max(this.pauseMs(waiting), backoffMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const young = [...waiting].filter((waiter) => this.age(waiter) < YOUNG_MS);
      const due = [...waiting].filter((waiter) => !young.includes(waiter) && waiter.nextRequestMs <= this.now());
      const [listed] = await Promise.all([
        this.list(projectId, young, waiting),
        ...due.map((waiter) => this.request(projectId, waiter, waiting)),
      ]);
      failures = listed ? 0 : failures + 1;
    }
    this.waiters.delete(projectId);
  }

  private age({ sinceMs }: Waiter): number {
    return this.now() - sinceMs;
  }

  private pauseMs(waiting: ReadonlySet<Waiter>): number {
    const youngestMs = Math.min(...[...waiting].map((waiter) => this.age(waiter)));
    return Math.min(LONGEST_PAUSE_MS, Math.max(this.shortestPauseMs, youngestMs * PAUSE_PER_AGE));
  }

  /** Polls young jobs by one listing. @returns false when the listing failed */
  private async list(projectId: string, young: readonly Waiter[], waiting: Set<Waiter>): Promise<boolean> {
    if (young.length === 0) return true;
    const since = Math.min(...young.map(({ sinceMs }) => sinceMs)) - CLOCK_SLACK_MS;
    const jobs = await this.bigQuery.listJobs(projectId, since).catch(() => undefined);
    if (!jobs) return false;
    const listed = new Map(jobs.map((job) => [job.jobReference.jobId, job]));
    const requests = young.map(async (waiter) => {
      const job = listed.get(waiter.jobId);
      waiter.unseen = job ? 0 : waiter.unseen + 1;
      // A listing does not contain the details of errors.
      if (job?.status.errorResult || waiter.unseen >= UNSEEN_POLLS) await this.request(projectId, waiter, waiting);
      else if (job) this.settle(waiter, job, waiting);
    });
    await Promise.all(requests);
    return true;
  }

  /** Requests one job by its ID. */
  private async request(projectId: string, waiter: Waiter, waiting: Set<Waiter>): Promise<void> {
    const { jobId, location } = waiter;
    const isOld = this.age(waiter) >= YOUNG_MS;
    waiter.nextRequestMs =
      this.now() + Math.min(LONGEST_REQUEST_MS, Math.max(FIRST_REQUEST_MS, this.age(waiter) * REQUEST_PER_AGE));
    try {
      const job = await this.bigQuery.getJob(projectId, jobId, location);
      waiter.unreadableSinceMs = undefined;
      if (job) {
        waiter.unseen = isOld ? 0 : waiter.unseen;
        this.settle(waiter, job, waiting);
        return;
      }
      if (isOld) waiter.unseen += 1;
      if (waiter.unseen < LOST_POLLS) return;
      waiting.delete(waiter);
      waiter.fail(new Error(`job ${jobId} does not exist in project ${projectId}`));
    } catch (error) {
      waiter.unreadableSinceMs ??= this.now();
      if (this.now() - waiter.unreadableSinceMs < UNREADABLE_MS) return;
      waiting.delete(waiter);
      waiter.fail(error);
    }
  }

  private settle(waiter: Waiter, job: JobResource, waiting: Set<Waiter>): void {
    if (job.status.state !== 'DONE') return;
    waiting.delete(waiter);
    waiter.settle(job);
  }
}
