import { ledgerFolder, windowFile } from '../../journal/names';
import type { Rule } from '../../rules/types';
import { previousWindowId, rolledOverStart, type Window } from '../../windows/window';
import { ruleFacts } from '../batch/ruleOf';
import type { WindowIdentity } from '../batch/windowIdentity';
import type { Dependencies } from '../dependencies';

/** The window by its ID, whatever start it has now. */
function nominal({ window, dest }: WindowIdentity, rule: Rule): Window {
  const duration = rule.batch?.window.durationInSec ?? window.due - window.start;
  return { id: window.id, dest, start: window.due - duration, due: window.due };
}

/**
 * Start of a window that takes over the one before it, which nobody has opened (spec 1, section 5.3); undefined when it keeps
 * its own. A window that was loaded and closed has left parts in the ledger.
 */
export async function startUnderRollOver(marks: WindowIdentity, deps: Dependencies): Promise<number | undefined> {
  const { rule, async } = await ruleFacts(deps, marks.owner.ruleId);
  if (!rule?.batch?.rollOver) return undefined;
  const window = nominal(marks, rule);
  const start = rolledOverStart(window, marks.owner.updatedMs);
  if (start === window.start) return undefined;
  const previous = previousWindowId(window);
  const [file, parts] = await Promise.all([
    deps.objects.read(windowFile(deps.config, previous, async)),
    deps.objects.list(ledgerFolder(deps.config, marks.dest, previous, rule.id), { recursive: false }),
  ]);
  return file === undefined && parts.length === 0 ? start : undefined;
}

/** ID of the window that was taken over; undefined when none was. */
export function takenOver(marks: WindowIdentity, rule: Rule): string | undefined {
  const window = nominal(marks, rule);
  return rule.batch?.rollOver && marks.window.start < window.start ? previousWindowId(window) : undefined;
}
