import type { WindowSettings } from '../windows/window';
import type { ExpandedDestination } from './destination';
import type { Rule } from './types';

/** Window length when a rule gives none (spec 1, section 2.4). */
export const DEFAULT_WINDOW_SEC = 95;
/** Wait past due for late announcements when the folders are not listed (design, 'Decided differences'). */
export const DEFAULT_SETTLE_SEC = 5;
/** The original knows this minimum but never checks it, so a shorter window is a warning here. */
export const SHORT_WINDOW_SEC = 10;

/**
 * How the files of a rule gather; undefined for a rule without Batch, which loads each file by itself.
 *
 * @example windowSettings(rule, expandDestination(rule, file)) // then windowOf(settings, file.url, file.updatedMs)
 */
export function windowSettings(
  rule: Rule,
  destination: Pick<ExpandedDestination, 'table' | 'patternGroups'>,
): WindowSettings | undefined {
  const { batch } = rule;
  if (batch === undefined) return undefined;
  const { patternGroups } = destination;
  return {
    dest: destination.table,
    suffix: rule.when.suffix,
    durationInSec: batch.window.durationInSec,
    multiPath: batch.multiPath,
    ...(batch.usePatternHash && { usePatternHash: true, ...(patternGroups !== undefined && { patternGroups }) }),
  };
}
