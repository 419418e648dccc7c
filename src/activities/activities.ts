import type { ActionStep, JobOutcome, LoadStep, Plan, SealedBatch } from '../plan/plan';
import type { Process } from '../windows/process';
import type { Stash } from '../workflows/contract';
import { deleteFiles } from './deleteFiles';
import type { Dependencies } from './dependencies';
import { planBatch } from './planBatch';
import { type Closing, close, type JournalWindow } from './processFiles';
import { runJob } from './runJob';
import { type SealInput, sealBatch } from './sealBatch';
import { type StashInput, stashFiles } from './stashFiles';
import { openWindow, type WindowMarks } from './windowFiles';

/** Activities of the workflows, by the names under which histories keep them. */
export function createActivities(deps: Dependencies) {
  return {
    openWindow: (marks: WindowMarks): Promise<void> => openWindow(marks, deps),
    stashFiles: (input: StashInput): Promise<Stash> => stashFiles(input, deps),
    sealBatch: (input: SealInput): Promise<SealedBatch | null> => sealBatch(input, deps),
    planLoad: (batch: SealedBatch, window?: JournalWindow): Promise<Plan> => planBatch(batch, window, deps),
    runJob: (step: LoadStep, process: Process): Promise<JobOutcome> => runJob(step, process, deps),
    deleteFiles: (step: ActionStep): Promise<{ readonly deleted: number }> => deleteFiles(step, deps),
    close: (closing: Closing): Promise<void> => close(closing, deps),
  };
}

/** What workflows may call. */
export type Activities = ReturnType<typeof createActivities>;
