import type { Database, Transaction } from '../database';
import type { JobReference, JobResource } from '../resources';

/** What jobs.list needs to choose a page; small, because it is in memory for every job. */
interface IndexEntry {
  readonly key: string;
  readonly projectId: string;
  readonly creationTime: number;
  readonly parentJobId: string | undefined;
  readonly userEmail: string | undefined;
  state: string;
}

/** The jobs that jobs.list selects, and the page of them. */
export interface JobFilter {
  readonly projectId: string;
  /** Lower-case states; empty means all. */
  readonly states: readonly string[];
  readonly minCreationTime?: number;
  readonly maxCreationTime?: number;
  /** Selects the children of this job; without it, jobs that are no children. */
  readonly parentJobId?: string;
  readonly offset: number;
  readonly limit: number;
}

const CACHED = 300;
const CACHED_TEXT = 64 * 1024;

/**
 * All jobs are in the DuckDB file. In memory are an index of all, and the resources of those that run or ended recently.
 * The file holds the states PENDING and DONE only: a job that was running when the process ended runs again from the start.
 */
export class JobStore {
  private readonly index: IndexEntry[] = [];
  private readonly byKey = new Map<string, IndexEntry>();
  private readonly active = new Map<string, JobResource>();
  private readonly recent = new Map<string, JobResource>();

  constructor(private readonly database: Database) {}

  /** Reads the index; returns the jobs that must run again. */
  async open(): Promise<JobResource[]> {
    await this.database.use((connection) =>
      connection.run(
        'CREATE TABLE IF NOT EXISTS meta.jobs(name VARCHAR, project_id VARCHAR, job_id VARCHAR, parent_job_id VARCHAR, creation_time BIGINT, user_email VARCHAR, state VARCHAR, resource JSON)',
      ),
    );
    const rows = await this.database.rows(
      "SELECT name, project_id, parent_job_id, creation_time, user_email, state, CASE WHEN state <> 'DONE' THEN resource END AS resource FROM meta.jobs ORDER BY creation_time, rowid",
    );
    const unfinished: JobResource[] = [];
    for (const row of rows) {
      const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
      this.addToIndex({
        key: String(row['name']),
        projectId: String(row['project_id']),
        creationTime: Number(row['creation_time']),
        parentJobId: text(row['parent_job_id']),
        userEmail: text(row['user_email']),
        state: String(row['state']),
      });
      if (row['resource'] === null) continue;
      const job: JobResource = JSON.parse(String(row['resource']));
      this.active.set(String(row['name']), job);
      unfinished.push(job);
    }
    return unfinished;
  }

  /** Whether the project has a job of this ID, at any location. */
  has(ref: JobReference): boolean {
    return this.byKey.has(jobKey(ref));
  }

  /** Reserves the ID before anything is written, so that of two inserts with one ID only one continues. False if it is taken. */
  reserve(job: JobResource): boolean {
    const key = jobKey(job.jobReference);
    if (this.byKey.has(key)) return false;
    this.active.set(key, job);
    this.addToIndex({
      key,
      projectId: job.jobReference.projectId,
      creationTime: Number(job.statistics.creationTime),
      parentJobId: job.statistics.parentJobId,
      userEmail: job.user_email,
      state: job.status.state,
    });
    return true;
  }

