import type { JsonValue } from '../json';
import { parseTableName, type TableReference, toReference } from '../rules/tableReference';
import { expandAtRun } from './expandAtRun';
import { wholeTable } from './facts';
import { copyConfiguration } from './jobConfigurations';
import { PlanError } from './planError';
import type { ActionStep, JobStep } from './steps';

/** Difference between the step numbers of two copies: the copies of step 2 are steps 2, 102, 202. */
const STRIDE = 100;

/**
 * The copy jobs of a `copyPartitions` step, one per partition. The next steps run once all copies are done.
 *
 * @param partitionIds rows of the step's own job, in its order.
 * @param from index of the first of these partitions among all rows.
 * @param jobId makes the job ID of a copy from its step number.
 * @throws PlanError if an expanded name is not a table name.
 */
export function partitionCopies(
  ruleId: string,
  step: ActionStep,
  partitionIds: readonly string[],
  from: number,
  jobId: (step: number, action: 'copy') => string,
): readonly JobStep[] {
  const { job } = step;
  return partitionIds.map((partitionId, at): JobStep => {
    const { Source, Dest, Append, Template } = expandAtRun(step.request, { partitionId });
    const destination = table(ruleId, 'Dest', Dest);
    const number = step.step + (from + at) * STRIDE;
    const configuration = copyConfiguration(
      table(ruleId, 'Source', Source),
      destination,
      Append === true ? 'WRITE_APPEND' : 'WRITE_TRUNCATE',
    );
    const labels = job?.configuration.labels;
    return {
      kind: 'job',
      step: number,
      action: 'copy',
      job: {
        jobId: jobId(number, 'copy'),
        projectId: job?.projectId ?? destination.projectId,
        location: job?.location,
        configuration: { ...(labels && { labels }), ...configuration },
      },
      prepare:
        Template === undefined
          ? undefined
          : [{ kind: 'applyTemplate', table: wholeTable(destination), template: table(ruleId, 'Template', Template) }],
      onSuccess: [],
      onFailure: [],
    };
  });
}

function table(ruleId: string, key: string, text: JsonValue | undefined): TableReference {
  const name = typeof text === 'string' ? parseTableName(text) : undefined;
  // Each name already contains its project: see partitionsAction.
  if (name) return toReference(name, '');
  throw new PlanError({
    ruleId,
    field: `Request.${key} of a copy with MultiPartition`,
    found: String(text),
    allowed: 'project:dataset.table',
  });
}
