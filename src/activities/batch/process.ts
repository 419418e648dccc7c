import type { Config } from '../../config/config';
import { groupFile } from '../../journal/names';
import type { EntryOwner } from '../../ledger/entry';
import { LOAD_STEP } from '../../plan/steps';
import { expandDestination, sourceDate, sourceHour } from '../../rules/destination';
import type { Rule } from '../../rules/types';
import { expandText } from '../../rules/variables';
import type { JoinedGroup } from '../../windows/group';
import type { Process } from '../../windows/process';

/** The facts that a process is made from. */
export interface ProcessFacts extends Pick<Process, 'dest' | 'startedMs' | 'projectId' | 'groupUrl'> {
  /** The event that names the process, and its file. */
  readonly owner: EntryOwner;
  /** URL of the rule file, and whether the rule is asynchronous. */
  readonly rule: Pick<Rule, 'url' | 'async'>;
  /** Values of the parameters of Dest.Pattern. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly stepCount?: number;
}

/** Makes a process. Its table may be named after the event or the group, unlike the window. */
export function processOf(config: Pick<Config, 'async'>, facts: ProcessFacts): Process {
  const { owner, rule, parameters, groupId, startedMs, projectId, groupUrl, stepCount = 0 } = facts;
  const { eventId, url, updatedMs } = owner;
  const params: Record<string, string> = {
    Date: sourceDate(updatedMs),
    Hour: sourceHour(updatedMs),
    ...parameters,
    EventID: eventId,
    ...(groupId === undefined ? {} : { GroupID: groupId }),
  };
  return {
    dest: expandText(facts.dest, params),
    eventId,
    startedMs,
    source: { url, updatedMs },
    ruleUrl: rule.url,
    async: config.async ?? rule.async,
    projectId,
    params,
    stepCount,
    groupUrl,
  };
}

/** Makes the process of a batch. @param facts `dest` is the table of the window or of the single file. */
export function processOfBatch(
  config: Config,
  rule: Rule,
  facts: Pick<ProcessFacts, 'dest' | 'owner' | 'startedMs' | 'projectId'> & { readonly group?: JoinedGroup },
): Process {
  const { group, ...others } = facts;
  return processOf(config, {
    ...others,
    rule,
    parameters: expandDestination(rule, facts.owner).parameters,
    groupId: group?.groupId,
    groupUrl: group && groupFile(config, group.id, config.async ?? rule.async),
    stepCount: LOAD_STEP,
  });
}
