import type { Config } from '../config/config';
import { isList, isObject } from '../json';
import type { Process } from '../windows/process';
import { processFields } from './processFile';

/** The step of a plan that a job file describes. */
export interface JobFileStep {
  readonly step: number;
  readonly action: string;
  readonly job: { readonly jobId: string; readonly projectId: string; readonly location?: string };
}

/**
 * Content of a job file, with the fields that viant/bqtail writes. `Meta` holds the process fields and the step.
 *
 * @param configuration the job's configuration in REST form, with the source URIs of a load.
 */
export function jobFileContent(
  config: Config,
  process: Process,
  { step, action, job }: JobFileStep,
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { jobId, projectId, location } = job;
  return {
    Action: action,
    Meta: {
      ...processFields(config, process),
      ProjectID: projectId,
      Region: location,
      StepCount: step,
      Action: action,
      Mode: process.async ? 'dispatch' : 'tail',
      Step: step,
    },
    Request: goKeys(configuration[action === 'export' ? 'extract' : action]),
    Job: { configuration, jobReference: { projectId, jobId, location } },
  };
}

/** REST keys as the Go structs of viant/bqtail spell them: `sourceUris` becomes `SourceUris`. */
function goKeys(value: unknown): unknown {
  if (isList(value)) return value.map(goKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toUpperCase() + key.slice(1), goKeys(item)]),
  );
}
