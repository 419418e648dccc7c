import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '../database';
import { BigQueryError, notFound } from '../errors';
import type { ErrorProto, JobConfiguration, JobReference, JobResource } from '../resources';
import { type Queues, Slots } from '../slots';
import { CONFLICT_TRIES, isConflict } from './conflicts';
import { type JobStore, jobKey } from './jobStore';
import { newJob, stopped, timedOut } from './newJob';

/** What a kind of job does; a BigQueryError that it throws is why the job failed. */
export type JobWork = (run: JobRun) => Promise<void>;

/** One attempt at a job. */
export interface JobRun {
  /** The resource; the work fills in its statistics. */
  readonly job: JobResource;
  readonly signal: AbortSignal;
  /**
   * Waits until nothing else writes to `table` and there is room, then works.
   *
   * @param table key of the table that is written; none when only rows are read.
   */
  turn<T>(table: string | undefined, work: () => Promise<T>): Promise<T>;
  /** Makes the effect of the job durable together with its end; called exactly once. */
  commit(effect: (transaction: Transaction) => Promise<void>): Promise<void>;
}

/** Faults that tests ask for: how long jobs linger, which fail. */
export interface JobFaults {
  slowJob(jobId: string): number;
  failJob(jobId: string): ErrorProto | undefined;
}

/** Takes jobs in, runs them on their own time, and tells who waits when they end. */
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

  /** Runs again what was PENDING or RUNNING when the process ended. */
  resume(jobs: readonly JobResource[]): void {
    for (const job of jobs) {
      job.status = { state: 'PENDING' };
      this.start(job);
    }
  }

  /**
   * Accepts a job: it is durable, PENDING, and starts after the answer.
   *
   * @throws BigQueryError `duplicate` when the project has a job of that ID.
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

  async get(ref: JobReference): Promise<JobResource> {
    const job = await this.store.find(ref);
    const elsewhere = ref.location && ref.location.toUpperCase() !== job?.jobReference.location?.toUpperCase();
    if (!job || elsewhere) throw notFound(`Job ${ref.projectId}:${ref.location ? `${ref.location}.` : ''}${ref.jobId}`);
    return job;
  }

  /** Resolves when the job is done, or after `timeoutMs`. */
  async wait(ref: JobReference, timeoutMs: number): Promise<JobResource> {
    const running = this.running.get(jobKey(ref));
    if (running && timeoutMs > 0) {
      const timer = new AbortController();
      await Promise.race([running.done, sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    return this.get(ref);
  }

  /** Asks a job to stop; one that is done stays as it is. */
  async cancel(ref: JobReference): Promise<JobResource> {
    const job = await this.get(ref);
    this.running.get(jobKey(ref))?.abort.abort();
    return job;
  }

  /** Stops taking up jobs and waits for those that run; they are kept for the next start when `hard`. */
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
    const linger = this.faults.slowJob(jobId);
    if (linger > 0) {
      this.setRunning(job);
      await sleep(linger, undefined, { signal }).catch(() => undefined);
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
        attempt.status = failedStatus(signal.aborted ? reasonOf(signal) : error);
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
    // The queue comes before the place: who waits for a table must not keep others from working.
    const placed = () =>
      this.slots.run(() => {
        this.setRunning(job);
        attempt.statistics.startTime ??= job.statistics.startTime;
        return work();
      });
    return table === undefined ? placed() : this.queues.run(table, placed);
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

const INTERRUPT_MS = 50;
/** Node's timers go no further. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Why a job was stopped: its time was over, or somebody cancelled it. */
function reasonOf({ reason }: AbortSignal): unknown {
  return reason instanceof BigQueryError ? reason : stopped();
}

/** Works until the job is stopped; then DuckDB is told so until it obeys, for what is not running yet does not hear it. */
async function interruptible(
  transaction: Transaction,
  effect: (transaction: Transaction) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) throw stopped();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    timer = setInterval(() => transaction.connection.interrupt(), INTERRUPT_MS);
  };
  signal?.addEventListener('abort', interrupt);
  try {
    await effect(transaction);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(timer);
  }
  if (signal?.aborted) throw stopped();
}

function failedStatus(error: unknown): JobResource['status'] {
  if (error instanceof BigQueryError) {
    return { state: 'DONE', errorResult: error.proto, errors: [error.proto, ...error.details] };
  }
  const message = error instanceof Error ? error.message : String(error);
  const proto = { reason: 'internalError', message: `An internal error occurred: ${message}` };
  return { state: 'DONE', errorResult: proto, errors: [proto] };
}
