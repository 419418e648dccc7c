import { newFailure } from '../../failures';
import { type JobAction, jobId } from '../../journal/jobId';
import { partitionCopies } from '../../plan/partitionCopies';
import { PARTITIONS_PER_PAGE } from '../../plan/replayed/partitionPages';
import { sameName } from '../../plan/schema';
import type { ActionCall } from '../../plan/stepContext';
import type { JobStep } from '../../plan/steps';
import { toFailure } from '../bigquery/bigQueryErrors';
import type { ResultPage } from '../bigquery/bigQueryProjects';
import type { Dependencies } from '../dependencies';
import { planned } from './planFacts';

/** Largest step number that a job ID shows by itself: five digits, without those of the last step. */
const SHOWN_STEPS = 99_998;

/**
 * Plans one page of the copy jobs of a copy with MultiPartition, from the result of the query that lists the partitions.
 *
 * @param from index of the first partition of the page
 * @throws ApplicationFailure `QueryInvalid` when the result has no column `partition_id`
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
  const idOf = (number: number, action: JobAction) => {
    const id = jobId({ ...process, step: number, action });
    // IDs have five digits for the step, and each copy needs an ID of its own.
    return number <= SHOWN_STEPS ? id : `${id}--of${number}`;
  };
  return planned(() => partitionCopies(process.ruleUrl, step, partitionIds, from, idOf));
}
