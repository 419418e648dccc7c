import { newFailure } from '../../failures';
import { jobId } from '../../journal/jobId';
import { partitionCopies } from '../../plan/partitionCopies';
import { PlanError } from '../../plan/planError';
import { PARTITIONS_PER_PAGE } from '../../plan/replayed/partitionPages';
import { sameName } from '../../plan/schema';
import type { ActionCall } from '../../plan/stepContext';
import type { JobStep } from '../../plan/steps';
import { toFailure } from '../bigquery/bigQueryErrors';
import type { ResultPage } from '../bigquery/bigQueryProjects';
import type { Dependencies } from '../dependencies';

const SHOWN_STEPS = 99_998;

/**
 * One page of the copies of a copy with MultiPartition, from the result of the query that listed the partitions.
 *
 * @param from position of the page's first partition.
 * @throws ApplicationFailure `QueryInvalid`, not to be retried, when the result has no column `partition_id`.
 */
export async function planPartitions(
  deps: Dependencies,
  { step, process, context }: ActionCall,
  from: number,
): Promise<readonly JobStep[]> {
  const listing = { projectId: step.job?.projectId ?? process.projectId, jobId: context.jobId ?? '' };
  const { fields, rows } = await deps.bigQuery
    .resultPage({ ...listing, location: step.job?.location }, from, PARTITIONS_PER_PAGE)
    .catch((error: unknown): ResultPage => {
      throw toFailure(error, `partitions by job ${listing.jobId}`);
    });
  const column = fields.findIndex(({ name }) => sameName(name, 'partition_id'));
  if (column < 0) {
    const found = fields.map(({ name }) => name).join(', ');
    throw newFailure(
      'QueryInvalid',
      `PartitionSQL of step ${step.step}: found the columns ${found}; needed is partition_id`,
    );
  }
  const partitionIds = rows.map(({ f }) => String(f[column]?.v));
  try {
    return partitionCopies(process.ruleUrl, step, partitionIds, from, (number, action) => {
      const id = jobId({ ...process, step: number, action });
      // IDs show five digits of a step; another copy must not be taken for this one.
      return number <= SHOWN_STEPS ? id : `${id}--of${number}`;
    });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw newFailure(error.code, error.message);
  }
}
