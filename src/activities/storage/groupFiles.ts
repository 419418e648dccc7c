import { newFailure } from '../../failures';
import { endedJobFile, errorFile, groupFile } from '../../journal/names';
import type { GroupRun } from '../../windows/group';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';

/** How a group ended. */
export interface GroupClosing {
  readonly input: GroupRun;
  /** IDs, as planned, of the jobs that ran to their end, whose files lie in the trigger bucket. */
  readonly jobIds: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** Writes the `.grp` file (spec 1, section 5.7); its Count is that of the group's start. */
export async function openGroup(input: GroupRun, deps: Dependencies): Promise<void> {
  const { async } = await ruleFacts(deps, input.owner.ruleId);
  const url = groupFile(deps.config, input.group.id, async);
  await deps.objects.write(url, JSON.stringify({ URL: url, Data: Number(input.groupId), Count: 1 }));
}

/** The files of the group and of its jobs go; what went wrong is written to the error folder and told. */
export async function closeGroup({ input, jobIds, error }: GroupClosing, deps: Dependencies): Promise<void> {
  const { config, objects } = deps;
  const { dest, groupId, group, owner } = input;
  // The rule may be gone or changed since; a file that is not there does no harm.
  const files = [true, false].map((async) => groupFile(config, group.id, async));
  const urls = new Set([...files, ...jobIds.map((jobId) => endedJobFile(config, jobId))]);
  if (error) await objects.write(errorFile(config, { dest, eventId: groupId, startedMs: 0 }), error.message);
  const results = await objects.change([...urls].map((url) => ({ kind: 'delete', url })));
  const open = results.find((result) => result.error);
  if (open?.error) throw newFailure('Unavailable', `closing ${group.id}: ${open.error.message}`);
  deps.log(error ? `group ${group.id}: failed: ${error.message}` : `group ${group.id}: done`, {
    severity: error ? 'ERROR' : 'INFO',
    Status: error ? 'error' : 'ok',
    EventID: owner.eventId,
    DestTable: dest,
    GroupID: groupId,
    ...(error ? { Error: error.message } : {}),
  });
}
