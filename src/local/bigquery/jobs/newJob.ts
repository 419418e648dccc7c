import { randomUUID } from 'node:crypto';
import { BigQueryError } from '../errors';
import type { JobConfiguration, JobReference, JobResource, JobStatistics } from '../resources';

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
  const user = `local@${projectId}.iam.gserviceaccount.com`;
  const statistics: JobStatistics = { creationTime: Date.now().toString() };
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${reference.location}.${reference.jobId}`,
    user_email: user,
    principal_subject: `serviceAccount:${user}`,
    jobReference: reference,
    configuration: { ...configuration, jobType },
    statistics,
    status: { state: 'PENDING' },
    jobCreationReason: { code: 'REQUESTED' },
  };
}

/** How a cancelled job ends. */
export function stopped(): BigQueryError {
  return new BigQueryError(499, 'stopped', 'Job execution was cancelled: User requested cancellation');
}
