import type { WindowTimes } from '../journal/processFile';
import type { ActionStep, JobOutcome, LoadStep, Plan, SealedBatch } from '../plan/plan';
import type { Process } from '../windows/process';
import { deleteFiles } from './deleteFiles';
import type { Dependencies } from './dependencies';
import { planBatch } from './planBatch';
import { type Closing, close, writeProcessFile } from './processFiles';
import { runJob } from './runJob';
import { type SealInput, sealBatch } from './sealBatch';
import { markDue, openWindow, type WindowMarks } from './windowFiles';

/** Activities of the workflows, by the names under which histories keep them. */
export function createActivities(deps: Dependencies) {
  return {
    openWindow: (marks: WindowMarks): Promise<void> => openWindow(marks, deps),
    markDue: (marks: WindowMarks): Promise<void> => markDue(marks, deps),
    sealBatch: (input: SealInput): Promise<SealedBatch | null> => sealBatch(input, deps),
    planLoad: (batch: SealedBatch): Promise<Plan> => planBatch(batch, deps),
    writeProcessFile: (plan: Plan, window?: WindowTimes & { readonly id: string }): Promise<void> =>
      writeProcessFile(plan, window, deps),
    runJob: (step: LoadStep, process: Process): Promise<JobOutcome> => runJob(step, process, deps),
    deleteFiles: (step: ActionStep): Promise<{ readonly deleted: number }> => deleteFiles(step, deps),
    close: (closing: Closing): Promise<void> => close(closing, deps),
  };
}

/** What workflows may call. */
export type Activities = ReturnType<typeof createActivities>;
