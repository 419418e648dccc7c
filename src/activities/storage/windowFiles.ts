import { dueFile, locationFile, WRITTEN_BY_BQTAIL, windowFile } from '../../journal/names';
import { processFields, windowFields } from '../../journal/processFile';
import { ObjectExistsError } from '../../objects/objectStore';
import type { Process } from '../../windows/process';
import type { WindowIdentity } from '../../windows/windowIdentity';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';
import { startUnderRollOver } from './rollOver';

/** A window that took over the one before it. */
export interface OpenedWindow {
  /** Unix seconds. */
  readonly start: number;
}

/**
 * Writes the `.win` file, unless it is there from an attempt before. A rule that is gone stops no window from gathering: it may
 * be back when the window is due.
 *
 * @returns the window's start when it is another than the window says.
 */
export async function openWindow(window: WindowIdentity, deps: Dependencies): Promise<OpenedWindow | undefined> {
  const start = (await startUnderRollOver(window, deps)) ?? window.start;
  const { url, content } = await describeWindow({ ...window, start }, deps);
  await writeOnce(url, content, deps);
  return start === undefined ? undefined : { start };
}

/** Writes a `.loc` file for each folder of a window of many (spec 1, section 5.5). */
export async function markFolders(
  window: WindowIdentity,
  folders: readonly string[],
  deps: Dependencies,
): Promise<void> {
  const { url } = await describeWindow(window, deps);
  await Promise.all(folders.map((folder) => writeOnce(locationFile(url, folder), folder, deps)));
}

/** URLs of the `.loc` files of a window. */
export async function locationFiles(window: WindowIdentity, deps: Dependencies): Promise<string[]> {
  const folders = windowUrls(window, deps).map((url) => url.slice(0, -'.win'.length));
  const listed = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  return listed.flat().map(({ url }) => url);
}

/** Writes the file in the trigger bucket that tells that the window is due: the content of the `.win` file. */
export async function markDue(window: WindowIdentity, deps: Dependencies): Promise<void> {
  const { content } = await describeWindow(window, deps);
  await deps.objects.write(dueFile(deps.config, window.id), content, {
    metadata: { [WRITTEN_BY_BQTAIL]: 'due' },
  });
}

/** URLs of the files of a window, which go when it closes. */
export function filesOfWindow(window: WindowIdentity, deps: Dependencies): string[] {
  return [...windowUrls(window, deps), dueFile(deps.config, window.id)];
}

/** Where the `.win` file may lie: Async may have changed since it was written. */
function windowUrls({ id }: WindowIdentity, { config }: Dependencies): string[] {
  return [...new Set([true, false].map((async) => windowFile(config, id, async)))];
}

async function writeOnce(url: string, content: string, deps: Dependencies): Promise<void> {
  try {
    await deps.objects.write(url, content, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
}

async function describeWindow(window: WindowIdentity, deps: Dependencies): Promise<{ url: string; content: string }> {
  const { config } = deps;
  const { rule, url: ruleUrl, async } = await ruleFacts(deps, window.owner.ruleId);
  const transient = rule?.dest.transient;
  const process: Process = {
    dest: window.dest,
    eventId: window.owner.eventId,
    startedMs: window.startedMs,
    source: window.owner,
    ruleUrl,
    async,
    projectId: transient ? (transient.projectId ?? '') : config.projectId,
    params: {},
    stepCount: 0,
  };
  const url = windowFile(config, window.id, process.async);
  return { url, content: JSON.stringify(windowFields(processFields(config, process), url, window)) };
}
