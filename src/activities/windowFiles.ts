import { dueFile, OWN_MARK, windowFile } from '../journal/names';
import { processFields, type WindowTimes, windowFields } from '../journal/processFile';
import { ObjectExistsError } from '../objects/objectStore';
import type { Process } from '../windows/process';
import type { FileEvent } from '../workflows/contract';
import type { Dependencies } from './dependencies';
import { ruleOf } from './ruleOf';

/** Names a window and the file that owns it. */
export interface WindowMarks {
  readonly window: WindowTimes & { readonly id: string };
  readonly dest: string;
  readonly owner: FileEvent;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
}

/**
 * Writes the `.win` file, unless it is there from an attempt before.
 *
 * @throws ApplicationFailure `RuleMissing`, not to be retried.
 */
export async function openWindow(marks: WindowMarks, deps: Dependencies): Promise<void> {
  const { url, content } = await describeWindow(marks, deps);
  try {
    await deps.objects.write(url, content, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
}

/** Writes the file in the trigger bucket that tells that the window is due: the content of the `.win` file. */
export async function markDue(marks: WindowMarks, deps: Dependencies): Promise<void> {
  const { content } = await describeWindow(marks, deps);
  await deps.objects.write(dueFile(deps.config, marks.window.id), content, { metadata: { [OWN_MARK]: 'due' } });
}

/** URLs of the files of a window, which go when it closes. */
export function filesOfWindow(marks: WindowMarks, async: boolean, deps: Dependencies): string[] {
  return [windowFile(deps.config, marks.window.id, async), dueFile(deps.config, marks.window.id)];
}

async function describeWindow(marks: WindowMarks, deps: Dependencies): Promise<{ url: string; content: string }> {
  const { config } = deps;
  const rule = await ruleOf(deps, marks.owner.ruleId);
  const { transient } = rule.dest;
  const process: Process = {
    dest: marks.dest,
    eventId: marks.owner.eventId,
    startedMs: marks.startedMs,
    source: marks.owner,
    ruleUrl: rule.url,
    async: config.async ?? rule.async,
    projectId: transient ? (transient.projectId ?? '') : config.projectId,
    params: {},
    stepCount: 0,
  };
  const url = windowFile(config, marks.window.id, process.async);
  return { url, content: JSON.stringify(windowFields(processFields(config, process), url, marks.window)) };
}
