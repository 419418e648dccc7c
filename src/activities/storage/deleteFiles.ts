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
export async function deleteFiles(deps: Dependencies, call: ActionCall): Promise<ActionResult> {
  const files = await namedFiles(deps, call, ['URLs', 'SourceURL']);
  await changeFiles(
    deps,
    files.map((file) => ({ kind: 'delete', ...file })),
    'deleted',
  );
  return { files: files.length };
}
