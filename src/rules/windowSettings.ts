import type { WindowSettings } from '../windows/window';
import type { ExpandedDestination } from './destination';
import type { Rule } from './types';

/** Window length of a rule without DurationInSec, as in viant/bqtail. */
export const DEFAULT_WINDOW_SEC = 95;
/** Wait past due for late events when the folders are not listed (docs/compatibility.md#sealing). */
export const DEFAULT_SETTLE_SEC = 5;
/** viant/bqtail defines this minimum but never checks it, so a shorter window causes only a warning. */
export const SHORT_WINDOW_SEC = 10;

/**
 * How the files of a rule gather in windows; undefined for a rule without Batch, which loads each file by itself.
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
    usePatternHash: batch.usePatternHash,
    patternGroups: batch.usePatternHash ? patternGroups : undefined,
  };
}
