import type { JsonObject } from '../json';

/** A BigQuery job in a plan. The source URIs of a load are not in it; they come from the files of its step. */
export interface PlannedJob {
  readonly jobId: string;
  readonly projectId: string;
  readonly location?: string;
  readonly configuration: JsonObject;
}

/** The result of an ended job. */
export interface JobOutcome {
  readonly jobId: string;
  /** Rows written. */
  readonly rows: number;
  /** The job resource, shortened by `jobSummary`. */
  readonly resource?: JsonObject;
  readonly error?: { readonly message: string; readonly reason: string; readonly errors: readonly JobError[] };
}

/** One entry of `status.errors`. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}
