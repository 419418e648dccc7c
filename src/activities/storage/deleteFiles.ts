import type { ActionCall, ActionResult } from '../../plan/stepContext';
import type { Dependencies } from '../dependencies';
import { changeFiles } from './changeFiles';
import { namedFiles } from './namedFiles';

/**
 * Deletes files in batches. Only the generation that was loaded goes: what overwrote a file meanwhile stays, to be loaded by
 * its own event. A file already gone counts as deleted.
 *
 * @throws ApplicationFailure when a file could not be deleted; retried where a retry can help.
 */
export async function deleteFiles(call: ActionCall, deps: Dependencies): Promise<ActionResult> {
  const files = await namedFiles(call, ['URLs', 'SourceURL'], deps);
  await changeFiles(
    files.map((file) => ({ kind: 'delete', ...file })),
    'deleted',
    deps,
  );
  return { files: files.length };
}
