import { setHandler } from '@temporalio/workflow';
import * as contract from './contract';
import { RunContext } from './runContext';
import { WindowLifecycle } from './windowLifecycle';
import { WindowState } from './windowState';

/**
 * The life of one batch window of one destination table. It gathers files until due, loads the files of each rule as a batch,
 * loads files that come meanwhile in the same way, and ends when no file waits. A batch that is full or complete is loaded
 * before due; later files wait for the next batch.
 */
export async function batchWindow(input: contract.BatchWindowInput): Promise<contract.LoadResult> {
  const state = new WindowState(input);
  const context = new RunContext(state);
  const window = new WindowLifecycle(state, context);

  // Message API. Handlers only change the state; the conditions of the lifecycle notice the change.

  setHandler(contract.filesArrived, (events) => {
    // An operator may send this signal without arguments; ignore that.
    if (Array.isArray(events)) state.gathering.add(events);
    context.show();
  });
  setHandler(contract.folderComplete, (folder) => state.gathering.addComplete(folder));
  const flush = () => {
    state.requests.flushed = true;
  };
  setHandler(contract.flush, flush, { description: 'Load the gathered files now, without waiting for due' });
  context.handleOperatorMessages();

  // Lifecycle.

  return window.run(async () => {
    const owner = await window.waitForFiles();
    do {
      await window.open(owner);
      await window.gatherUntilDue();
      await window.loadBatches();
    } while (state.hasFiles && !state.isAbandoned);
    return window.finish();
  });
}
