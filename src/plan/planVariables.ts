import { sourceDate, sourceHour } from '../rules/destination';
import { loadVariables } from '../rules/loadVariables';
import type { Variables } from '../rules/variables';
import type { Process } from '../windows/process';
import type { JournalUrls } from './facts';

/** The facts that variables are made from. */
export interface VariableFacts {
  readonly process: Process;
  /** Destination table as the rule writes it, with all variables expanded. */
  readonly destTable: string;
  /** Temporary table in backticks; absent without Transient. */
  readonly tempTable?: string;
  readonly journal: JournalUrls;
  /** Location of the jobs; absent if unknown. */
  readonly location?: string;
  /** URL of the first file of the batch; absent for a group. */
  readonly firstUrl?: string;
}

/**
 * The variables that have a value when the plan is made. `$LoadURIs`, `$URLs` and the results of steps are not among them;
 * they stay in the plan until the step runs.
 */
export function planVariables(facts: VariableFacts): Variables {
  const { process, destTable, tempTable, journal, location = '', firstUrl } = facts;
  const { GroupID: groupId } = process.params;
  const {
    LoadURIs: _uris,
    URLs: _urls,
    ...variables
  } = loadVariables({
    eventId: process.eventId,
    destTable,
    tempTable,
    ruleUrl: process.ruleUrl,
    ...journal,
    groupId,
    projectId: process.projectId,
    region: location,
    async: process.async,
    source: { url: process.source.url, time: new Date(process.source.updatedMs).toISOString(), status: 'pending' },
    uris: firstUrl === undefined ? [] : [firstUrl],
    date: sourceDate(process.source.updatedMs),
    hour: sourceHour(process.source.updatedMs),
    parameters: process.params,
  });
  return variables;
}
