import { isOutage } from '../../errorClass';
import { newFailure } from '../../failures';
import type { ObjectChange, ObjectChangeResult } from '../../objects/objectStore';
import type { Dependencies } from '../dependencies';
import { refusalType } from '../serviceFailure';

const SHOWN = 20;

/**
 * Makes the changes of an action, in batches. What was changed before, by an attempt that died, counts as changed.
 *
 * @param changed what the files should have been, for messages: `deleted`.
 * @throws ApplicationFailure that tells how many files were not changed and why; not to be retried when no retry can mend
 * any of them.
 */
export async function changeFiles(
  deps: Pick<Dependencies, 'objects'>,
  changes: readonly ObjectChange[],
  changed: string,
): Promise<void> {
  const failed = (await deps.objects.change(changes)).filter(({ error }) => error);
  const [first] = failed;
  if (!first?.error) return;
  const message = `${failed.length} of ${changes.length} files were not ${changed}; the first: ${tell(first)}`;
  const files = failed.slice(0, SHOWN).map(tell);
  if (failed.every(({ error }) => error && !isOutage(error)))
    throw newFailure(refusalType(first.error.status, 'ActionFailed'), message, { details: { files } });
  throw newFailure('ActionFailed', message, { retry: true, details: { files } });
}

function tell({ change, error }: ObjectChangeResult): string {
  return `${change.kind === 'move' ? `${change.from} to ${change.to}` : change.url}: ${error?.message}`;
}
