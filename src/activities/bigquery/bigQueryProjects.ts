import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import type { DatasetReference } from '../../plan/facts';
import type { JobError } from '../../plan/job';
import { type Field, fieldsOf } from '../../plan/schema';
import type { TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import { statusOf } from './bigQueryErrors';
import type { RestRow } from './streamedRows';

/** The fields that we read of a job resource. */
export interface JobResource {
  readonly id?: string;
  readonly jobReference: { readonly projectId: string; readonly jobId: string; readonly location?: string };
  readonly status: {
    readonly state: 'PENDING' | 'RUNNING' | 'DONE';
    readonly errorResult?: JobError;
    readonly errors?: readonly JobError[];
  };
  readonly configuration?: { readonly load?: JsonObject & { readonly sourceUris?: readonly string[] } };
  readonly statistics?: {
    readonly creationTime?: string;
    readonly endTime?: string;
    readonly load?: { readonly outputRows?: string; readonly badRecords?: string };
    readonly query?: JsonObject;
    readonly extract?: JsonObject;
    readonly copy?: JsonObject;
  };
}

/** A row to stream. BigQuery drops duplicates with the same `insertId`. */
export interface StreamedRow {
  readonly insertId: string;
  readonly json: JsonObject;
}

/** A row that BigQuery refused. The reason is `stopped` for a good row of a request with bad rows. */
export interface RefusedRow {
  readonly insertId: string;
  readonly reason: string;
  readonly message: string;
}

/** A finished query. */
export interface QueryJob {
  readonly projectId: string;
  readonly jobId: string;
  readonly location?: string;
}

/** One page of a query's result. */
export interface ResultPage {
  readonly fields: readonly Field[];
  readonly rows: readonly RestRow[];
}

/** A table resource. */
export interface TableResource extends JsonObject {
  readonly location: string;
}

/** Calls BigQuery with one official client per project, as a client runs jobs in its own project. Honours BIGQUERY_EMULATOR_HOST. */
export class BigQueryProjects {
  private readonly clients = new Map<string, BigQuery>();
  private readonly locations = new Map<string, string>();

  /** The job; undefined when it does not exist. */
  async getJob(projectId: string, jobId: string, location?: string): Promise<JobResource | undefined> {
    const job = this.client(projectId).job(jobId, location ? { location } : {});
    return orAbsent(async () => (await job.getMetadata())[0]);
  }

  /** Submits a job, without waiting for its end. */
  async insertJob(
    projectId: string,
    jobId: string,
    location: string | undefined,
    configuration: JsonObject,
  ): Promise<JobResource> {
    const [, resource] = await this.client(projectId).createJob({
      jobId,
      location: location || undefined,
      configuration: structuredClone(configuration),
    });
    return resource as JobResource;
  }

  /** Requests the cancellation of a job. An ended job does not change. */
  async cancelJob(projectId: string, jobId: string, location?: string): Promise<void> {
    await orAbsent(() =>
      this.client(projectId)
        .job(jobId, location ? { location } : {})
        .cancel(),
    );
  }

  /** Jobs of a project, in any state. @param createdSinceMs Unix milliseconds */
  async listJobs(projectId: string, createdSinceMs: number): Promise<JobResource[]> {
    const [jobs] = await this.client(projectId).getJobs({
      minCreationTime: String(createdSinceMs),
      projection: 'full',
      maxResults: 1000,
    });
    return jobs.map((job) => job.metadata as JobResource);
  }

  /** Pending and running jobs of a project that our own account has submitted. */
  async listActiveJobs(projectId: string): Promise<JobResource[]> {
    const [jobs] = await this.client(projectId).getJobs({
      stateFilter: ['pending', 'running'],
      projection: 'full',
      maxResults: 1000,
    });
    return jobs.map((job) => job.metadata as JobResource);
  }

  /** The table; undefined when it does not exist. */
  async getTable(reference: TableReference): Promise<TableResource | undefined> {
    const tableId = reference.tableId.replace(/\$.*$/s, '');
    const table = this.client(reference.projectId).dataset(reference.datasetId).table(tableId);
    return orAbsent(async () => (await table.getMetadata())[0]);
  }

  /** Location of a dataset; undefined when the dataset does not exist. Locations are cached. */
  async locationOf({ projectId, datasetId }: DatasetReference): Promise<string | undefined> {
    const key = `${projectId}.${datasetId}`;
    const cached = this.locations.get(key);
    if (cached !== undefined) return cached;
    const dataset = this.client(projectId).dataset(datasetId);
    const location = await orAbsent(async () => (await dataset.getMetadata())[0].location);
    if (typeof location !== 'string') return undefined;
    this.locations.set(key, location);
    return location;
  }

  /** Creates the dataset unless it exists. */
  async createDataset(dataset: DatasetReference, location: string): Promise<void> {
    const { projectId, datasetId } = dataset;
    // Check every time: the dataset may have been deleted. Check before creating: the account may lack `datasets.create`.
    const existing = await orAbsent(() => this.client(projectId).dataset(datasetId).getMetadata());
    if (!existing) await unlessThere(() => this.client(projectId).createDataset(datasetId, { location }));
  }

  /** Creates the table unless it exists. */
  async createTable({ projectId, datasetId, tableId }: TableReference, resource: JsonObject): Promise<void> {
    await unlessThere(() => this.client(projectId).dataset(datasetId).createTable(tableId, structuredClone(resource)));
  }

  /** Changes some fields of a table resource. */
  async patchTable({ projectId, datasetId, tableId }: TableReference, change: JsonObject): Promise<void> {
    await this.client(projectId).dataset(datasetId).table(tableId).setMetadata(structuredClone(change));
  }

  /** Deletes the table, if it exists. */
  async deleteTable({ projectId, datasetId, tableId }: TableReference): Promise<void> {
    await orAbsent(() => this.client(projectId).dataset(datasetId).table(tableId).delete());
  }

  /**
   * A page of the result of a finished query. The order of the rows is the same at each call.
   *
   * @param from index of the first row
   * @param rows most rows of the page
   */
  async resultPage({ projectId, jobId, location }: QueryJob, from: number, rows: number): Promise<ResultPage> {
    const job = this.client(projectId).job(jobId, location ? { location } : {});
    const query = { autoPaginate: false, skipParsing: true, startIndex: String(from), maxResults: rows };
    const page: readonly unknown[] = await job.getQueryResults(query);
    const [, , answer] = page as [unknown, unknown, JsonObject & { readonly rows?: readonly RestRow[] }];
    return { fields: fieldsOf(answer), rows: answer.rows ?? [] };
  }

  /** Streams all rows or none. @returns the refused rows; empty on success */
  async insertRows(
    { projectId, datasetId, tableId }: TableReference,
    rows: readonly StreamedRow[],
  ): Promise<RefusedRow[]> {
    const table = this.client(projectId).dataset(datasetId).table(tableId);
    try {
      await table.insert(structuredClone(rows) as StreamedRow[], { raw: true, partialRetries: 0 });
      return [];
    } catch (error) {
      const refused = refusedRows(error);
      if (refused) return refused;
      throw error;
    }
  }

  private client(projectId: string): BigQuery {
    const cached = this.clients.get(projectId);
    if (cached) return cached;
    const emulated = process.env['BIGQUERY_EMULATOR_HOST'] !== undefined;
    const client = new BigQuery({
      projectId,
      autoRetry: false,
      ...(emulated ? { authClient: new PassThroughClient() } : {}),
    });
    this.clients.set(projectId, client);
    return client;
  }
}

/** Rows of a client's PartialFailureError; undefined for any other error. */
function refusedRows(error: unknown): RefusedRow[] | undefined {
  if (!(error instanceof Error) || error.name !== 'PartialFailureError') return undefined;
  const { errors = [] } = error as Error & {
    readonly errors?: readonly {
      readonly row?: { readonly insertId?: string };
      readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
    }[];
  };
  return errors.map(({ row, errors: [first] = [] }) => ({
    insertId: row?.insertId ?? '',
    reason: first?.reason ?? 'invalid',
    message: first?.message ?? '',
  }));
}

async function orAbsent<T>(get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}
