import type { ObjectStore } from '../objects/objectStore';
import { cleanPath } from '../rules/objectPath';
import { placementIfValid } from '../rules/placement';
import type { RuleSet } from '../rules/ruleSet';
import type { Rule } from '../rules/types';
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import { inWindow } from '../windows/window';
import type { CompleteFolder } from '../workflows/contract';
import { eventIdOf } from './eventId';
import { type WindowArrival, windowArrival } from './windowArrival';
import type { WorkflowStarter } from './workflowStarter';

/** What a marker has closed. */
export interface MarkerEffect {
  readonly ruleIds: readonly string[];
  readonly windowIds: readonly string[];
}

/**
 * Closes batches by an object of the name that rules give as Batch.Window.Until. It says that its folder is complete, and with
 * MultiPath the folders below it too. So the folder is listed: its files of the window that is open at the object's time are
 * announced, whether their own notifications have come or not, and then the window is told. Windows before are due anyway.
 * A batch over several folders closes when each folder with files is complete.
 *
 * @returns the rules that know the name, and the windows told; none when the object closes nothing.
 */
export async function closeOnCompletionFile(
  marker: Pick<FileVersion, 'url' | 'updatedMs'>,
  rules: RuleSet,
  objects: ObjectStore,
  workflows: WorkflowStarter,
): Promise<MarkerEffect> {
  const candidates = rules.closedBy(marker.url);
  const told = new Set<string>();
  for (const rule of candidates) {
    const below = rule.batch?.multiPath ?? false;
    const folder: CompleteFolder = { folder: folderOf(marker.url), below, updatedMs: marker.updatedMs };
    const placed = await filesOf(rule, folder, rules, objects);
    await Promise.all(placed.map((arrival) => workflows.intoWindow(arrival)));
    const windows = new Set(placed.map(({ input }) => input.windowId));
    await Promise.all([...windows].map((id) => workflows.folderComplete(id, folder)));
    for (const id of windows) told.add(id);
  }
  return { ruleIds: candidates.map(({ id }) => id), windowIds: [...told] };
}

async function filesOf(
  rule: Rule,
  { folder, below, updatedMs }: CompleteFolder,
  rules: RuleSet,
  objects: ObjectStore,
): Promise<WindowArrival[]> {
  const files = await objects.list(folder, { recursive: below });
  const own = files.filter(({ url }) => {
    const match = rules.match(cleanPath(url));
    return match.status === 'matched' && match.rules[0].id === rule.id;
  });
  return own
    .filter((file) => file.updatedMs <= updatedMs)
    .flatMap(({ url, generation, size, updatedMs: time }) => {
      const version = { url, generation, size, updatedMs: time };
      const window = placementIfValid(rule, version)?.window;
      if (!window || !inWindow(window, updatedMs)) return [];
      return windowArrival(rule, { ...version, eventId: eventIdOf('', url, generation), ruleId: rule.id }, window);
    });
}
