import { endedJobFile, errorFile, groupFile } from '../../journal/names';
import { changeFailure } from '../../passingFailure';
import type { GroupRun } from '../../windows/groupRun';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';

/** How a group ended. */
export interface GroupClosing {
  readonly input: GroupRun;
  /** IDs, as planned, of the jobs that ran to their end, whose files are in the trigger bucket. */
  readonly jobIds: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** Writes the `.grp` file. Its Count is that of the group's start. */
export async function openGroup(deps: Dependencies, input: GroupRun): Promise<void> {
  const { async } = await ruleFacts(deps, input.owner.ruleId);
  const url = groupFile(deps.config, input.group.id, async);
  await deps.objects.write(url, JSON.stringify({ URL: url, Data: Number(input.groupId), Count: 1 }));
}

/** Deletes the files of the group and of its jobs. Writes and logs the error of a failed group. */
export async function closeGroup(deps: Dependencies, { input, jobIds, error }: GroupClosing): Promise<void> {
  const { config, objects } = deps;
  const { dest, groupId, group, owner } = input;
  // The rule may have changed since, so delete the file from both places; a missing one counts as deleted.
  const files = [true, false].map((async) => groupFile(config, group.id, async));
  const urls = new Set([...files, ...jobIds.map((jobId) => endedJobFile(config, jobId))]);
  if (error) await objects.write(errorFile(config, { dest, eventId: groupId, startedMs: 0 }), error.message);
  const results = await objects.change([...urls].map((url) => ({ kind: 'delete', url })));
  const open = results.find((result) => result.error);
  if (open?.error) throw changeFailure(open.error, `closing ${group.id}`);
  deps.log(error ? `group ${group.id}: failed: ${error.message}` : `group ${group.id}: done`, {
    severity: error ? 'ERROR' : 'INFO',
    Status: error ? 'error' : 'ok',
    EventID: owner.eventId,
    DestTable: dest,
    GroupID: groupId,
    Error: error?.message,
  });
}
