import { sealsByListing } from '../rules/sealing';
import type { Rule } from '../rules/types';
import type { FileEvent } from '../windows/fileEvent';
import { groupOf } from '../windows/group';
import { hash } from '../windows/hash';
import type { Window } from '../windows/window';
import type { BatchLimits, BatchWindowInput } from '../workflows/contract';

const BYTES_PER_MB = 1024 * 1024;

/** A file on its way into its window. */
export interface WindowArrival {
  readonly input: BatchWindowInput;
  readonly file: FileEvent;
  readonly ruleUrl: string;
}

/** A file for its window, with the input that starts the window's workflow if it does not run yet. */
export function windowArrival(rule: Rule, event: FileEvent, window: Window): WindowArrival {
  const { group } = rule.batch ?? {};
  const file = { ...event, group: group && groupOf(window.dest, group.durationInSec, event.updatedMs) };
  return { input: windowInput(rule, window), file, ruleUrl: rule.url };
}

function windowInput(rule: Rule, window: Window): BatchWindowInput {
  return {
    windowId: window.id,
    dest: window.dest,
    start: window.start,
    due: window.due,
    settleInSec: waitPastDue(rule, window.id),
    limits: limitsOf(rule),
    multiPath: rule.batch?.multiPath ? true : undefined,
  };
}

function limitsOf({ batch }: Rule): BatchLimits {
  const { maxFiles, maxSizeInMb, until } = batch?.window ?? {};
  return {
    maxFiles,
    maxBytes: maxSizeInMb === undefined ? undefined : maxSizeInMb * BYTES_PER_MB,
    until: until === undefined ? undefined : true,
  };
}

/**
 * How long a window waits past due, in seconds: SettleInSec for late events, or 0 when its folders are listed at due.
 * A longer MaxDelayInSec spreads the loads of windows that are due at the same time: each waits for some time up to that limit.
 * The time is derived from the window's ID, so a window always waits equally long.
 */
export function waitPastDue(rule: Rule, windowId: string): number {
  const { window, maxDelayInSec = 0 } = rule.batch ?? {};
  const settle = sealsByListing(rule) ? 0 : (window?.settleInSec ?? 0);
  if (maxDelayInSec <= settle) return settle;
  const thousandths = Number(((hash(windowId) % 1000n) + 1000n) % 1000n);
  return settle + ((maxDelayInSec - settle) * thousandths) / 1000;
}
