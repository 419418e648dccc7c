import { dueFile, locationFile, WRITTEN_BY_BQTAIL, windowFile } from '../../journal/names';
import { processFields, windowFields } from '../../journal/processFile';
import { ObjectExistsError } from '../../objects/objectStore';
import type { WindowIdentity } from '../../windows/windowIdentity';
import { processOf } from '../batch/process';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';
import { startUnderRollOver } from './rollOver';

/** A window that has taken over the one before it. */
export interface OpenedWindow {
  /** Unix seconds. */
  readonly start: number;
}

/**
 * Writes the `.win` file, unless an earlier attempt has written it. A window gathers files even while its rule does not exist: the
 * rule may be back when the window is due.
 *
 * @returns the start of the window when it has taken over the window before it.
 */
export async function openWindow(deps: Dependencies, window: WindowIdentity): Promise<OpenedWindow | undefined> {
  const start = (await startUnderRollOver(deps, window)) ?? window.start;
  const { url, content } = await describeWindow(deps, { ...window, start });
  await writeOnce(deps, url, content);
  return start === undefined ? undefined : { start };
}

/** Writes one `.loc` file per folder of a window that covers several folders. */
export async function writeFolderFiles(
  deps: Dependencies,
  window: WindowIdentity,
  folders: readonly string[],
): Promise<void> {
  const { url } = await describeWindow(deps, window);
  await Promise.all(folders.map((folder) => writeOnce(deps, locationFile(url, folder), folder)));
}

/** URLs of the `.loc` files of a window. */
export async function locationFiles(deps: Dependencies, window: WindowIdentity): Promise<string[]> {
  const folders = windowUrls(deps, window).map((url) => url.slice(0, -'.win'.length));
  const listed = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  return listed.flat().map(({ url }) => url);
}

/** Writes the file in the trigger bucket that says that the window is due, with the content of the `.win` file. */
export async function markDue(deps: Dependencies, window: WindowIdentity): Promise<void> {
  const { content } = await describeWindow(deps, window);
  await deps.objects.write(dueFile(deps.config, window.id), content, {
    metadata: { [WRITTEN_BY_BQTAIL]: 'due' },
  });
}

/** URLs of the files of a window, which are deleted when it closes. */
export function filesOfWindow(deps: Dependencies, window: WindowIdentity): string[] {
  return [...windowUrls(deps, window), dueFile(deps.config, window.id)];
}

/** URLs that the `.win` file may have: Async may have changed since it was written. */
function windowUrls({ config }: Dependencies, { id }: WindowIdentity): string[] {
  return [...new Set([true, false].map((async) => windowFile(config, id, async)))];
}

async function writeOnce(deps: Dependencies, url: string, content: string): Promise<void> {
  try {
    await deps.objects.write(url, content, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
}

/** Content of the `.win` file, which names no parameters: a window contains files with different values. */
async function describeWindow(deps: Dependencies, window: WindowIdentity): Promise<{ url: string; content: string }> {
  const { config } = deps;
  const { dest, owner, startedMs, id } = window;
  const facts = await ruleFacts(deps, owner.ruleId);
  const transient = facts.rule?.dest.transient;
  const projectId = transient ? (transient.projectId ?? '') : config.projectId;
  const process = { ...processOf(config, { dest, owner, startedMs, rule: facts, projectId }), dest, params: {} };
  const url = windowFile(config, id, process.async);
  return { url, content: JSON.stringify(windowFields(processFields(config, process), url, window)) };
}
