import { ApplicationFailure } from '@temporalio/common';
import type { ObjectChange } from '../objects/objectStore';
import type { ActionCall, ActionResult } from '../plan/circumstances';
import { expandAtRun } from '../plan/expandAtRun';
import type { Dependencies } from './dependencies';

/**
 * Deletes files in batches. Only the generation that was loaded goes: what overwrote a file meanwhile stays, to be loaded by
 * its own event. A file already gone counts as deleted.
 *
 * @throws ApplicationFailure `ActionFailed` when a file could not be deleted; retried where a retry can help.
 */
export async function deleteFiles({ step, circumstances }: ActionCall, deps: Dependencies): Promise<ActionResult> {
  const part = step.files ? (await deps.batchFiles.read(step.files.part)).files : [];
  const named = [step.request.URLs, step.request.SourceURL].flat();
  // The files of the batch go with their generation, others by name.
  const whole = named.some(isBatch);
  const others = named.filter((url) => typeof url === 'string' && !isBatch(url));
  const { URLs } = expandAtRun(
    { URLs: others.filter((url) => url !== undefined) },
    { ...circumstances, uris: part.map(({ url }) => url) },
  );
  const changes: ObjectChange[] = [
    ...(whole ? part.map(({ url, generation }) => ({ kind: 'delete' as const, url, generation })) : []),
    ...[URLs].flat().flatMap((url) => (typeof url === 'string' ? [{ kind: 'delete' as const, url }] : [])),
  ];
  const results = await deps.objects.change(changes);
  const failed = results.filter(({ error }) => error);
  const [first] = failed;
  if (!first?.error) return { files: changes.length };
  const message = `${failed.length} of ${changes.length} files were not deleted; the first: ${first.error.message}`;
  const denied = failed.every(({ error }) => error?.status === 403);
  if (denied)
    throw ApplicationFailure.nonRetryable(message, 'PermissionDenied', { files: failed.map(({ change }) => change) });
  throw ApplicationFailure.retryable(message, 'ActionFailed');
}

function isBatch(value: unknown): boolean {
  return typeof value === 'string' && /^\s*\$(?:LoadURIs|\{\s*LoadURIs\s*\})\s*$/.test(value);
}
