import type { LedgerState } from '../journal/ledger';
import type { ActionCall, ActionResult, Circumstances } from '../plan/circumstances';
import type { BatchFiles, JobOutcome, SealedBatch } from '../plan/plan';
import type { FailurePlan } from '../plan/planOnFailure';
import type { JobStep, LoadStep, Plan, PrepareStep } from '../plan/steps';
import type { TableReference } from '../rules/tableReference';
import type { Process } from '../windows/process';
import type { BackfillReport, BackfillRequest, Stash } from '../workflows/contract';
import type { WindowGroupInput } from '../workflows/groupContract';
import { callEndpoint } from './callEndpoint';
import { type Closing, close } from './close';
import { deleteFiles } from './deleteFiles';
import type { Dependencies } from './dependencies';
import { dropTable } from './dropTable';
import type { FailedLoad, Recovery } from './failedLoad';
import { closeGroup, type GroupClosing, openGroup } from './groupFiles';
import { insertRows } from './insertRows';
import { type Joining, joinWindowGroup } from './joinGroup';
import { moveFiles } from './moveFiles';
import { notify } from './notify';
import { once } from './once';
import { planBatch, planTransfer } from './planBatch';
import { planFailure } from './planFailure';
import { type GroupPlanning, type PlannedGroup, planGroupActions } from './planGroupActions';
import { planPartitions } from './planPartitions';
import { prepareTables } from './prepareTables';
import { type ProbeResult, probeFiles } from './probeFiles';
import type { JournalWindow } from './processFiles';
import { pushMessage } from './pushMessage';
import { recoverLoad } from './recoverLoad';
import { type RemainingInput, remainingFiles } from './remainingFiles';
import { runJob } from './runJob';
import { type SealInput, sealBatch } from './sealBatch';
import { settleBatch } from './settleBatch';
import { type StashInput, stashFiles } from './stashFiles';
import { stopJob } from './stopJob';
import { tableExists } from './tableExists';
import { markFolders, type OpenedWindow, openWindow } from './windowFiles';
import type { WindowMarks } from './windowMarks';

/** Activities of the workflows, by the names under which histories keep them. */
export function createActivities(deps: Dependencies) {
  return {
    openWindow: (marks: WindowMarks): Promise<OpenedWindow | undefined> => openWindow(marks, deps),
    markFolders: (marks: WindowMarks, folders: readonly string[]): Promise<void> => markFolders(marks, folders, deps),
    joinGroup: (joining: Joining): Promise<string> => joinWindowGroup(joining, deps),
    openGroup: (input: WindowGroupInput): Promise<void> => openGroup(input, deps),
    planGroupActions: (planning: GroupPlanning): Promise<PlannedGroup> => planGroupActions(planning, deps),
    closeGroup: (closing: GroupClosing): Promise<void> => closeGroup(closing, deps),
    stashFiles: (input: StashInput): Promise<Stash> => stashFiles(input, deps),
    sealBatch: (input: SealInput): Promise<SealedBatch | null> => sealBatch(input, deps),
    planLoad: (batch: SealedBatch, window?: JournalWindow): Promise<Plan> => planBatch(batch, window, deps),
    planOnFailure: (batch: SealedBatch, windowId?: string): Promise<FailurePlan> => planFailure(batch, windowId, deps),
    prepareTables: (steps: readonly PrepareStep[]): Promise<void> => prepareTables(steps, deps),
    runJob: (step: LoadStep | JobStep, process: Process, circumstances?: Circumstances): Promise<JobOutcome> =>
      runJob(step, process, circumstances, deps),
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

/** Made where the bridge's parts are at hand: it sends files on the way of events. */
export interface BackfillActivities {
  backfill(request: BackfillRequest): Promise<BackfillReport>;
}

/** What workflows may call. */
export type Activities = ReturnType<typeof createActivities> & BackfillActivities;
