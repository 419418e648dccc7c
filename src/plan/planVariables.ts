import { sourceDate, sourceHour } from '../rules/destination';
import { loadVariables } from '../rules/loadVariables';
import type { Variables } from '../rules/variables';
import type { Process } from '../windows/process';
import type { JournalUrls } from './facts';

/** What variables are made of besides the process. */
export interface VariableFacts {
  readonly process: Process;
  /** The destination's text, expanded. */
  readonly destTable: string;
  readonly tempTable?: string;
  readonly journal: JournalUrls;
  /** Location of the jobs; absent when unknown. */
  readonly location?: string;
  /** The first file of the batch; absent for a group. */
  readonly firstUrl?: string;
}

/**
 * The variables that are known when the plan is made (spec 2, section 3.2). `$LoadURIs`, `$URLs` and what steps give are not
 * among them and stay as they are until the step runs.
 */
export function planVariables(facts: VariableFacts): Variables {
  const { process, destTable, tempTable, journal, location = '', firstUrl } = facts;
  const { GroupID: groupId } = process.params;
  const {
    LoadURIs: _uris,
    URLs: _urls,
    ...known
  } = loadVariables({
    eventId: process.eventId,
    destTable,
    ...(tempTable === undefined ? {} : { tempTable }),
    ruleUrl: process.ruleUrl,
    ...journal,
    ...(groupId === undefined ? {} : { groupId }),
    projectId: process.projectId,
    region: location,
    async: process.async,
    source: { url: process.source.url, time: new Date(process.source.updatedMs).toISOString(), status: 'pending' },
    uris: firstUrl === undefined ? [] : [firstUrl],
    date: sourceDate(process.source.updatedMs),
    hour: sourceHour(process.source.updatedMs),
    parameters: process.params,
  });
  return known;
}
