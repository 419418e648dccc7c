import type { JsonObject } from '../rules/types';
import type { BatchFiles } from './batch';
import type { JobOutcome } from './job';
import type { Plan } from './plan';

/** What a response tells of. */
export interface ResponseFacts {
  readonly plan: Pick<Plan, 'process' | 'load'>;
  readonly files: Pick<BatchFiles, 'count'>;
  /** The load; when a job failed, that one. */
  readonly job?: JobOutcome;
  readonly error?: { readonly message: string };
  /** How many files were set aside, by class. */
  readonly aside?: Readonly<Record<'corrupted' | 'invalidSchema' | 'missing', number>>;
}

/** The response of a process so far, by the original's field names (spec 1, section 5.9): `$Response`, and the `.rsp` file. */
export function responseOf({ plan, files, job, error, aside }: ResponseFacts): JsonObject {
  const [[first] = []] = plan.load;
  return {
    Status: error ? 'error' : 'ok',
    ...(error ? { Error: error.message } : {}),
    EventID: plan.process.eventId,
    DestTable: plan.process.dest,
    ...(first ? { JobRef: jobReference(first.job, job) } : {}),
    Files: files.count,
    ...(aside?.corrupted ? { CorruptedFiles: aside.corrupted } : {}),
    ...(aside?.invalidSchema ? { InvalidSchemaFiles: aside.invalidSchema } : {}),
    ...(aside?.missing ? { MissingFiles: aside.missing } : {}),
    ...(job ? { Rows: job.rows } : {}),
  };
}

function jobReference(
  { projectId, location, jobId }: { readonly projectId: string; readonly location?: string; readonly jobId: string },
  job: JobOutcome | undefined,
): JsonObject {
  return { projectId, ...(location === undefined ? {} : { location }), jobId: job?.jobId ?? jobId };
}
