import { jobId } from '../../journal/jobId';
import { doneProcessFile, groupFile, runningProcessFile } from '../../journal/names';
import { datasetKey } from '../../plan/facts';
import { type GroupPlanning, type PlannedGroup, planGroup } from '../../plan/planGroup';
import { datasetsOf } from '../../plan/requirements';
import { chooseProject } from '../bigquery/chooseProject';
import type { Dependencies } from '../dependencies';
import { keyed, locationOf } from './planBatch';
import { planned } from './planFacts';
import { processOf } from './process';
import { ruleOf } from './ruleOf';

/**
 * Plans Batch.Group.OnDone of the current rule. Job IDs contain `$GroupID`, so that each run of a group has its own jobs.
 *
 * @throws ApplicationFailure `RuleInvalid` or `RuleMissing`
 */
export async function planGroupActions(deps: Dependencies, planning: GroupPlanning): Promise<PlannedGroup> {
  const { input, steps, startedMs } = planning;
  const { config } = deps;
  const rule = await ruleOf(deps, planning.ruleId);
  const { owner, groupId } = input;
  const { projectId, performance } = await chooseProject(deps, rule);
  const groupUrl = groupFile(config, input.group.id, config.async ?? rule.async);
  const process = processOf(config, { dest: input.dest, owner, startedMs, rule, projectId, groupId, groupUrl });
  const datasets = datasetsOf(rule.batch?.group?.onDone ?? [], process.params, config.projectId);
  const locations = await keyed(datasets, datasetKey, (dataset) => locationOf(deps, dataset));
  const plan = await planned(() =>
    planGroup({
      rule,
      process,
      steps,
      defaultProject: config.projectId,
      tables: {},
      locations,
      jobId: (step, action) => jobId({ ...process, eventId: groupId, step, action }),
      journal: {
        processUrl: runningProcessFile(config, process),
        doneProcessUrl: doneProcessFile(config, process),
        failedUrl: config.failedLoadProcessUrl,
        groupUrl,
      },
      windowId: input.group.id,
    }),
  );
  return { ...plan, process, performance };
}
