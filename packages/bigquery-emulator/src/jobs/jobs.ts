import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '../database';
import { BigQueryError, notFound } from '../errors';
import type { ErrorProto, JobConfiguration, JobReference, JobResource } from '../resources';
import { type Queues, Slots } from '../slots';
import { CONFLICT_TRIES, isConflict } from './conflicts';
import { interruptible } from './interruptible';
import { failedStatus, stopped, stopReason, timedOut } from './jobEnd';
import { type JobStore, jobKey } from './jobStore';
import { newJob } from './newJob';

/** The work of a job. A BigQueryError that it throws becomes the job's error. */
export type JobWork = (run: JobRun) => Promise<void>;

/** One attempt at a job. */
export interface JobRun {
  /** The job's resource, whose statistics the work fills in. */
  readonly job: JobResource;
  readonly signal: AbortSignal;
  /**
   * Waits until no other job writes to `table` and a slot is free, then works.
   *
   * @param table key of the table that the job writes; undefined when it only reads.
   */
  turn<T>(table: string | undefined, work: () => Promise<T>): Promise<T>;
  /** Commits the effect of the job together with its end. The work must call it exactly once. */
  commit(effect: (transaction: Transaction) => Promise<void>): Promise<void>;
}

/** Injected faults of jobs. */
export interface JobFaults {
  /** Milliseconds that the job waits before its work. */
  slowJob(jobId: string): number;
  /** The error with which the job ends instead of doing its work. */
  failJob(jobId: string): ErrorProto | undefined;
}

/** The longest timeout of Node's timers. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Accepts jobs, runs them in the background, and lets callers wait for their end. */
export class Jobs {
  private readonly slots = new Slots(4);
  private readonly running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  private closed = false;

  constructor(
    private readonly database: Database,
    readonly store: JobStore,
    private readonly work: (configuration: JobConfiguration) => JobWork,
    private readonly faults: JobFaults,
    private readonly queues: Queues,
  ) {}

  /** Runs jobs again that were PENDING or RUNNING when the process ended. */
  resume(jobs: readonly JobResource[]): void {
    for (const job of jobs) {
      job.status = { state: 'PENDING' };
      this.start(job);
    }
  }

  /**
   * Accepts a job: it is stored as PENDING and starts after the answer.
   *
   * @throws BigQueryError `duplicate` when the project has a job of this ID.
   */
  async insert(projectId: string, ref: Partial<JobReference>, configuration: JobConfiguration): Promise<JobResource> {
    const job = newJob(projectId, ref, configuration);
    if (!this.store.reserve(job)) {
      const { jobId, location } = job.jobReference;
      throw new BigQueryError(409, 'duplicate', `Already Exists: Job ${projectId}:${location ?? 'US'}.${jobId}`);
    }
    try {
      await this.database.transaction((transaction) => this.store.add(transaction, job));
    } catch (error) {
      this.store.release(job);
      throw error;
    }
    this.start(job);
    return job;
  }

  /** @throws BigQueryError `notFound` when the job does not exist, or not at the given location. */
  async get(ref: JobReference): Promise<JobResource> {
    const job = await this.store.find(ref);
    const elsewhere = ref.location && ref.location.toUpperCase() !== job?.jobReference.location?.toUpperCase();
    if (!job || elsewhere) throw notFound(`Job ${ref.projectId}:${ref.location ? `${ref.location}.` : ''}${ref.jobId}`);
    return job;
  }

  /** Waits until the job is done, `timeoutMs` at most; returns its state then. */
  async wait(ref: JobReference, timeoutMs: number): Promise<JobResource> {
    const running = this.running.get(jobKey(ref));
    if (running && timeoutMs > 0) {
      const timer = new AbortController();
      await Promise.race([running.done, sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    return this.get(ref);
  }

  /** Requests a job to stop; a job that is done stays as it is. */
  async cancel(ref: JobReference): Promise<JobResource> {
    const job = await this.get(ref);
    this.running.get(jobKey(ref))?.abort.abort();
    return job;
  }

  /** Stops the running jobs. They are not ended: the next start runs them again. */
  async close(): Promise<void> {
    this.closed = true;
    for (const running of this.running.values()) running.abort.abort();
    await Promise.all([...this.running.values()].map((running) => running.done));
  }

  private start(job: JobResource): void {
    const abort = new AbortController();
    const key = jobKey(job.jobReference);
    const timeout = Number(job.configuration.jobTimeoutMs ?? 0);
    const timer =
      timeout > 0
        ? setTimeout(() => abort.abort(timedOut(timeout)), Math.min(timeout, LONGEST_TIMEOUT_MS)).unref()
        : undefined;
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.run(job, abort.signal))
      .catch((error: unknown) => {
        if (!this.closed) console.error(`job ${key} could not be ended`, error);
      })
      .finally(() => {
        clearTimeout(timer);
        this.running.delete(key);
      });
    this.running.set(key, { abort, done });
  }

  private async run(job: JobResource, signal: AbortSignal): Promise<void> {
    const jobId = job.jobReference.jobId;
    const delayMs = this.faults.slowJob(jobId);
    if (delayMs > 0) {
      this.setRunning(job);
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
    for (let tries = 1; !this.closed; tries++) {
      const attempt = structuredClone(job);
      try {
        if (signal.aborted) throw stopped();
        const fault = this.faults.failJob(jobId);
        if (fault) throw new BigQueryError(400, fault.reason, fault.message, fault.location);
        await this.work(job.configuration)({
          job: attempt,
          signal,
          turn: (table, work) => this.turn(job, attempt, table, work),
          commit: (effect) => this.commit(attempt, effect, signal),
        });
        return;
      } catch (error) {
        if (this.closed) return;
        if (isConflict(error) && tries < CONFLICT_TRIES) continue;
        const reason = signal.aborted ? stopReason(signal) : error;
        if (!(reason instanceof BigQueryError)) console.error(`job ${jobKey(job.jobReference)} failed:`, error);
        attempt.status = failedStatus(reason);
        await this.commit(attempt, async () => undefined);
        return;
      }
    }
  }

  private turn<T>(
    job: JobResource,
    attempt: JobResource,
    table: string | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    // Queue first, then take a slot: a job that waits for its table must not block the others.
    const inSlot = () =>
      this.slots.run(() => {
        this.setRunning(job);
        attempt.statistics.startTime ??= job.statistics.startTime;
        return work();
      });
    return table === undefined ? inSlot() : this.queues.run(table, inSlot);
  }

  private async commit(
    job: JobResource,
    effect: (transaction: Transaction) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await interruptible(transaction, effect, signal);
      job.statistics.endTime = Date.now().toString();
      job.statistics.startTime ??= job.statistics.endTime;
      const took = Number(job.statistics.endTime) - Number(job.statistics.startTime);
      job.statistics.finalExecutionDurationMs = took.toString();
      job.status = { ...job.status, state: 'DONE' };
      await this.store.finish(transaction, job);
    });
  }

  private setRunning(job: JobResource): void {
    if (job.status.state === 'RUNNING') return;
    job.status = { state: 'RUNNING' };
    job.statistics.startTime = Date.now().toString();
    this.store.update(job);
  }
}
