import { definedFields, type JsonObject } from '../../json';
import type { BatchFiles } from '../batch';
import type { JobOutcome, PlannedJob } from '../job';
import type { Plan } from '../plan';
import type { RejectedCounts } from '../recovery/rejected';

// Replayed by workflows: see README.md of this folder before a change.

/** The facts that a response is made from. */
export interface ResponseFacts {
  readonly plan: Pick<Plan, 'process' | 'load'>;
  readonly files: Pick<BatchFiles, 'count'>;
  /** The failed job, or else the load job. */
  readonly job?: JobOutcome;
  readonly error?: { readonly message: string };
  /** How many files were quarantined, by class. */
  readonly rejected?: RejectedCounts;
}

/** The response of a process at this point, with the field names of viant/bqtail: `$Response`, and the `.rsp` file. */
export function responseOf({ plan, files, job, error, rejected }: ResponseFacts): JsonObject {
  const [[first] = []] = plan.load;
  return definedFields({
    Status: error ? 'error' : 'ok',
    Error: error?.message,
    EventID: plan.process.eventId,
    DestTable: plan.process.dest,
    JobRef: first && jobReference(first.job, job),
    Files: files.count,
    CorruptedFiles: rejected?.corrupted || undefined,
    InvalidSchemaFiles: rejected?.invalidSchema || undefined,
    MissingFiles: rejected?.missing || undefined,
    Rows: job?.rows,
  });
}

function jobReference({ projectId, location, jobId }: PlannedJob, job: JobOutcome | undefined): JsonObject {
  return definedFields({ projectId, location, jobId: job?.jobId ?? jobId });
}
