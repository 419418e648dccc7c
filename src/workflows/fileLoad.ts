import { CancellationScope } from '@temporalio/workflow';
import { quick, withSummary } from './activityCalls';
import { BatchProcess } from './batchProcess';
import type * as contract from './contract';
import { Display } from './display';
import { answerOperators } from './operatorMessages';
import { OutageRetry } from './outageRetry';
import { overview, resultOf } from './outcome';

/** The load of a single file, for rules without Batch. */
export async function fileLoad(input: contract.FileLoadInput): Promise<contract.LoadResult> {
  const { dest, file } = input;
  const status = (): contract.WindowStatus => ({
    ...overview([process.status()]),
    ...(patience.parkedBy === undefined ? {} : { stage: 'parked', lastError: patience.parkedBy }),
    dest,
    announced: 1,
  });
  const display = new Display(status);
  const show = () => display.update();
  const patience = new OutageRetry(show);
  const process = new BatchProcess(
    { dest, ruleId: file.ruleId, owner: file, files: [file], spilled: [] },
    show,
    patience,
  );
  answerOperators(patience, status, (page) => (page === 0 ? [file] : []));
  const outcome = await process.run();
  await CancellationScope.nonCancellable(() =>
    patience.retryUntilUp(() => quick.close.executeWithOptions(withSummary('journal'), [{ ended: [outcome] }])),
  );
  process.closed();
  return resultOf(dest, [outcome]);
}
