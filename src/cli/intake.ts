import { Storage } from '@google-cloud/storage';
import type { Client } from '@temporalio/client';
import { Backfill } from '../backfill/backfill';
import { cleanUpDeadRuns } from '../backfill/cleanUpDeadRuns';
import { FileResubmitter, type Resubmission } from '../backfill/fileResubmitter';
import { runningSingleLoads, runningWorkflows } from '../backfill/liveness';
import { Replay } from '../backfill/replay';
import type { Config } from '../config/config';
import { CloudStorage } from '../objects/cloudStorage';
import type { RuleStore } from '../rules/ruleStore';
import { LoadResults } from '../starter/loadResults';
import { Starter } from '../starter/starter';
import { WorkflowStarter } from '../starter/workflowStarter';
import { type BackfillReport, type BackfillRequest, flush } from '../workflows/contract';

/** Runs a backfill, then removes what dead runs left. */
export type RunBackfill = (
  request: BackfillRequest,
  onPage?: (files: readonly Resubmission[]) => void,
) => Promise<BackfillReport & { readonly swept: number }>;

/** Wires the intake of the bridge: events, process files and windows dropped into the trigger bucket, and backfills. */
export function makeIntake(
  config: Config,
  rules: RuleStore,
  client: Client,
  workflows = new WorkflowStarter(client, config.taskQueue),
): { readonly starter: Starter; readonly backfill: RunBackfill; readonly close: () => void } {
  const objects = new CloudStorage(new Storage({ projectId: config.projectId }));
  const isRunning = runningWorkflows(client);
  const flushNow = (workflowId: string) => client.workflow.getHandle(workflowId).signal(flush);
  const makeResubmitter = () =>
    new FileResubmitter(config, objects, isRunning, (rule, file) => starter.send(rule, file));
  const replay = new Replay(config, rules, objects, isRunning, flushNow, makeResubmitter);
  const loadResults = new LoadResults(client, config.bridge.answerWithinSec * 1000);
  const starter = new Starter(config, rules, workflows, objects, loadResults, replay);
  const found = new Backfill(config, rules, objects, makeResubmitter);
  return {
    starter,
    close: () => loadResults.close(),
    async backfill(request, onPage) {
      const report = await found.run(request, onPage);
      const swept = request.dryRun ? 0 : await cleanUpDeadRuns(config, objects, isRunning, runningSingleLoads(client));
      return { ...report, swept };
    },
  };
}
