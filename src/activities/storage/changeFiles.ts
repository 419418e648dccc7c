import { classOf, isOutage } from '../../errorClass';
import { newFailure } from '../../failures';
import type { ObjectChange, ObjectChangeResult } from '../../objects/objectStore';
import type { Dependencies } from '../dependencies';
import { refusalType } from '../serviceFailure';

const SHOWN = 20;

/**
 * Makes the changes of an action, in batches. Changes that an earlier attempt has made count as made.
 *
 * @param changed participle for messages, e.g. `deleted`
 * @throws ApplicationFailure with the number of files that were not changed and the reasons; final when no retry can help any of
 *   them
 */
export async function changeFiles(
  deps: Pick<Dependencies, 'objects'>,
  changes: readonly ObjectChange[],
  changed: string,
): Promise<void> {
  const failed = (await deps.objects.change(changes)).filter(({ error }) => error);
  const [first] = failed;
  if (!first?.error) return;
  const message = `${failed.length} of ${changes.length} files were not ${changed}; the first: ${describe(first)}`;
  const files = failed.slice(0, SHOWN).map(describe);
  const details = { files };
  const errors = failed.flatMap(({ error }) => error ?? []);
  if (errors.some((error) => classOf(error) === 'longQuota')) throw newFailure('QuotaExceeded', message, { details });
  if (errors.some(isOutage)) throw newFailure('ActionFailed', message, { retry: true, details });
  const { status } = errors.find((error) => classOf(error) === 'permission') ?? first.error;
  throw newFailure(refusalType(status, 'ActionFailed'), message, { details });
}

function describe({ change, error }: ObjectChangeResult): string {
  return `${change.kind === 'move' ? `${change.from} to ${change.to}` : change.url}: ${error?.message}`;
}