  /** Writes the job. If that fails, `release` undoes `reserve`. */
  async add(transaction: Transaction, job: JobResource): Promise<void> {
    const { projectId, jobId } = job.jobReference;
    await transaction.run('INSERT INTO meta.jobs VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
      jobKey(job.jobReference),
      projectId,
      jobId,
      job.statistics.parentJobId ?? null,
      BigInt(job.statistics.creationTime ?? 0),
      job.user_email ?? null,
      job.status.state,
      JSON.stringify(job),
    ]);
  }

  /** Writes a job that is done: the child of a script. */
  async addFinished(transaction: Transaction, job: JobResource): Promise<void> {
    await this.add(transaction, job);
    transaction.onCommit(() => {
      this.reserve(job);
      this.active.delete(jobKey(job.jobReference));
      this.cache(jobKey(job.jobReference), job);
    });
  }

  /** Frees the ID of a job that was not written. */
  release(job: JobResource): void {
    const key = jobKey(job.jobReference);
    const entry = this.byKey.get(key);
    if (!entry) return;
    this.byKey.delete(key);
    this.active.delete(key);
    this.index.splice(this.index.indexOf(entry), 1);
  }

  /** Changes a running job in memory; the file keeps it PENDING. */
  update(job: JobResource): void {
    const key = jobKey(job.jobReference);
    this.active.set(key, job);
    const entry = this.byKey.get(key);
    if (entry) entry.state = job.status.state;
  }

  /** Writes the final state of a job, in the transaction that holds its effect. */
  async finish(transaction: Transaction, job: JobResource): Promise<void> {
    const key = jobKey(job.jobReference);
    await transaction.run("UPDATE meta.jobs SET state = 'DONE', resource = $2 WHERE name = $1", [
      key,
      JSON.stringify(job),
    ]);
    transaction.onCommit(() => {
      this.active.delete(key);
      const entry = this.byKey.get(key);
      if (entry) entry.state = 'DONE';
      this.cache(key, job);
    });
  }

  async find(ref: JobReference): Promise<JobResource | undefined> {
    const key = jobKey(ref);
    if (!this.byKey.has(key)) return undefined;
    return (await this.readJobs([key])).get(key);
  }

  /** Deletes the job and its children. */
  async delete(ref: JobReference): Promise<void> {
    const key = jobKey(ref);
    await this.database.transaction(async (transaction) => {
      await transaction.run('DELETE FROM meta.jobs WHERE name = $1 OR parent_job_id = $2 AND project_id = $3', [
        key,
        ref.jobId,
        ref.projectId,
      ]);
    });
    for (const entry of [...this.index]) {
      const child = entry.projectId === ref.projectId && entry.parentJobId === ref.jobId;
      if (entry.key !== key && !child) continue;
      this.index.splice(this.index.indexOf(entry), 1);
      this.byKey.delete(entry.key);
      this.recent.delete(entry.key);
    }
  }

  /** A page of jobs, newest first, and whether there are more. */
  async list(filter: JobFilter): Promise<{ jobs: JobResource[]; more: boolean }> {
    const keys: string[] = [];
    let skipped = 0;
    let more = false;
    for (let place = this.index.length - 1; place >= 0; place--) {
      const entry = this.index[place];
      if (!entry || entry.projectId !== filter.projectId) continue;
      if (filter.maxCreationTime !== undefined && entry.creationTime > filter.maxCreationTime) continue;
      if (filter.minCreationTime !== undefined && entry.creationTime < filter.minCreationTime) break;
      if (entry.parentJobId !== filter.parentJobId) continue;
      if (filter.states.length > 0 && !filter.states.includes(entry.state.toLowerCase())) continue;
      if (skipped++ < filter.offset) continue;
      if (keys.length === filter.limit) {
        more = true;
        break;
      }
      keys.push(entry.key);
    }
    const jobs = await this.readJobs(keys);
    return { jobs: keys.flatMap((key) => jobs.get(key) ?? []), more };
  }

  private async readJobs(keys: readonly string[]): Promise<Map<string, JobResource>> {
    const jobs = new Map<string, JobResource>();
    const absent: string[] = [];
    for (const key of keys) {
      const job = this.active.get(key) ?? this.recent.get(key);
      if (job) jobs.set(key, job);
      else absent.push(key);
    }
    for (let at = 0; at < absent.length; at += 500) {
      const part = absent.slice(at, at + 500);
      const places = part.map((_, place) => `$${place + 1}`).join(', ');
      const rows = await this.database.rows(`SELECT name, resource FROM meta.jobs WHERE name IN (${places})`, part);
      for (const row of rows) jobs.set(String(row['name']), JSON.parse(String(row['resource'])));
    }
    return jobs;
  }

  private addToIndex(entry: IndexEntry): void {
    this.byKey.set(entry.key, entry);
    // Keep the index sorted by creation time, even if the clock was set back: `list` stops at the first older job.
    let place = this.index.length;
    while (place > 0 && (this.index[place - 1]?.creationTime ?? 0) > entry.creationTime) place--;
    this.index.splice(place, 0, entry);
  }

  private cache(key: string, job: JobResource): void {
    if ((job.configuration.load?.sourceUris?.length ?? 0) * 100 > CACHED_TEXT) return;
    this.recent.set(key, job);
    const oldest = this.recent.keys().next();
    if (this.recent.size > CACHED && !oldest.done) this.recent.delete(oldest.value);
  }
}

/** `project:job` */
export function jobKey(ref: JobReference): string {
  return `${ref.projectId}:${ref.jobId}`;
}
