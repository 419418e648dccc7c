import type { ActionCall, ActionResult } from '../../plan/stepContext';
import type { Dependencies } from '../dependencies';
import { changeFiles } from './changeFiles';
import { namedFiles } from './namedFiles';

/**
 * Deletes files in batches. Only the generation that was loaded is deleted: a newer one stays and is loaded by its own event. A
 * missing file counts as deleted.
 *
 * @throws ApplicationFailure when a file could not be deleted
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
