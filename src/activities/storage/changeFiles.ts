import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../failures';
import type { ObjectChange, ObjectChangeResult } from '../../objects/objectStore';
import type { Dependencies } from '../dependencies';

const SHOWN = 20;
const PERMANENT = new Map<number, FailureType>([
  [401, 'PermissionDenied'],
  [403, 'PermissionDenied'],
  [404, 'NotFound'],
]);

/** Reasons of a 403 that passes. */
const BUSY = /\b(?:rateLimitExceeded|userRateLimitExceeded|quotaExceeded)\b/;

/**
 * Makes the changes of an action, in batches. What was changed before, by an attempt that died, counts as changed.
 *
 * @param changed what the files should have been, for messages: `deleted`.
 * @throws ApplicationFailure that tells how many files were not changed and why; not to be retried when no retry can mend
 * any of them.
 */
export async function changeFiles(
  changes: readonly ObjectChange[],
  changed: string,
  deps: Pick<Dependencies, 'objects'>,
): Promise<void> {
  const failed = (await deps.objects.change(changes)).filter(({ error }) => error);
  const [first] = failed;
  if (!first?.error) return;
  const message = `${failed.length} of ${changes.length} files were not ${changed}; the first: ${tell(first)}`;
  const files = failed.slice(0, SHOWN).map(tell);
  const type = PERMANENT.get(first.error.status);
  if (type && failed.every(({ error }) => PERMANENT.has(error?.status ?? 0) && !BUSY.test(error?.message ?? '')))
    throw ApplicationFailure.nonRetryable(message, type, { files });
  throw ApplicationFailure.retryable(message, 'ActionFailed', { files });
}

function tell({ change, error }: ObjectChangeResult): string {
  return `${change.kind === 'move' ? `${change.from} to ${change.to}` : change.url}: ${error?.message}`;
}
