import { randomUUID } from 'node:crypto';
import type { JobConfiguration, JobReference, JobResource, JobStatistics } from '../resources';

/** E-mail of the service account that runs all jobs of a project. */
export function serviceAccount(projectId: string): string {
  return `local@${projectId}.iam.gserviceaccount.com`;
}

/** The resource of a new job, with the members that the service fills in at insertion. */
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
    sessionInfo: sessionId ? { sessionId } : undefined,
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

/** ID of the session that a query starts or belongs to. The emulator keeps nothing else of a session. */
function sessionOf({ query }: JobConfiguration): string | undefined {
  const given = query?.connectionProperties?.find(({ key }) => key === 'session_id')?.value;
  return given ?? (query?.createSession ? Buffer.from(randomUUID()).toString('base64url') : undefined);
}

/** The configuration with the service's defaults. */
function completed(configuration: JobConfiguration): JobConfiguration {
  const { query } = configuration;
  return query ? { ...configuration, query: { ...query, priority: query.priority ?? 'INTERACTIVE' } } : configuration;
}
