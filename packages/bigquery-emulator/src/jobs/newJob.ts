import { randomUUID } from 'node:crypto';
import { BigQueryError } from '../errors';
import type { JobConfiguration, JobReference, JobResource, JobStatistics } from '../resources';

/** Who does everything here. */
export function serviceAccount(projectId: string): string {
  return `local@${projectId}.iam.gserviceaccount.com`;
}

/** A job resource as the service fills it in at the time of insertion. */
export function newJob(projectId: string, ref: Partial<JobReference>, configuration: JobConfiguration): JobResource {
  const reference = {
    projectId,
    jobId: ref.jobId || `job_${randomUUID().replaceAll('-', '')}`,
    location: ref.location || 'US',
  };
  const jobType = configuration.load
    ? 'LOAD'
    : configuration.copy
      ? 'COPY'
      : configuration.extract
        ? 'EXTRACT'
        : 'QUERY';
  const user = serviceAccount(projectId);
  const sessionId = sessionOf(configuration);
  const statistics: JobStatistics = {
    creationTime: Date.now().toString(),
    ...(sessionId ? { sessionInfo: { sessionId } } : {}),
  };
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${reference.location}.${reference.jobId}`,
    user_email: user,
    principal_subject: `serviceAccount:${user}`,
    jobReference: reference,
    configuration: { ...completed(configuration), jobType },
    statistics,
    status: { state: 'PENDING' },
    jobCreationReason: { code: 'REQUESTED' },
  };
}

/** The session that a query opens or belongs to; nothing but its ID is kept from query to query. */
function sessionOf({ query }: JobConfiguration): string | undefined {
  const given = query?.connectionProperties?.find(({ key }) => key === 'session_id')?.value;
  return given ?? (query?.createSession ? Buffer.from(randomUUID()).toString('base64url') : undefined);
}

/** What the service fills in at once. */
function completed(configuration: JobConfiguration): JobConfiguration {
  const { query } = configuration;
  return query ? { ...configuration, query: { ...query, priority: query.priority ?? 'INTERACTIVE' } } : configuration;
}

/** How a job ends that took longer than its `jobTimeoutMs`. */
export function timedOut(afterMs: number): BigQueryError {
  return new BigQueryError(
    499,
    'stopped',
    `Job execution was cancelled: Job timed out after ${Math.floor(afterMs / 1000)}s`,
  );
}

/** How a cancelled job ends. */
export function stopped(): BigQueryError {
  return new BigQueryError(499, 'stopped', 'Job execution was cancelled: User requested cancellation');
}
