import { CancellationScope } from '@temporalio/workflow';
import { shortActivities, withSummary } from './activityCalls';
import { BatchLoad } from './batchLoad';
import type { FileLoadInput, LoadResult } from './contract';
import { OperatorRequests } from './operatorRequests';
import { overview, resultOf } from './outcome';
import { ProcessState } from './processState';
import { RunContext } from './runContext';

/** The load of a single file, for rules without Batch. */
export async function fileLoad({ dest, file }: FileLoadInput): Promise<LoadResult> {
  const { ruleId, eventId } = file;
  const process = new ProcessState({ ruleId, eventId }, 'sealing', 1);
  const context = new RunContext({
    requests: new OperatorRequests(),
    status: () => ({ ...overview([process.status()]), dest, announced: 1 }),
    page: (number) => (number === 0 ? [file] : []),
  });
  const load = new BatchLoad({ dest, ruleId, owner: file, files: [file], spilled: [] }, process, context);
  context.handleOperatorMessages();

  const outcome = await load.run();
  const close = () => shortActivities.close.executeWithOptions(withSummary('journal'), [{ ended: [outcome] }]);
  await CancellationScope.nonCancellable(() => context.retry.retryUntilUp(close));
  if (process.stage === 'closing') process.enter('done');
  context.show();
  return resultOf(dest, [outcome]);
}
