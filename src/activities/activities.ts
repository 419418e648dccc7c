import type { LedgerState } from '../ledger/entry';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import type { GroupPlanning, PlannedGroup } from '../plan/planGroup';
import type { FailurePlan } from '../plan/planOnFailure';
import type { FailedLoad, ProbeResult, Recovery } from '../plan/recovery/failedLoad';
import type { SealInput } from '../plan/sealInput';
import type { ActionCall, ActionResult, StepContext } from '../plan/stepContext';
import type { JobStep, LoadStep, PrepareStep } from '../plan/steps';
import type { TableReference } from '../rules/tableReference';
import type { GroupRun } from '../windows/group';
import type { Process } from '../windows/process';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { WindowIdentity } from '../windows/windowIdentity';
import { planBatch, planTransfer } from './batch/planBatch';
import { planFailure } from './batch/planFailure';
import { planGroupActions } from './batch/planGroupActions';
import { planPartitions } from './batch/planPartitions';
import { recoverLoad } from './batch/recoverLoad';
import { type RemainingInput, remainingFiles } from './batch/remainingFiles';
import { sealBatch } from './batch/sealBatch';
import { settleBatch } from './batch/settleBatch';
import { dropTable } from './bigquery/dropTable';
import { insertRows } from './bigquery/insertRows';
import { prepareTables } from './bigquery/prepareTables';
import { probeFiles } from './bigquery/probeFiles';
import { runJob } from './bigquery/runJob';
import { stopJob } from './bigquery/stopJob';
import { tableExists } from './bigquery/tableExists';
import type { Dependencies } from './dependencies';
import { callEndpoint } from './outbound/callEndpoint';
import { notify } from './outbound/notify';
import { pushMessage } from './outbound/pushMessage';
import { type Closing, close } from './storage/close';
import { deleteFiles } from './storage/deleteFiles';
import { closeGroup, type GroupClosing, openGroup } from './storage/groupFiles';
import { moveFiles } from './storage/moveFiles';
import { once } from './storage/once';
import type { JournalWindow } from './storage/processFiles';
import { type SpillInput, spillFiles } from './storage/spillFiles';
import { markFolders, type OpenedWindow, openWindow } from './storage/windowFiles';
import { type Joining, joinWindowGroup } from './temporal/joinGroup';

/** Activities of the workflows, by the names under which histories keep them. */
export function createActivities(deps: Dependencies) {
  return {
    openWindow: (window: WindowIdentity): Promise<OpenedWindow | undefined> => openWindow(window, deps),
    markFolders: (window: WindowIdentity, folders: readonly string[]): Promise<void> =>
      markFolders(window, folders, deps),
    joinGroup: (joining: Joining): Promise<string> => joinWindowGroup(joining, deps),
    openGroup: (input: GroupRun): Promise<void> => openGroup(input, deps),
    planGroupActions: (planning: GroupPlanning): Promise<PlannedGroup> => planGroupActions(planning, deps),
    closeGroup: (closing: GroupClosing): Promise<void> => closeGroup(closing, deps),
    spillFiles: (input: SpillInput): Promise<SpilledFiles> => spillFiles(input, deps),
    sealBatch: (input: SealInput): Promise<SealedBatch | null> => sealBatch(input, deps),
    planLoad: (batch: SealedBatch, window?: JournalWindow): Promise<Plan> => planBatch(batch, window, deps),
    planOnFailure: (batch: SealedBatch, windowId?: string): Promise<FailurePlan> => planFailure(batch, windowId, deps),
    prepareTables: (steps: readonly PrepareStep[]): Promise<void> => prepareTables(steps, deps),
    runJob: (step: LoadStep | JobStep, process: Process, context?: StepContext): Promise<JobOutcome> =>
      runJob(step, process, context, deps),
    recoverLoad: (failed: FailedLoad): Promise<Recovery> => recoverLoad(failed, deps),
    probeFiles: (failed: FailedLoad): Promise<ProbeResult> => probeFiles(failed, deps),
    remainingFiles: (input: RemainingInput): Promise<BatchFiles> => remainingFiles(input, deps),
    stopJob: (step: LoadStep | JobStep, process: Process): Promise<void> => stopJob(step, process, deps),
    planTransfer: (batch: SealedBatch, loaded: TableReference, windowId?: string): Promise<readonly JobStep[]> =>
      planTransfer(batch, loaded, windowId, deps),
    settleBatch: (batch: SealedBatch, state: LedgerState, jobIds: readonly string[], rows: number): Promise<void> =>
      settleBatch(batch, state, jobIds, rows, deps),
    tableExists: (table: TableReference): Promise<boolean> => tableExists(table, deps),
    deleteFiles: (call: ActionCall): Promise<ActionResult> => deleteFiles(call, deps),
    moveFiles: (call: ActionCall): Promise<ActionResult> => moveFiles(call, deps),
    insertRows: (call: ActionCall): Promise<ActionResult> => once(insertRows)(call, deps),
    planPartitions: (call: ActionCall, from: number): Promise<readonly JobStep[]> => planPartitions(call, from, deps),
    dropTable: (call: ActionCall): Promise<ActionResult> => dropTable(call, deps),
    callEndpoint: (call: ActionCall): Promise<ActionResult> => once(callEndpoint)(call, deps),
    notify: (call: ActionCall): Promise<ActionResult> => once(notify)(call, deps),
    pushMessage: (call: ActionCall): Promise<ActionResult> => once(pushMessage)(call, deps),
    close: (closing: Closing): Promise<void> => close(closing, deps),
  };
}

/** What workflows may call. */
export type Activities = ReturnType<typeof createActivities>;
