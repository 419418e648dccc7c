import { windowFile } from '../../journal/names';
import type { Rule } from '../../rules/types';
import { previousWindowId, rolledOverStart, type Window } from '../../windows/window';
import type { WindowIdentity } from '../../windows/windowIdentity';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';

/** The window with the start that its rule gives it. */
function nominal({ id, dest, start, due }: WindowIdentity, rule: Rule): Window {
  const duration = rule.batch?.window.durationInSec ?? due - start;
  return { id, dest, start: due - duration, due };
}

/**
 * Start of a window that takes over the time of the window before it, which was never opened; undefined when it keeps its own
 * start. A window that was loaded and closed has entries in the ledger.
 */
export async function startUnderRollOver(deps: Dependencies, window: WindowIdentity): Promise<number | undefined> {
  const { rule, async } = await ruleFacts(deps, window.owner.ruleId);
  if (!rule?.batch?.rollOver) return undefined;
  const own = nominal(window, rule);
  const start = rolledOverStart(own, window.owner.updatedMs);
  if (start === own.start) return undefined;
  const previous = previousWindowId(own);
  const [file, entries] = await Promise.all([
    deps.objects.read(windowFile(deps.config, previous, async)),
    deps.objects.list(deps.ledger.folder(window.dest, previous, rule.id), { recursive: false }),
  ]);
  return file === undefined && entries.length === 0 ? start : undefined;
}

/** ID of the window that was taken over; undefined when none was. */
export function takenOver(window: WindowIdentity, rule: Rule): string | undefined {
  const own = nominal(window, rule);
  return rule.batch?.rollOver && window.start < own.start ? previousWindowId(own) : undefined;
}
