import type { JsonValue } from '../json';
import { parseTableName, type TableReference, toReference } from '../rules/tableReference';
import { expandAtRun } from './expandAtRun';
import { wholeTable } from './facts';
import { copyConfiguration } from './jobConfigurations';
import { PlanError } from './planError';
import type { ActionStep, JobStep } from './steps';

/** Steps between the copies of two partitions (spec 2, section 1.8); the original adds them up (section 7, no. 7). */
const STRIDE = 100;

/** Copies that are planned together; a table may have thousands of partitions, a payload has its limits. */
export const PARTITIONS_A_PAGE = 100;

/**
 * The copy jobs of a step `copyPartitions`, one a partition; what follows the step runs when all of them are done.
 *
 * @param partitionIds rows of the step's own job, in its order.
 * @param from position of the first of them.
 * @param jobId names a copy by its step: `step`, `step + 100`, …
 * @throws PlanError when a name with the partition put in is no table name.
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
        ...(job?.location === undefined ? {} : { location: job.location }),
        configuration: { ...(labels === undefined ? {} : { labels }), ...configuration },
      },
      ...(Template === undefined
        ? {}
        : {
            prepare: [
              { kind: 'applyTemplate', table: wholeTable(destination), template: table(ruleId, 'Template', Template) },
            ],
          }),
      onSuccess: [],
      onFailure: [],
    };
  });
}

function table(ruleId: string, key: string, text: JsonValue | undefined): TableReference {
  const name = typeof text === 'string' ? parseTableName(text) : undefined;
  // The plan has put the project into each name.
  if (name) return toReference(name, '');
  throw new PlanError({
    ruleId,
    field: `Request.${key} of a copy with MultiPartition`,
    found: String(text),
    allowed: 'project:dataset.table',
  });
}
