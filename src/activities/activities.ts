import { Context } from '@temporalio/activity';
import { planBatch, planTransfer } from './batch/planBatch';
import { planFailure } from './batch/planFailure';
import { planGroupActions } from './batch/planGroupActions';
import { planPartitions } from './batch/planPartitions';
import { recoverLoad } from './batch/recoverLoad';
import { remainingFiles } from './batch/remainingFiles';
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
import { close } from './journal/close';
import { closeGroup, openGroup } from './journal/groupFiles';
import { openWindow, writeFolderFiles } from './journal/windowFiles';
import { once } from './once';
import { callEndpoint } from './outbound/callEndpoint';
import { notify } from './outbound/notify';
import { pushMessage } from './outbound/pushMessage';
import { withParking } from './parking';
import { deleteFiles } from './storage/deleteFiles';
import { moveFiles } from './storage/moveFiles';
import { spillFiles } from './storage/spillFiles';
import { joinWindowGroup } from './temporal/joinGroup';

/** Activities of the workflows. Histories refer to them by these names. */
export function createActivities(deps: Dependencies) {
  const bound =
    <Args extends unknown[], Result>(activity: (deps: Dependencies, ...args: Args) => Result) =>
    (...args: Args): Promise<Awaited<Result>> =>
      withParking(() => activity(deps, ...args), deps.config.permissionWaitInSec, Context.current().info.attempt);
  return {
    openWindow: bound(openWindow),
    writeFolderFiles: bound(writeFolderFiles),
    spillFiles: bound(spillFiles),
    sealBatch: bound(sealBatch),
    planLoad: bound(planBatch),
    planOnFailure: bound(planFailure),
    prepareTables: bound(prepareTables),
    runJob: bound(runJob),
    stopJob: bound(stopJob),
    recoverLoad: bound(recoverLoad),
    probeFiles: bound(probeFiles),
    remainingFiles: bound(remainingFiles),
    planTransfer: bound(planTransfer),
    settleBatch: bound(settleBatch),
    close: bound(close),

    joinGroup: bound(joinWindowGroup),
    openGroup: bound(openGroup),
    planGroupActions: bound(planGroupActions),
    closeGroup: bound(closeGroup),

    tableExists: bound(tableExists),
    deleteFiles: bound(deleteFiles),
    moveFiles: bound(moveFiles),
    dropTable: bound(dropTable),
    planPartitions: bound(planPartitions),
    insertRows: bound(once(insertRows)),
    callEndpoint: bound(once(callEndpoint)),
    notify: bound(once(notify)),
    pushMessage: bound(once(pushMessage)),
  };
}

/** The activities as workflows call them. */
export type Activities = ReturnType<typeof createActivities>;
