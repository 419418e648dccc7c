import { dueFile, locationFile, WRITTEN_BY_BQTAIL, windowFile } from '../../journal/names';
import { processFields, windowFields } from '../../journal/processFile';
import { ObjectExistsError } from '../../objects/objectStore';
import type { Process } from '../../windows/process';
import { ruleFacts } from '../batch/ruleOf';
import type { WindowIdentity } from '../batch/windowIdentity';
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
export async function openWindow(marks: WindowIdentity, deps: Dependencies): Promise<OpenedWindow | undefined> {
  const start = await startUnderRollOver(marks, deps);
  const window = { ...marks.window, start: start ?? marks.window.start };
  const { url, content } = await describeWindow({ ...marks, window }, deps);
  await writeOnce(url, content, deps);
  return start === undefined ? undefined : { start };
}

/** Writes a `.loc` file for each folder of a window of many (spec 1, section 5.5). */
export async function markFolders(
  marks: WindowIdentity,
  folders: readonly string[],
  deps: Dependencies,
): Promise<void> {
  const { url } = await describeWindow(marks, deps);
  await Promise.all(folders.map((folder) => writeOnce(locationFile(url, folder), folder, deps)));
}

/** URLs of the `.loc` files of a window. */
export async function locationFiles(marks: WindowIdentity, deps: Dependencies): Promise<string[]> {
  const folders = windowUrls(marks, deps).map((url) => url.slice(0, -'.win'.length));
  const listed = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  return listed.flat().map(({ url }) => url);
}

/** Writes the file in the trigger bucket that tells that the window is due: the content of the `.win` file. */
export async function markDue(marks: WindowIdentity, deps: Dependencies): Promise<void> {
  const { content } = await describeWindow(marks, deps);
  await deps.objects.write(dueFile(deps.config, marks.window.id), content, {
    metadata: { [WRITTEN_BY_BQTAIL]: 'due' },
  });
}

/** URLs of the files of a window, which go when it closes. */
export function filesOfWindow(marks: WindowIdentity, deps: Dependencies): string[] {
  return [...windowUrls(marks, deps), dueFile(deps.config, marks.window.id)];
}

/** Where the `.win` file may lie: Async may have changed since it was written. */
function windowUrls({ window: { id } }: WindowIdentity, { config }: Dependencies): string[] {
  return [...new Set([true, false].map((async) => windowFile(config, id, async)))];
}

async function writeOnce(url: string, content: string, deps: Dependencies): Promise<void> {
  try {
    await deps.objects.write(url, content, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
}

async function describeWindow(marks: WindowIdentity, deps: Dependencies): Promise<{ url: string; content: string }> {
  const { config } = deps;
  const { rule, url: ruleUrl, async } = await ruleFacts(deps, marks.owner.ruleId);
  const transient = rule?.dest.transient;
  const process: Process = {
    dest: marks.dest,
    eventId: marks.owner.eventId,
    startedMs: marks.startedMs,
    source: marks.owner,
    ruleUrl,
    async,
    projectId: transient ? (transient.projectId ?? '') : config.projectId,
    params: {},
    stepCount: 0,
  };
  const url = windowFile(config, marks.window.id, process.async);
  return { url, content: JSON.stringify(windowFields(processFields(config, process), url, marks.window)) };
}
