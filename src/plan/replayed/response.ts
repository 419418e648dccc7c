import type { JsonObject } from '../../json';
import type { BatchFiles } from '../batch';
import type { JobOutcome, PlannedJob } from '../job';
import type { Plan } from '../plan';
import type { RejectedCounts } from '../recovery/rejected';

// Replayed by workflows: see README.md of this folder before a change.

/** What a response is made from. */
export interface ResponseFacts {
  readonly plan: Pick<Plan, 'process' | 'load'>;
  readonly files: Pick<BatchFiles, 'count'>;
  /** The load; when a job failed, that one. */
  readonly job?: JobOutcome;
  readonly error?: { readonly message: string };
  /** How many files were quarantined, by class. */
  readonly rejected?: RejectedCounts;
}

/** The response of a process so far, with the field names of viant/bqtail: `$Response`, and the `.rsp` file. */
export function responseOf({ plan, files, job, error, rejected }: ResponseFacts): JsonObject {
  const [[first] = []] = plan.load;
  return {
    Status: error ? 'error' : 'ok',
    ...(error ? { Error: error.message } : {}),
    EventID: plan.process.eventId,
    DestTable: plan.process.dest,
    ...(first ? { JobRef: jobReference(first.job, job) } : {}),
    Files: files.count,
    ...(rejected?.corrupted ? { CorruptedFiles: rejected.corrupted } : {}),
    ...(rejected?.invalidSchema ? { InvalidSchemaFiles: rejected.invalidSchema } : {}),
    ...(rejected?.missing ? { MissingFiles: rejected.missing } : {}),
    ...(job ? { Rows: job.rows } : {}),
  };
}

function jobReference({ projectId, location, jobId }: PlannedJob, job: JobOutcome | undefined): JsonObject {
  return { projectId, ...(location === undefined ? {} : { location }), jobId: job?.jobId ?? jobId };
}
