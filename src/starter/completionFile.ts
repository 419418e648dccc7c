import type { ObjectStore } from '../objects/objectStore';
import { cleanPath } from '../rules/objectPath';
import { placementIfValid } from '../rules/placement';
import type { RuleSet } from '../rules/ruleSet';
import type { Rule } from '../rules/types';
import { eventIdOf } from '../windows/eventId';
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import { inWindow } from '../windows/window';
import type { CompleteFolder } from '../workflows/contract';
import { type WindowArrival, windowArrival } from './windowArrival';
import type { WorkflowStarter } from './workflowStarter';

/**
 * Seals batches when a completion file arrives: an object whose name a rule gives as Batch.Window.Until, such as `_SUCCESS`. It
 * means that its folder is complete, and with MultiPath also the folders below. The folder is listed, because events of its files
 * may still be on their way: files whose window is open at the time of the completion file are sent to it, and then the window
 * gets the signal that the folder is complete. Earlier windows are due anyway. A batch over several folders is sealed when each
 * of them is complete.
 *
 * @returns IDs of the windows that got the signal; none when the object is not a completion file of any rule.
 */
export async function closeOnCompletionFile(
  completionFile: Pick<FileVersion, 'url' | 'updatedMs'>,
  rules: RuleSet,
  objects: ObjectStore,
  workflows: WorkflowStarter,
): Promise<readonly string[]> {
  const signalled = new Set<string>();
  for (const rule of rules.closedBy(completionFile.url)) {
    const below = rule.batch?.multiPath ?? false;
    const { url, updatedMs } = completionFile;
    const folder: CompleteFolder = { folder: folderOf(url), below, updatedMs };
    const arrivals = await arrivalsOf(rule, folder, rules, objects);
    await Promise.all(arrivals.map((arrival) => workflows.sendToWindow(arrival)));
    const windowIds = new Set(arrivals.map(({ input }) => input.windowId));
    await Promise.all([...windowIds].map((id) => workflows.folderComplete(id, folder)));
    for (const id of windowIds) signalled.add(id);
  }
  return [...signalled];
}

/** The rule's files in a complete folder, for the windows that were open when it was completed. */
async function arrivalsOf(
  rule: Rule,
  { folder, below, updatedMs: completedMs }: CompleteFolder,
  rules: RuleSet,
  objects: ObjectStore,
): Promise<WindowArrival[]> {
  const files = await objects.list(folder, { recursive: below });
  return files.flatMap(({ url, generation, size, updatedMs }) => {
    const match = rules.match(cleanPath(url));
    if (match.status !== 'matched' || match.rules[0].id !== rule.id || updatedMs > completedMs) return [];
    const version = { url, generation, size, updatedMs };
    const window = placementIfValid(rule, version)?.window;
    if (!window || !inWindow(window, completedMs)) return [];
    return windowArrival(rule, { ...version, eventId: eventIdOf('', url, generation), ruleId: rule.id }, window);
  });
}
