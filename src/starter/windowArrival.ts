import { expandDestination } from '../rules/destination';
import { sealsByListing } from '../rules/sealing';
import type { Rule } from '../rules/types';
import { windowSettings } from '../rules/windowSettings';
import type { FileEvent } from '../windows/fileEvent';
import { groupOf } from '../windows/group';
import { hash } from '../windows/hash';
import { type Window, windowOf } from '../windows/window';
import type { BatchLimits, BatchWindowInput } from '../workflows/contract';
import type { WindowArrival } from './workflowStarter';

const BYTES_A_MB = 1024 * 1024;

/** A file of a rule with Batch on its way into its window. */
export interface PlacedFile {
  readonly window: Window;
  readonly arrival: WindowArrival;
}

/**
 * The window of a file, and what it is started with; undefined for a rule without Batch.
 *
 * @throws NameInvalid when the destination cannot be named.
 */
export function placeFile(rule: Rule, event: FileEvent): PlacedFile | undefined {
  const { url, updatedMs } = event;
  const settings = windowSettings(rule, expandDestination(rule, event));
  if (!settings) return undefined;
  const window = windowOf(settings, url, updatedMs);
  const { group } = rule.batch ?? {};
  const file = group ? { ...event, group: groupOf(window.dest, group.durationInSec, updatedMs) } : event;
  return { window, arrival: { input: windowInput(rule, window), file, ruleUrl: rule.url } };
}

function windowInput(rule: Rule, window: Window): BatchWindowInput {
  const limits = limitsOf(rule);
  return {
    windowId: window.id,
    dest: window.dest,
    start: window.start,
    due: window.due,
    settleInSec: waitPastDue(rule, window.id),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(rule.batch?.multiPath ? { multiPath: true } : {}),
  };
}

function limitsOf({ batch }: Rule): BatchLimits {
  const { maxFiles, maxSizeInMb, until } = batch?.window ?? {};
  return {
    ...(maxFiles === undefined ? {} : { maxFiles }),
    ...(maxSizeInMb === undefined ? {} : { maxBytes: maxSizeInMb * BYTES_A_MB }),
    ...(until === undefined ? {} : { until: true }),
  };
}

/**
 * How long a window waits past due, in seconds: for late announcements, unless its folders are listed; up to MaxDelayInSec when
 * that is longer, so that windows of one duration do not all start at once (spec 1, section 5.5). The delay follows from the
 * window's ID: as good as random among windows, and always the same for one.
 */
export function waitPastDue(rule: Rule, windowId: string): number {
  const { window, maxDelayInSec = 0 } = rule.batch ?? {};
  const settle = sealsByListing(rule) ? 0 : (window?.settleInSec ?? 0);
  if (maxDelayInSec <= settle) return settle;
  const thousandths = Number(((hash(windowId) % 1000n) + 1000n) % 1000n);
  return settle + ((maxDelayInSec - settle) * thousandths) / 1000;
}
