import { CancellationScope } from '@temporalio/workflow';
import { quick, saying } from './activityCalls';
import type * as contract from './contract';
import { Display } from './display';
import { answerOperators } from './operators';
import { overview, resultOf } from './outcome';
import { Patience } from './patience';
import { LoadProcess } from './process';

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
  const patience = new Patience(show);
  const process = new LoadProcess(
    { dest, ruleId: file.ruleId, owner: file, files: [file], stashes: [] },
    show,
    patience,
  );
  answerOperators(patience, status, (page) => (page === 0 ? [file] : []));
  const outcome = await process.run();
  await CancellationScope.nonCancellable(() =>
    patience.outlast(() => quick.close.executeWithOptions(saying('journal'), [{ ended: [outcome] }])),
  );
  process.closed();
  return resultOf(dest, [outcome]);
}
