import { ApplicationFailure } from '@temporalio/common';
import type { ObjectChange } from '../objects/objectStore';
import type { ActionStep } from '../plan/plan';
import type { Dependencies } from './dependencies';

/**
 * Deletes files in batches. Only the generation that was loaded goes: what overwrote a file meanwhile stays, to be loaded by
 * its own event. A file already gone counts as deleted.
 *
 * @throws ApplicationFailure `ActionFailed` when a file could not be deleted; retried where a retry can help.
 */
export async function deleteFiles(step: ActionStep, deps: Dependencies): Promise<{ readonly deleted: number }> {
  const part = step.files ? (await deps.batchFiles.read(step.files.part)).files : [];
  const changes: ObjectChange[] = [
    ...part.map(({ url, generation }) => ({ kind: 'delete' as const, url, generation })),
    ...step.urls.map((url) => ({ kind: 'delete' as const, url })),
  ];
  const results = await deps.objects.change(changes);
  const failed = results.filter(({ error }) => error);
  const [first] = failed;
  if (!first?.error) return { deleted: changes.length };
  const message = `${failed.length} of ${changes.length} files were not deleted; the first: ${first.error.message}`;
  const denied = failed.every(({ error }) => error?.status === 403);
  if (denied)
    throw ApplicationFailure.nonRetryable(message, 'PermissionDenied', { files: failed.map(({ change }) => change) });
  throw ApplicationFailure.retryable(message, 'ActionFailed');
}
