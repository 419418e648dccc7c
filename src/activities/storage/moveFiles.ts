import type { ApplicationFailure } from '@temporalio/common';
import { newFailure } from '../../failures';
import { joinUrl, parseObjectUrl } from '../../objects/objectUrl';
import { expandAtRun } from '../../plan/expandAtRun';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import type { Dependencies } from '../dependencies';
import { changeFiles } from './changeFiles';
import { namedFiles } from './namedFiles';

/**
 * Moves files below DestURL with their whole path, or one file to exactly DestURL if IsDestAbsoluteURL is set. Only the generation
 * that was loaded is moved. A missing file counts as moved.
 *
 * @throws ApplicationFailure when a file could not be moved
 */
export async function moveFiles(deps: Dependencies, call: ActionCall): Promise<ActionResult> {
  const { step, context } = call;
  const { DestURL, IsDestAbsoluteURL } = expandAtRun(
    { DestURL: step.request.DestURL ?? '', IsDestAbsoluteURL: step.request.IsDestAbsoluteURL ?? false },
    context,
  );
  const files = await namedFiles(deps, call, ['SourceURLs', 'SourceURL']);
  const folder = String(DestURL);
  if (!/^gs:\/\/[^/]/.test(folder)) throw refused(`DestURL: found ${folder || 'nothing'}; allowed is gs://bucket/path`);
  const absolute = IsDestAbsoluteURL === true || IsDestAbsoluteURL === 'true';
  if (absolute && files.length > 1)
    throw refused(`IsDestAbsoluteURL: ${folder} takes one file; found ${files.length} files`);
  await changeFiles(
    deps,
    files.map(({ url, generation }) => ({
      kind: 'move',
      from: url,
      generation,
      to: absolute ? folder : joinUrl(folder, parseObjectUrl(url).name),
    })),
    'moved',
  );
  return { files: files.length };
}

function refused(what: string): ApplicationFailure {
  return newFailure('RuleInvalid', `move: ${what}`);
}
