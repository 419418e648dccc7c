import type { JsonObject } from '../json';

/** A BigQuery job as the plan records it; the source URIs of a load are those of its batch. */
export interface PlannedJob {
  readonly jobId: string;
  readonly projectId: string;
  readonly location?: string;
  readonly configuration: JsonObject;
}

/** How a job ended. */
export interface JobOutcome {
  readonly jobId: string;
  /** Rows written. */
  readonly rows: number;
  /** See `jobSummary`. */
  readonly resource?: JsonObject;
  readonly error?: { readonly message: string; readonly reason: string; readonly errors: readonly JobError[] };
}

/** One entry of a job's list of errors. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}
